"""Players: users, as far as they play."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: type

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self, assert_never

import strawberry
from strawberry.federation.schema_directives import Key, ListSize
from strawberry.federation.types import FieldSet

from subgraphs.gamification.domain.badge_evaluator import BadgeType
from subgraphs.gamification.domain.level_calculator import level_for
from subgraphs.gamification.domain.period import LeaderboardType
from subgraphs.gamification.domain.quests import QuestType
from subgraphs.gamification.domain.values import SourceType
from subgraphs.gamification.queries.leaderboards import LARGEST_LEADERBOARD, checked_limit
from subgraphs.gamification.queries.players import Badges, BadgeView, PlayerView, Wanted, XpTransactionView
from subgraphs.gamification.queries.players import PlayerStats as PlayerStatsQuery
from subgraphs.kernel.application.version import Version
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.lookahead import selected_fields
from subgraphs.kernel.graphql.pagination import LIST_SIZED_BY_LIMIT
from subgraphs.kernel.graphql.schema import Representation
from subgraphs.kernel.graphql.versions import STALE, MinVersion, parse_min_version

_RECENT = 10


_ELSEWHERE = Key(fields=FieldSet("id"), resolvable=False)  # learning knows all about them

PUBLIC = ["public"]
"""The tag of what anybody may be shown."""
MOST_BADGES = ListSize(assumed_size=len(BadgeType), slicing_arguments=None, sized_fields=None)

strawberry.federation.enum(BadgeType, tags=PUBLIC, description="The milestones that the academy celebrates.")
strawberry.federation.enum(
    LeaderboardType,
    tags=PUBLIC,
    description="The current week from Monday, the current month, or ever (UTC).",
)
strawberry.enum(QuestType, description="What a daily quest asks for.")


@strawberry.federation.type(keys=[_ELSEWHERE])
class Exercise:
    id: strawberry.ID


@strawberry.federation.type(keys=[_ELSEWHERE])
class Lesson:
    id: strawberry.ID


@strawberry.type(description="One of the quests of a day.")
class Quest:
    id: strawberry.ID


@strawberry.type(description="Something that another part of the academy has rewarded.")
class Award:
    id: strawberry.ID


XpSource = Annotated[
    Exercise | Lesson | Quest | Award,
    strawberry.union("XpSource", description="What XP is given for, once per player."),
]


@strawberry.type(description="XP that a player has earned.")
class XpTransaction:
    id: strawberry.ID
    amount: int
    reason: str
    source: XpSource | None
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


@strawberry.federation.type(tags=PUBLIC, description="A milestone that a player has reached, for good.")
class Badge:
    type: BadgeType
    unlocked_at: datetime

    @classmethod
    def of(cls, view: BadgeView) -> Self:
        return cls(type=view.badge, unlocked_at=view.unlocked_at)


@strawberry.type(description="How a player stands.")
class PlayerStats:
    total_xp: int = strawberry.federation.field(tags=PUBLIC)
    level: int = strawberry.federation.field(tags=PUBLIC)
    xp_into_level: int = strawberry.federation.field(
        tags=PUBLIC, description="XP earned since this level began."
    )
    xp_to_next_level: int = strawberry.federation.field(
        tags=PUBLIC, description="XP still missing for the next level."
    )
    current_streak: int = strawberry.federation.field(
        tags=PUBLIC,
        description="Active days in a row, up to today or yesterday, by the calendar where the player lives.",
    )
    longest_streak: int = strawberry.federation.field(tags=PUBLIC)
    stale: bool = strawberry.field(description=STALE)
    player_id: strawberry.Private[str]
    view: strawberry.Private[PlayerView]

    @strawberry.field
    def user(self) -> "User | None":
        return User(id=strawberry.ID(self.player_id))

    @strawberry.federation.field(
        tags=PUBLIC, description="The place on a leaderboard; null without any XP in its period."
    )
    def rank(self, type: LeaderboardType = LeaderboardType.ALL_TIME) -> int | None:
        return self.view.ranks.get(type)

    @strawberry.federation.field(
        tags=PUBLIC, directives=[MOST_BADGES], description="In the order in which they were unlocked."
    )
    def badges(self) -> list[Badge]:
        return [Badge.of(view) for view in self.view.badges]

    @strawberry.federation.field(
        directives=[LIST_SIZED_BY_LIMIT], description="The latest first; limit is 1 to 100."
    )
    def recent_xp(self, limit: int = _RECENT) -> list[XpTransaction]:
        return [XpTransaction.of(view) for view in self.view.recent_xp[: checked_limit(limit)]]

    @classmethod
    def of(cls, player_id: str, view: PlayerView, *, stale: bool) -> Self:
        level = level_for(view.total_xp)
        return cls(
            total_xp=view.total_xp,
            level=level.number,
            xp_into_level=view.total_xp - level.starts_at,
            xp_to_next_level=level.next_at - view.total_xp,
            current_streak=view.streak_days,
            longest_streak=view.longest_streak,
            stale=stale,
            player_id=player_id,
            view=view,
        )


@strawberry.federation.type(keys=["id"], description="A user, as far as they play; known by the user's id.")
class PlayerProfile:
    id: strawberry.ID = strawberry.federation.field(tags=PUBLIC)

    @strawberry.federation.field(tags=PUBLIC)
    def user(self) -> "User | None":
        return User(id=self.id)

    @strawberry.federation.field(tags=PUBLIC)
    async def stats(self, info: Info, min_version: MinVersion = None) -> PlayerStats:
        return await load_player_stats(info, str(self.id), min_version)

    @classmethod
    def resolve_references(cls, _info: Info, keys: Sequence[Representation]) -> "Sequence[PlayerProfile]":
        """Whoever has an id may play: identity alone knows who exists."""
        return [cls(id=strawberry.ID(str(key.get("id")))) for key in keys]


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.federation.field(tags=PUBLIC)
    def player_profile(self) -> PlayerProfile | None:
        return PlayerProfile(id=self.id)

    @strawberry.federation.field(
        tags=PUBLIC, description="Who has earned nothing yet stands at level 1 with no XP."
    )
    async def player_stats(self, info: Info, min_version: MinVersion = None) -> PlayerStats | None:
        return await load_player_stats(info, str(self.id), min_version)

    @classmethod
    def resolve_references(cls, _info: Info, keys: Sequence[Representation]) -> "Sequence[User]":
        """Whoever has an id may play: identity alone knows who exists."""
        return [cls(id=strawberry.ID(str(key.get("id")))) for key in keys]


async def load_player_stats(info: Info, player_id: str, version: str | None) -> PlayerStats:
    """How a player stands: all that is selected of it, as of one moment."""
    return await info.context.load(
        _StatsOf(player_id, _wanted(info), parse_min_version(version)), _load_stats
    )


async def load_badges(context: GraphQLContext, ids: list[str]) -> list[list[Badge]]:
    """Players' badges, by the ids of the users."""
    found = await context.ask(Badges(tuple(ids)))
    return [[Badge.of(view) for view in found.get(one, ())] for one in ids]


