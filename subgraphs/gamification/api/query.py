"""What can be asked of gamification."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: type

from typing import Annotated, Self

import strawberry
from strawberry.federation.schema_directives import ListSize

from subgraphs.gamification.api.players import (
    MOST_BADGES,
    PUBLIC,
    Badge,
    PlayerStats,
    User,
    load_badges,
    load_player_stats,
)
from subgraphs.gamification.api.quests import DailyQuest
from subgraphs.gamification.domain.period import LeaderboardType
from subgraphs.gamification.domain.quests import QUESTS_A_DAY
from subgraphs.gamification.queries.leaderboards import EntryView, Leaderboard
from subgraphs.gamification.queries.quests import DailyQuests
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.pagination import LIST_SIZED_BY_LIMIT
from subgraphs.kernel.graphql.versions import MinVersion, parse_min_version

_A_DAYS = ListSize(assumed_size=QUESTS_A_DAY, slicing_arguments=None, sized_fields=None)


@strawberry.federation.type(tags=PUBLIC, description="A line of a leaderboard.")
class LeaderboardEntry:
    rank: int = strawberry.field(description="Players with the same XP share a rank.")
    user: User | None
    xp: int = strawberry.field(description="XP earned in the period of the leaderboard.")
    level: int = strawberry.field(description="The level that the player has reached in all.")

    @classmethod
    def of(cls, view: EntryView) -> Self:
        return cls(rank=view.rank, user=User(id=strawberry.ID(view.player_id)), xp=view.xp, level=view.level)


@strawberry.type
class Query:
    @strawberry.federation.field(tags=PUBLIC, description="How a player stands.")
    async def player_stats(
        self, info: Info, user_id: strawberry.ID, min_version: MinVersion = None
    ) -> PlayerStats:
        return await load_player_stats(info, str(user_id), min_version)

    @strawberry.federation.field(
        tags=PUBLIC,
        directives=[LIST_SIZED_BY_LIMIT],
        description="Who has earned most, as of five minutes ago at most.",
    )
    async def leaderboard(
        self,
        info: Info,
        type: LeaderboardType = LeaderboardType.WEEKLY,
        limit: Annotated[int, strawberry.argument(description="How many players: 1 to 100.")] = 100,
        min_version: MinVersion = None,
    ) -> list[LeaderboardEntry]:
        answer = await info.context.ask_including(Leaderboard(type, limit), parse_min_version(min_version))
        return [LeaderboardEntry.of(entry) for entry in answer.value]

    @strawberry.federation.field(
        authenticated=True,
        directives=[_A_DAYS],
        description="What the user who is asking is asked for today, by the calendar where they live.",
    )
    async def daily_quests(self, info: Info) -> list[DailyQuest] | None:
        return [DailyQuest.of(view) for view in await info.context.ask(DailyQuests())]

    @strawberry.federation.field(
        tags=PUBLIC,
        directives=[MOST_BADGES],
        description="A player's badges, in the order in which they were unlocked.",
    )
    async def badges(self, info: Info, user_id: strawberry.ID) -> list[Badge]:
        return await info.context.load(str(user_id), load_badges)
