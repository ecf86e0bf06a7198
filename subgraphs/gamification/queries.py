"""What gamification can be asked. Who plays how well is public.

Batched queries answer for many players with one statement; their answers are mappings, and whoever has earned
nothing yet is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.gamification.domain.badge_evaluator import BadgeType
from subgraphs.gamification.domain.period import LeaderboardType, Period
from subgraphs.gamification.domain.streak import Streak
from subgraphs.gamification.domain.values import SourceType
from subgraphs.gamification.tables import badge, leaderboard, player, xp_transaction
from subgraphs.kernel.application.buses import QueryBus, QueryError
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.policies import anyone
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Clock, DomainError

LARGEST_LEADERBOARD: Final = 100
INVALID_LIMIT: Final = DomainError("INVALID_LIMIT", f"limit must be 1 to {LARGEST_LEADERBOARD}", "limit")


@dataclass(frozen=True, slots=True)
class PlayerView:
    total_xp: int = 0
    streak_days: int = 0
    longest_streak: int = 0


@dataclass(frozen=True, slots=True)
class BadgeView:
    badge: BadgeType
    unlocked_at: datetime


@dataclass(frozen=True, slots=True)
class XpTransactionView:
    id: str
    amount: int
    reason: str
    source_type: SourceType
    source_id: str
    earned_at: datetime


@dataclass(frozen=True, slots=True)
class EntryView:
    """A line of a leaderboard. Players with the same XP share a rank, and the next rank is left out."""

    rank: int
    player_id: str
    xp: int
    level: int


@dataclass(frozen=True, slots=True)
class PlayerStats(Query[Mapping[str, PlayerView]]):
    """How many players stand."""

    player_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Badges(Query[Mapping[str, Sequence[BadgeView]]]):
    """The badges of many players, in the order in which they were unlocked."""

    player_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecentXp(Query[Mapping[str, Sequence[XpTransactionView]]]):
    """The latest entries in many players' ledgers, latest first. QueryError unless limit is 1 to 100."""

    player_ids: tuple[str, ...]
    limit: int


@dataclass(frozen=True, slots=True)
class Ranks(Query[Mapping[str, int]]):
    """The ranks of many players on the current leaderboard of a type."""

    player_ids: tuple[str, ...]
    type: LeaderboardType


@dataclass(frozen=True, slots=True)
class Leaderboard(Query[tuple[EntryView, ...]]):
    """Who has earned most this week, this month, or ever. QueryError unless limit is 1 to 100."""

    type: LeaderboardType
    limit: int


def register(bus: QueryBus, *, clock: Clock) -> None:
    """Register every query with its handler. The clock says which week and month it is."""
    answers = _CurrentAnswers(clock)
    bus.register(PlayerStats, answers.player_stats, allow=anyone)
    bus.register(Ranks, answers.ranks, allow=anyone)
    bus.register(Leaderboard, answers.leaderboard, allow=anyone)
    bus.register(Badges, badges, allow=anyone)
    bus.register(RecentXp, recent_xp, allow=anyone)


@dataclass(frozen=True, slots=True)
class _CurrentAnswers:
    """The handlers whose answers depend on the day."""

    clock: Clock

    async def player_stats(
        self, query: PlayerStats, connection: AsyncConnection, _request: RequestContext
    ) -> Mapping[str, PlayerView]:
        rows = await connection.execute(select(player).where(player.c.id.in_(query.player_ids)))
        return {
            row.id: PlayerView(
                row.total_xp,
                Streak(row.streak_days, row.longest_streak, row.last_active_day).days_as_of(self._today()),
                row.longest_streak,
            )
            for row in rows
        }

    async def ranks(
        self, query: Ranks, connection: AsyncConnection, _request: RequestContext
    ) -> Mapping[str, int]:
        period = Period.containing(self._today(), query.type)
        ranked = (
            select(leaderboard.c.player_id, func.rank().over(order_by=leaderboard.c.xp.desc()).label("rank"))
            .where(leaderboard.c.type == period.type, leaderboard.c.period_starts_on == period.starts_on)
            .subquery()
        )
        rows = await connection.execute(select(ranked).where(ranked.c.player_id.in_(query.player_ids)))
        return {row.player_id: row.rank for row in rows}

    async def leaderboard(
        self, query: Leaderboard, connection: AsyncConnection, _request: RequestContext
    ) -> tuple[EntryView, ...]:
        period = Period.containing(self._today(), query.type)
        rows = await connection.execute(
            select(
                func.rank().over(order_by=leaderboard.c.xp.desc()),
                leaderboard.c.player_id,
                leaderboard.c.xp,
                player.c.level,
            )
            .join(player, player.c.id == leaderboard.c.player_id)
            .where(leaderboard.c.type == period.type, leaderboard.c.period_starts_on == period.starts_on)
            .order_by(leaderboard.c.xp.desc(), leaderboard.c.player_id)
            .limit(_checked(query.limit))
        )
        return tuple(EntryView(*row) for row in rows)

    def _today(self) -> date:
        return self.clock.now().date()


async def badges(
    query: Badges, connection: AsyncConnection, _request: RequestContext
) -> Mapping[str, Sequence[BadgeView]]:
    rows = await connection.execute(
        select(badge)
        .where(badge.c.player_id.in_(query.player_ids))
        .order_by(badge.c.unlocked_at, badge.c.badge)
    )
    groups: dict[str, list[BadgeView]] = {}
    for row in rows:
        groups.setdefault(row.player_id, []).append(BadgeView(BadgeType(row.badge), row.unlocked_at))
    return groups


async def recent_xp(
    query: RecentXp, connection: AsyncConnection, _request: RequestContext
) -> Mapping[str, Sequence[XpTransactionView]]:
    latest_first = (xp_transaction.c.earned_at.desc(), xp_transaction.c.id)
    place = func.row_number().over(partition_by=xp_transaction.c.player_id, order_by=latest_first)
    numbered = (
        select(xp_transaction, place.label("place"))
        .where(xp_transaction.c.player_id.in_(query.player_ids))
        .subquery()
    )
    rows = await connection.execute(
        select(numbered).where(numbered.c.place <= _checked(query.limit)).order_by(numbered.c.place)
    )
    groups: dict[str, list[XpTransactionView]] = {}
    for row in rows:
        view = XpTransactionView(
            row.id, row.amount, row.reason, SourceType(row.source_type), row.source_id, row.earned_at
        )
        groups.setdefault(row.player_id, []).append(view)
    return groups


def _checked(limit: int) -> int:
    if not 1 <= limit <= LARGEST_LEADERBOARD:
        raise QueryError(INVALID_LIMIT)
    return limit