@dataclass(frozen=True, slots=True)
class _StatsOf:
    """A key of the loader: whose, what of it, and what it must include."""

    player_id: str
    wanted: Wanted
    version: Version | None


async def _load_stats(context: GraphQLContext, keys: list[_StatsOf]) -> list[PlayerStats]:
    answers = {}
    for wanted, version in dict.fromkeys((key.wanted, key.version) for key in keys):
        ids = tuple(key.player_id for key in keys if (key.wanted, key.version) == (wanted, version))
        answers[wanted, version] = await context.ask_including(PlayerStatsQuery(ids, wanted), version)
    found = [(key.player_id, answers[key.wanted, key.version]) for key in keys]
    return [
        PlayerStats.of(id_, answer.value.get(id_, PlayerView()), stale=answer.is_stale)
        for id_, answer in found
    ]


def _wanted(info: Info) -> Wanted:
    """What is selected of a player's stats."""
    fields = list(selected_fields(info))
    boards = [one.arguments.get("type") or LeaderboardType.ALL_TIME for one in fields if one.name == "rank"]
    limits = [int(one.arguments.get("limit") or _RECENT) for one in fields if one.name == "recentXp"]
    return Wanted(
        frozenset(map(LeaderboardType, boards)),
        any(one.name == "badges" for one in fields),
        min(max([0, *limits]), LARGEST_LEADERBOARD),
    )


def _source(view: XpTransactionView) -> Exercise | Lesson | Quest | Award:
    match view.source_type:
        case SourceType.EXERCISE:
            return Exercise(id=strawberry.ID(view.source_id))
        case SourceType.LESSON:
            return Lesson(id=strawberry.ID(view.source_id))
        case SourceType.QUEST:
            return Quest(id=strawberry.ID(view.source_id))
        case SourceType.AWARD:
            return Award(id=strawberry.ID(view.source_id))
        case _:
            assert_never(view.source_type)
