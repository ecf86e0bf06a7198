"""What can be asked of gamification."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: type

from typing import Annotated, Self

import strawberry

from subgraphs.gamification.api.players import Badge, PlayerStats, User, load_badges, load_player_stats
from subgraphs.gamification.domain.period import LeaderboardType
from subgraphs.gamification.queries import EntryView, Leaderboard
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.versions import MinVersion


@strawberry.type(description="A line of a leaderboard.")
class LeaderboardEntry:
    rank: int = strawberry.field(description="Players with the same XP share a rank.")
    user: User
    xp: int = strawberry.field(description="XP earned in the period of the leaderboard.")
    level: int = strawberry.field(description="The level that the player has reached in all.")

    @classmethod
    def of(cls, view: EntryView) -> Self:
        return cls(rank=view.rank, user=User(id=strawberry.ID(view.player_id)), xp=view.xp, level=view.level)


@strawberry.type
class Query:
    @strawberry.field(description="How a player stands.")
    async def player_stats(
        self, info: Info, user_id: strawberry.ID, min_version: MinVersion = None
    ) -> PlayerStats:
        return await load_player_stats(info, str(user_id), min_version)

    @strawberry.field(description="Who has earned most.")
    async def leaderboard(
        self,
        info: Info,
        type: LeaderboardType = LeaderboardType.WEEKLY,
        limit: Annotated[int, strawberry.argument(description="How many players: 1 to 100.")] = 100,
    ) -> list[LeaderboardEntry]:
        entries = await info.context.ask(Leaderboard(type, limit))
        return [LeaderboardEntry.of(entry) for entry in entries]

    @strawberry.field(description="A player's badges, in the order in which they were unlocked.")
    async def badges(self, info: Info, user_id: strawberry.ID) -> list[Badge]:
        return await info.context.load(str(user_id), load_badges)
