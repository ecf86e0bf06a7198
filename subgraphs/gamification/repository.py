"""Players and the ledger of their XP in the database.

A save also appends what has happened to the event log and publishes what other contexts may know of it, in
the transaction of the unit of work.
"""

from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts import gamification as contract
from subgraphs.gamification import tables
from subgraphs.gamification.domain.badge_evaluator import BadgeType
from subgraphs.gamification.domain.events import (
    BadgeUnlocked,
    LevelUp,
    QuestCompleted,
    StreakUpdated,
    XpEarned,
)
from subgraphs.gamification.domain.player import PlayerProfile
from subgraphs.gamification.domain.quests import DailyQuests, QuestType
from subgraphs.gamification.domain.streak import Streak
from subgraphs.gamification.domain.values import PlayerId, Source
from subgraphs.gamification.event_log import EVENTS, stream_of
from subgraphs.kernel.domain import DomainEvent
from subgraphs.kernel.store.event_store import Expected, NewEvent
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned

_LEDGER: Final = tables.xp_transaction
_PLAYER: Final[BindParameter[str]] = bindparam("player")
_AWARDED: Final = select(_LEDGER.c.amount).where(
    _LEDGER.c.player_id == _PLAYER, _LEDGER.c.source_id == bindparam("source")
)
_PLAYER_WITH_BADGES: Final = (
    select(tables.player, tables.badge.c.badge)
    .outerjoin(tables.badge, tables.badge.c.player_id == tables.player.c.id)
    .where(tables.player.c.id == _PLAYER)
)
_QUESTS: Final = tables.quest_progress
_LAST_QUESTS: Final = select(_QUESTS).where(
    _QUESTS.c.player_id == _PLAYER,
    _QUESTS.c.day == select(func.max(_QUESTS.c.day)).where(_QUESTS.c.player_id == _PLAYER).scalar_subquery(),
)
_NEW_QUESTS: Final = insert(_QUESTS)
_KEEP_QUESTS: Final = _NEW_QUESTS.on_conflict_do_update(
    index_elements=["player_id", "day", "quest"],
    set_={
        "progress": _NEW_QUESTS.excluded.progress,
        "is_completed": _NEW_QUESTS.excluded.is_completed,
    },
)


async def awarded(connection: AsyncConnection, player_id: PlayerId, source: Source) -> int | None:
    """How much this player has in the ledger for this source; None without an entry."""
    return await connection.scalar(_AWARDED, {"player": str(player_id), "source": source.id})


async def find_or_new_player(connection: AsyncConnection, player_id: PlayerId) -> PlayerProfile:
    """The player; one who has earned nothing, and is not stored yet, when there is none."""
    rows = (await connection.execute(_PLAYER_WITH_BADGES, {"player": str(player_id)})).all()
    if not rows:
        return PlayerProfile(id=player_id)
    row, quests = rows[0], await _last_quests(connection, player_id)
    return PlayerProfile(
        id=player_id,
        version=row.version,
        total_xp=row.total_xp,
        streak=Streak(row.streak_days, row.longest_streak, row.last_active_day),
        streak_before=Streak(row.days_before, row.days_before, row.last_day_before),
        badges=frozenset(BadgeType(each.badge) for each in rows if each.badge),
        time_zone=row.time_zone,
        quests=quests,
        quests_completed=row.quests_completed,
        is_forgotten=row.is_forgotten,
    )


async def _last_quests(connection: AsyncConnection, player_id: PlayerId) -> DailyQuests | None:
    rows = (await connection.execute(_LAST_QUESTS, {"player": str(player_id)})).all()
    if not rows:
        return None
    progress = {QuestType(row.quest): row.progress for row in rows}
    ordered = {quest: progress[quest] for quest in QuestType if quest in progress}
    done = frozenset(QuestType(row.quest) for row in rows if row.is_completed)
    return DailyQuests(rows[0].day, ordered, done)


async def save_player(work: UnitOfWork, player: PlayerProfile) -> None:
    """Store a new or changed player. ConcurrencyConflict when it was changed meanwhile."""
    values: dict[str, Any] = {
        "total_xp": player.total_xp,
        "level": player.level,
        "streak_days": player.streak.days,
        "longest_streak": player.streak.longest,
        "last_active_day": player.streak.last_day,
        "days_before": player.streak_before.days,
        "last_day_before": player.streak_before.last_day,
        "time_zone": player.time_zone,
        "quests_completed": player.quests_completed,
        "is_forgotten": player.is_forgotten,
    }
    await save_versioned(work, tables.player, player, values)
    if player.quests is not None:
        await _save_quests(work.connection, player.id, player.quests)
    happened = [NewEvent(event, work.describe(str(player.id))) for event in player.pull_events()]
    for one in happened:
        await _insert_earned(work.connection, one)
        _publish(one.event, work)
    if happened:
        stream = stream_of(player.id)
        await EVENTS.append(work.connection, stream, happened, expected=Expected.ANYWHERE)
        work.appended(happened[-1].metadata.event_id)


async def _save_quests(connection: AsyncConnection, player_id: PlayerId, quests: DailyQuests) -> None:
    await connection.execute(
        _KEEP_QUESTS,
        [
            {
                "player_id": str(player_id),
                "day": quests.day,
                "quest": quest,
                "progress": progress,
                "is_completed": quest in quests.completed,
            }
            for quest, progress in quests.progress.items()
        ],
    )


async def _insert_earned(connection: AsyncConnection, new: NewEvent) -> None:
    match new.event:
        case XpEarned() as event:
            await connection.execute(
                insert(tables.xp_transaction),
                {
                    "id": new.metadata.event_id,
                    "player_id": str(event.player_id),
                    "source_type": event.source.type,
                    "source_id": event.source.id,
                    "amount": event.amount.points,
                    "reason": event.reason,
                    "earned_at": event.occurred_at,
                },
            )
        case BadgeUnlocked() as event:
            await connection.execute(
                insert(tables.badge),
                {
                    "player_id": str(event.player_id),
                    "badge": event.badge,
                    "unlocked_at": event.occurred_at,
                },
            )


def _publish(event: DomainEvent, work: UnitOfWork) -> None:
    match event:
        case XpEarned():
            work.publish(
                contract.XpEarned(
                    user_id=str(event.player_id),
                    amount=event.amount.points,
                    reason=event.reason,
                    total_xp=event.total_xp,
                    earned_at=event.occurred_at,
                ),
                key=str(event.player_id),
            )
        case LevelUp():
            work.publish(
                contract.LevelUp(
                    user_id=str(event.player_id), level=event.level, reached_at=event.occurred_at
                ),
                key=str(event.player_id),
            )
        case BadgeUnlocked():
            work.publish(
                contract.BadgeUnlocked(
                    user_id=str(event.player_id), badge=event.badge, unlocked_at=event.occurred_at
                ),
                key=str(event.player_id),
            )
        case StreakUpdated():
            work.publish(
                contract.StreakUpdated(
                    user_id=str(event.player_id),
                    days=event.streak.days,
                    longest=event.streak.longest,
                    updated_at=event.occurred_at,
                ),
                key=str(event.player_id),
            )
        case QuestCompleted():
            work.publish(
                contract.QuestCompleted(
                    user_id=str(event.player_id), quest=event.quest, completed_at=event.occurred_at
                ),
                key=str(event.player_id),
            )
