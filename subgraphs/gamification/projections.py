"""The read model: how players stand, what they have earned, and the leaderboards.

It follows gamification's own events. XP counts for the week and the month in which it was earned, however
late the news of it arrives.
"""

from collections.abc import Mapping
from datetime import UTC
from typing import Any, Final

from sqlalchemy import delete, insert
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.gamification.domain.events import (
    BadgeUnlocked,
    PlayerForgotten,
    PlayerMoved,
    StreakUpdated,
    XpEarned,
)
from subgraphs.gamification.domain.level_calculator import level_for
from subgraphs.gamification.domain.period import periods_of
from subgraphs.gamification.domain.streak import Streak
from subgraphs.gamification.event_log import EVENTS
from subgraphs.gamification.subscriptions import AWARD, AWARD_XP, STREAKS
from subgraphs.gamification.tables import earned_xp, leaderboard, standing, unlocked_badge
from subgraphs.kernel.projections import Entry, EventLog, Projection, Tables

PLAYERS: Final = Projection(
    "gamification.players",
    version=2,
    sources=[EventLog(EVENTS)],
    tables=[standing, unlocked_badge, earned_xp, leaderboard],
    through=[AWARD_XP, AWARD, STREAKS],
)

_NEWCOMER: Final[Mapping[str, Any]] = {
    "total_xp": 0,
    "level": 1,
    "streak_days": 0,
    "longest_streak": 0,
    "last_active_day": None,
    "time_zone": "UTC",
}


@PLAYERS.on(XpEarned)
async def xp_earned(entry: Entry[XpEarned], tables: Tables, connection: AsyncConnection) -> None:
    event = entry.event
    new = {"total_xp": event.total_xp, "level": level_for(event.total_xp).number}
    await connection.execute(
        upsert(tables[standing])
        .values({**_NEWCOMER, **new, "player_id": str(event.player_id)})
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
    await _set(tables, str(entry.event.player_id), _columns(entry.event.streak), connection)


@PLAYERS.on(PlayerMoved)
async def player_moved(entry: Entry[PlayerMoved], tables: Tables, connection: AsyncConnection) -> None:
    new = {**_columns(entry.event.streak), "time_zone": entry.event.time_zone}
    await _set(tables, str(entry.event.player_id), new, connection)


@PLAYERS.on(PlayerForgotten)
async def player_forgotten(
    entry: Entry[PlayerForgotten], tables: Tables, connection: AsyncConnection
) -> None:
    for template in (standing, unlocked_badge, earned_xp, leaderboard):
        table = tables[template]
        await connection.execute(delete(table).where(table.c.player_id == str(entry.event.player_id)))


@PLAYERS.on(BadgeUnlocked)
async def badge_unlocked(entry: Entry[BadgeUnlocked], tables: Tables, connection: AsyncConnection) -> None:
    await connection.execute(
        insert(tables[unlocked_badge]).values(
            player_id=str(entry.event.player_id),
            badge=entry.event.badge,
            unlocked_at=entry.event.occurred_at,
        )
    )


def _columns(streak: Streak) -> dict[str, Any]:
    return {
        "streak_days": streak.days,
        "longest_streak": streak.longest,
        "last_active_day": streak.last_day,
    }


async def _set(tables: Tables, player_id: str, new: Mapping[str, Any], connection: AsyncConnection) -> None:
    """Whoever has no XP yet may have a streak already."""
    row = upsert(tables[standing]).values({**_NEWCOMER, **new, "player_id": player_id})
    await connection.execute(row.on_conflict_do_update(index_elements=["player_id"], set_=dict(new)))
