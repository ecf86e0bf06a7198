"""Players: users, as far as they play."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: type

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self, assert_never

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from subgraphs.gamification.domain.badge_evaluator import BadgeType
from subgraphs.gamification.domain.level_calculator import level_for
from subgraphs.gamification.domain.period import LeaderboardType
from subgraphs.gamification.domain.values import SourceType
from subgraphs.gamification.queries import (
    Badges,
    BadgeView,
    PlayerView,
    Ranks,
    RecentXp,
    XpTransactionView,
)
from subgraphs.gamification.queries import (
    PlayerStats as PlayerStatsQuery,
)
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.schema import Representation

_ELSEWHERE = Key(fields=FieldSet("id"), resolvable=False)  # learning knows all about them

strawberry.enum(BadgeType, description="The milestones that the academy celebrates.")
strawberry.enum(
    LeaderboardType, description="The current week from Monday, the current month, or ever (UTC)."
)


@strawberry.federation.type(keys=[_ELSEWHERE])
class Exercise:
    id: strawberry.ID


@strawberry.federation.type(keys=[_ELSEWHERE])
class Lesson:
    id: strawberry.ID


XpSource = Annotated[
    Exercise | Lesson, strawberry.union("XpSource", description="What XP is given for, once per player.")
]


@strawberry.type(description="XP that a player has earned.")
class XpTransaction:
    id: strawberry.ID
    amount: int
    reason: str
    source: XpSource
    earned_at: datetime

    @classmethod
    def of(cls, view: XpTransactionView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            amount=view.amount,
            reason=view.reason,
            source=_source(view),
            earned_at=view.earned_at,
        )


@strawberry.type(description="A milestone that a player has reached, for good.")
class Badge:
    type: BadgeType
    unlocked_at: datetime

    @classmethod
    def of(cls, view: BadgeView) -> Self:
        return cls(type=view.badge, unlocked_at=view.unlocked_at)


@strawberry.type(description="How a player stands.")
class PlayerStats:
    total_xp: int
    level: int
    xp_into_level: int = strawberry.field(description="XP earned since this level began.")
    xp_to_next_level: int = strawberry.field(description="XP still missing for the next level.")
    current_streak: int = strawberry.field(
        description="Days in a row with XP, up to today or yesterday (UTC)."
    )
    longest_streak: int
    player_id: strawberry.Private[str]

    @strawberry.field
    def user(self) -> "User":
        return User(id=strawberry.ID(self.player_id))

    @strawberry.field(description="The place on a leaderboard; null without any XP in its period.")
    async def rank(self, info: Info, type: LeaderboardType = LeaderboardType.ALL_TIME) -> int | None:
        return await info.context.load(_RankOf(self.player_id, type), _load_ranks)

    @strawberry.field(description="In the order in which they were unlocked.")
    async def badges(self, info: Info) -> list[Badge]:
        return await info.context.load(self.player_id, load_badges)

    @strawberry.field(description="The latest first; limit is 1 to 100.")
    async def recent_xp(self, info: Info, limit: int = 10) -> list[XpTransaction]:
        return await info.context.load(_LatestOf(self.player_id, limit), _load_recent_xp)

    @classmethod
    def of(cls, player_id: str, view: PlayerView) -> Self:
        level = level_for(view.total_xp)
        return cls(
            total_xp=view.total_xp,
            level=level.number,
            xp_into_level=view.total_xp - level.starts_at,
            xp_to_next_level=level.next_at - view.total_xp,
            current_streak=view.streak_days,
            longest_streak=view.longest_streak,
            player_id=player_id,
        )


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.field(description="Who has earned nothing yet stands at level 1 with no XP.")
    async def player_stats(self, info: Info) -> PlayerStats | None:
        return await info.context.load(str(self.id), load_player_stats)

    @classmethod
    def resolve_references(cls, _info: Info, keys: Sequence[Representation]) -> "Sequence[User]":
        """Whoever has an id may play: identity alone knows who exists."""
        return [cls(id=strawberry.ID(str(key.get("id")))) for key in keys]


async def load_player_stats(context: GraphQLContext, ids: list[str]) -> list[PlayerStats]:
    """How players stand, by the ids of the users."""
    found = await context.ask(PlayerStatsQuery(tuple(ids)))
    return [PlayerStats.of(one, found.get(one, PlayerView())) for one in ids]


async def load_badges(context: GraphQLContext, ids: list[str]) -> list[list[Badge]]:
    """Players' badges, by the ids of the users."""
    found = await context.ask(Badges(tuple(ids)))
    return [[Badge.of(view) for view in found.get(one, ())] for one in ids]


@dataclass(frozen=True, slots=True)
class _RankOf:
    """A key of a loader: whose rank, and where."""

    player_id: str
    type: LeaderboardType


@dataclass(frozen=True, slots=True)
class _LatestOf:
    """A key of a loader: whose ledger, and how much of it."""

    player_id: str
    limit: int


async def _load_ranks(context: GraphQLContext, keys: list[_RankOf]) -> list[int | None]:
    ranks = {
        wanted: await context.ask(Ranks(tuple(key.player_id for key in keys if key.type is wanted), wanted))
        for wanted in dict.fromkeys(key.type for key in keys)
    }
    return [ranks[key.type].get(key.player_id) for key in keys]


async def _load_recent_xp(context: GraphQLContext, keys: list[_LatestOf]) -> list[list[XpTransaction]]:
    found = {
        limit: await context.ask(RecentXp(tuple(key.player_id for key in keys if key.limit == limit), limit))
        for limit in dict.fromkeys(key.limit for key in keys)
    }
    return [[XpTransaction.of(view) for view in found[key.limit].get(key.player_id, ())] for key in keys]


def _source(view: XpTransactionView) -> Exercise | Lesson:
    match view.source_type:
        case SourceType.EXERCISE:
            return Exercise(id=strawberry.ID(view.source_id))
        case SourceType.LESSON:
            return Lesson(id=strawberry.ID(view.source_id))
        case _:
            assert_never(view.source_type)
