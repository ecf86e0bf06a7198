"""What gamification can be asked to do by people. XP for what they learn comes of events."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: input
# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

import strawberry

from subgraphs.contracts.scopes import USERS_MANAGE
from subgraphs.gamification.api.players import PlayerProfile
from subgraphs.gamification.api.quests import DailyQuest
from subgraphs.gamification.commands import CompleteQuest, UnlockBadge
from subgraphs.gamification.domain.badge_evaluator import BadgeType
from subgraphs.gamification.domain.quests import day_of_quest
from subgraphs.gamification.queries.quests import DailyQuests
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.errors import UserError
from subgraphs.kernel.graphql.versions import Versioned


@strawberry.input
class CompleteQuestInput:
    quest_id: strawberry.ID


@strawberry.input
class UnlockBadgeInput:
    user_id: strawberry.ID
    badge: BadgeType


@strawberry.type
class CompleteQuestPayload(Versioned):
    quest: DailyQuest | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class UnlockBadgePayload(Versioned):
    player_profile: PlayerProfile | None = None
    errors: list[UserError] = strawberry.field(default_factory=list)


@strawberry.type
class Mutation:
    @strawberry.federation.mutation(
        authenticated=True, description="Take the reward of a quest of today that one has fulfilled."
    )
    async def complete_quest(self, info: Info, input: CompleteQuestInput) -> CompleteQuestPayload | None:
        match await info.context.execute(CompleteQuest(str(input.quest_id))):
            case Success():
                id_ = str(input.quest_id)
                quests = await info.context.ask(DailyQuests(day_of_quest(id_)))  # it may be over by now
                return CompleteQuestPayload(quest=next(DailyQuest.of(one) for one in quests if one.id == id_))
            case Failure(error):
                return CompleteQuestPayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(
        requires_scopes=[[USERS_MANAGE]],
        description="Give somebody a badge for what no rule can see: HONORARY. For the staff.",
    )
    async def unlock_badge(self, info: Info, input: UnlockBadgeInput) -> UnlockBadgePayload | None:
        match await info.context.execute(UnlockBadge(str(input.user_id), input.badge)):
            case Success(player_id):
                return UnlockBadgePayload(player_profile=PlayerProfile(id=strawberry.ID(str(player_id))))
            case Failure(error):
                return UnlockBadgePayload(errors=[UserError.of(error)])
