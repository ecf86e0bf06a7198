"""What gamification can be asked. Who plays how well is public.

Batched queries answer for many players with one statement; their answers are mappings, and whoever has earned
nothing yet is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.gamification.domain.badge_evaluator import BadgeType
from subgraphs.gamification.domain.calendar import day_of
from subgraphs.gamification.domain.period import LeaderboardType, Period
from subgraphs.gamification.domain.quests import QUESTS, QuestType, quest_id
from subgraphs.gamification.domain.streak import Streak
from subgraphs.gamification.domain.values import PlayerId, SourceType
from subgraphs.gamification.projections import PLAYERS
from subgraphs.gamification.repository import find_or_new_player
from subgraphs.gamification.tables import earned_xp, leaderboard, standing, unlocked_badge
from subgraphs.kernel.application.buses import QueryBus, QueryError
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.policies import anyone, authenticated
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.cache.answers import WholeAnswer
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.domain import Clock, DomainError
from subgraphs.kernel.projections import Tables, live_tables

LARGEST_LEADERBOARD: Final = 100
INVALID_LIMIT: Final = DomainError("INVALID_LIMIT", f"limit must be 1 to {LARGEST_LEADERBOARD}", "limit")


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
class EntryView:
    """A line of a leaderboard. Players with the same XP share a rank, and the next rank is left out."""

    rank: int
    player_id: str
    xp: int
    level: int


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
class Leaderboard(Query[tuple[EntryView, ...]]):
    """Who has earned most this week, this month, or ever. QueryError unless limit is 1 to 100."""

    type: LeaderboardType
    limit: int


@dataclass(frozen=True, slots=True)
class QuestView:
    """One of a player's quests of today."""

    id: str
    type: QuestType
    goal: int
    progress: int
    reward: int
    is_completed: bool
    day: date


@dataclass(frozen=True, slots=True)
class DailyQuests(Query[Sequence[QuestView]]):
    """What the asker is asked for today, by the calendar where they live."""


def register(bus: QueryBus, *, clock: Clock, leaderboards: Cached[tuple[EntryView, ...]]) -> None:
    """Register every query with its handler. The clock says which week and month it is."""
    answers = _CurrentAnswers(clock)
    cached: WholeAnswer[Leaderboard, tuple[EntryView, ...]] = WholeAnswer(
        leaderboards, key=answers.period_key, member=lambda query: str(checked_limit(query.limit))
    )
    bus.register(PlayerStats, answers.player_stats, allow=anyone, reads=PLAYERS)
    bus.register(Leaderboard, answers.leaderboard, allow=anyone, reads=PLAYERS, cached=cached)
    bus.register(DailyQuests, answers.daily_quests, allow=authenticated)
    bus.register(Badges, badges, allow=anyone, reads=PLAYERS)


def checked_limit(limit: int) -> int:
    """A limit within 1 to 100; QueryError otherwise."""
    if not 1 <= limit <= LARGEST_LEADERBOARD:
        raise QueryError(INVALID_LIMIT)
    return limit


@dataclass(frozen=True, slots=True)
class _CurrentAnswers:
    """The handlers whose answers depend on the day."""

    clock: Clock

    async def player_stats(
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

    async def leaderboard(
        self, query: Leaderboard, connection: AsyncConnection, _request: RequestContext
    ) -> tuple[EntryView, ...]:
        tables, period = await live_tables(connection, PLAYERS), Period.containing(self._today(), query.type)
        board, player = tables[leaderboard], tables[standing]
        rows = await connection.execute(
            select(
                func.rank().over(order_by=board.c.xp.desc()), board.c.player_id, board.c.xp, player.c.level
            )
            .join(player, player.c.player_id == board.c.player_id)
            .where(board.c.type == period.type, board.c.period_starts_on == period.starts_on)
            .order_by(board.c.xp.desc(), board.c.player_id)
            .limit(checked_limit(query.limit))
        )
        return tuple(EntryView(*row) for row in rows)

    async def daily_quests(
        self, _: DailyQuests, connection: AsyncConnection, request: RequestContext
    ) -> Sequence[QuestView]:
        player = await find_or_new_player(connection, PlayerId(request.actor_id or ""))
        today = player.quests_on(day_of(self.clock.now(), player.time_zone))
        return [
            QuestView(
                quest_id(today.day, quest),
                quest,
                QUESTS[quest].goal,
                progress,
                QUESTS[quest].reward,
                quest in today.completed,
                today.day,
            )
            for quest, progress in today.progress.items()
        ]

    def period_key(self, query: Leaderboard) -> str:
        """Which leaderboard it is: another one each week and each month."""
        period = Period.containing(self._today(), query.type)
        return f"{period.type}:{period.starts_on}"

    def _today(self) -> date:
        return self.clock.now().date()


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
