"""Who has earned most."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.gamification.domain.period import LeaderboardType, Period
from subgraphs.gamification.projections import PLAYERS
from subgraphs.gamification.tables import leaderboard, standing
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Clock, DomainError
from subgraphs.kernel.projections import live_tables

LARGEST_LEADERBOARD: Final = 100
INVALID_LIMIT: Final = DomainError("INVALID_LIMIT", f"limit must be 1 to {LARGEST_LEADERBOARD}", "limit")


@dataclass(frozen=True, slots=True)
class EntryView:
    """A line of a leaderboard. Players with the same XP share a rank, and the next rank is left out."""

    rank: int
    player_id: str
    xp: int
    level: int


@dataclass(frozen=True, slots=True)
class Leaderboard(Query[tuple[EntryView, ...]]):
    """Who has earned most this week, this month, or ever. QueryError unless limit is 1 to 100."""

    type: LeaderboardType
    limit: int


def checked_limit(limit: int) -> int:
    """A limit within 1 to 100; QueryError otherwise."""
    if not 1 <= limit <= LARGEST_LEADERBOARD:
        raise QueryError(INVALID_LIMIT)
    return limit


@dataclass(frozen=True, slots=True)
class LeaderboardsAnswered:
    """Answers Leaderboard: the clock says which week and month it is."""

    clock: Clock

    async def __call__(
        self, query: Leaderboard, connection: AsyncConnection, _request: RequestContext
    ) -> tuple[EntryView, ...]:
        tables, period = await live_tables(connection, PLAYERS), self._period(query)
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

    def key(self, query: Leaderboard) -> str:
        """Which leaderboard it is: another one each week and each month."""
        period = self._period(query)
        return f"{period.type}:{period.starts_on}"

    def _period(self, query: Leaderboard) -> Period:
        return Period.containing(self.clock.now().date(), query.type)
