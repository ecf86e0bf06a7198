"""The read model: how players stand, what they have earned, and the leaderboards.

It follows gamification's own events. XP counts for the week and the month in which it was earned, however
late the news of it arrives.
"""

from datetime import UTC
from typing import Final

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.gamification.domain.events import BadgeUnlocked, StreakUpdated, XpEarned
from subgraphs.gamification.domain.level_calculator import level_for
from subgraphs.gamification.domain.period import periods_of
from subgraphs.gamification.event_log import EVENTS
from subgraphs.gamification.subscriptions import AWARD_XP
from subgraphs.gamification.tables import earned_xp, leaderboard, standing, unlocked_badge
from subgraphs.kernel.projections import Entry, EventLog, Projection, Tables

PLAYERS: Final = Projection(
    "gamification.players",
    version=1,
    sources=[EventLog(EVENTS)],
    tables=[standing, unlocked_badge, earned_xp, leaderboard],
    through=[AWARD_XP],
)


@PLAYERS.on(XpEarned)
async def xp_earned(entry: Entry[XpEarned], tables: Tables, connection: AsyncConnection) -> None:
    event = entry.event
    new = {"total_xp": event.total_xp, "level": level_for(event.total_xp).number}
    await connection.execute(
        upsert(tables[standing])
        .values(player_id=str(event.player_id), streak_days=0, longest_streak=0, **new)
        .on_conflict_do_update(index_elements=["player_id"], set_=new)
    )
    await connection.execute(
        insert(tables[earned_xp]).values(
            id=entry.id,
            player_id=str(event.player_id),
            source_type=event.source.type,
            source_id=event.source.id,
            amount=event.amount.points,
            reason=event.reason,
            earned_at=event.occurred_at,
        )
    )
    places = [
        {
            "type": period.type,
            "period_starts_on": period.starts_on,
            "player_id": str(event.player_id),
            "xp": event.amount.points,
        }
        for period in periods_of(event.occurred_at.astimezone(UTC).date())
    ]
    row = upsert(tables[leaderboard])
    await connection.execute(
        row.on_conflict_do_update(
            index_elements=["type", "period_starts_on", "player_id"],
            set_={"xp": tables[leaderboard].c.xp + row.excluded.xp},
        ),
        places,
    )


@PLAYERS.on(StreakUpdated)
async def streak_updated(entry: Entry[StreakUpdated], tables: Tables, connection: AsyncConnection) -> None:
    streak, table = entry.event.streak, tables[standing]
    await connection.execute(
        table.update()
        .where(table.c.player_id == str(entry.event.player_id))
        .values(streak_days=streak.days, longest_streak=streak.longest, last_active_day=streak.last_day)
    )


@PLAYERS.on(BadgeUnlocked)
async def badge_unlocked(entry: Entry[BadgeUnlocked], tables: Tables, connection: AsyncConnection) -> None:
    await connection.execute(
        insert(tables[unlocked_badge]).values(
            player_id=str(entry.event.player_id),
            badge=entry.event.badge,
            unlocked_at=entry.event.occurred_at,
        )
    )
