"""How players stand: experience, streaks, places, badges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.gamification.domain.badge_evaluator import BadgeType
from subgraphs.gamification.domain.calendar import day_of
from subgraphs.gamification.domain.period import LeaderboardType, Period
from subgraphs.gamification.domain.streak import Streak
from subgraphs.gamification.domain.values import SourceType
from subgraphs.gamification.projections import PLAYERS
from subgraphs.gamification.tables import earned_xp, leaderboard, standing, unlocked_badge
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Clock
from subgraphs.kernel.projections import Tables, live_tables


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
class PlayerView:
    """How a player stands, with what was wanted besides."""

    total_xp: int = 0
    streak_days: int = 0
    longest_streak: int = 0
    ranks: Mapping[LeaderboardType, int] = field(default_factory=dict)
    badges: Sequence[BadgeView] = ()
    recent_xp: Sequence[XpTransactionView] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of players besides their XP and streaks: places, badges, so many entries of XP."""

    ranks: frozenset[LeaderboardType] = frozenset()
    badges: bool = False
    recent_xp: int = 0


@dataclass(frozen=True, slots=True)
class PlayerStats(Query[Mapping[str, PlayerView]]):
    """How many players stand, all of it as of one moment."""

    player_ids: tuple[str, ...]
    wanted: Wanted = Wanted()


@dataclass(frozen=True, slots=True)
class Badges(Query[Mapping[str, Sequence[BadgeView]]]):
    """The badges of many players, in the order in which they were unlocked."""

    player_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlayersAnswered:
    """Answers PlayerStats: whether a streak goes on, and which week and month it is, depends on the day."""

    clock: Clock

    async def __call__(
        self, query: PlayerStats, connection: AsyncConnection, _request: RequestContext
    ) -> Mapping[str, PlayerView]:
        tables, ids, wanted = await live_tables(connection, PLAYERS), query.player_ids, query.wanted
        table, now = tables[standing], self.clock.now()
        today = now.date()
        ranks = {
            one: await _ranks(connection, tables, ids, Period.containing(today, one)) for one in wanted.ranks
        }
        unlocked = await _badges(connection, tables, ids) if wanted.badges else {}
        recent = await _recent_xp(connection, tables, ids, wanted.recent_xp) if wanted.recent_xp else {}
        rows = await connection.execute(select(table).where(table.c.player_id.in_(ids)))
        return {
            row.player_id: PlayerView(
                row.total_xp,
                Streak(row.streak_days, row.longest_streak, row.last_active_day).days_as_of(
                    day_of(now, row.time_zone)
                ),
                row.longest_streak,
                {one: places[row.player_id] for one, places in ranks.items() if row.player_id in places},
                unlocked.get(row.player_id, ()),
                recent.get(row.player_id, ()),
            )
            for row in rows
        }


async def badges(
    query: Badges, connection: AsyncConnection, _request: RequestContext
) -> Mapping[str, Sequence[BadgeView]]:
    return await _badges(connection, await live_tables(connection, PLAYERS), query.player_ids)


async def _badges(
    connection: AsyncConnection, tables: Tables, player_ids: Sequence[str]
) -> Mapping[str, Sequence[BadgeView]]:
    badge = tables[unlocked_badge]
    rows = await connection.execute(
        select(badge).where(badge.c.player_id.in_(player_ids)).order_by(badge.c.unlocked_at, badge.c.badge)
    )
    groups: dict[str, list[BadgeView]] = {}
    for row in rows:
        groups.setdefault(row.player_id, []).append(BadgeView(BadgeType(row.badge), row.unlocked_at))
    return groups


async def _ranks(
    connection: AsyncConnection, tables: Tables, player_ids: Sequence[str], period: Period
) -> Mapping[str, int]:
    board = tables[leaderboard]
    ranked = (
        select(board.c.player_id, func.rank().over(order_by=board.c.xp.desc()).label("rank"))
        .where(board.c.type == period.type, board.c.period_starts_on == period.starts_on)
        .subquery()
    )
    rows = await connection.execute(select(ranked).where(ranked.c.player_id.in_(player_ids)))
    return {row.player_id: row.rank for row in rows}


async def _recent_xp(
    connection: AsyncConnection, tables: Tables, player_ids: Sequence[str], limit: int
) -> Mapping[str, Sequence[XpTransactionView]]:
    earned = tables[earned_xp]
    latest_first = (earned.c.earned_at.desc(), earned.c.id)
    place = func.row_number().over(partition_by=earned.c.player_id, order_by=latest_first)
    numbered = select(earned, place.label("place")).where(earned.c.player_id.in_(player_ids)).subquery()
    rows = await connection.execute(
        select(numbered).where(numbered.c.place <= limit).order_by(numbered.c.place)
    )
    groups: dict[str, list[XpTransactionView]] = {}
    for row in rows:
        view = XpTransactionView(
            row.id, row.amount, row.reason, SourceType(row.source_type), row.source_id, row.earned_at
        )
        groups.setdefault(row.player_id, []).append(view)
    return groups
