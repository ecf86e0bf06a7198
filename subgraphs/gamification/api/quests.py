"""Daily quests."""

# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

from datetime import date
from typing import Self

import strawberry

from subgraphs.gamification.domain.quests import QuestType
from subgraphs.gamification.queries.quests import QuestView


@strawberry.type(description="Something that a player is asked for on one day, three of them each day.")
class DailyQuest:
    id: strawberry.ID
    type: QuestType
    day: date = strawberry.field(description="By the calendar where the player lives; it ends with that day.")
    goal: int = strawberry.field(description="How much is to be done.")
    progress: int = strawberry.field(description="How much of it is done.")
    reward: int = strawberry.field(description="XP for whoever takes it: completeQuest.")
    is_fulfilled: bool = strawberry.field(description="Whether the reward may be taken.")
    is_completed: bool = strawberry.field(description="Whether it was.")

    @classmethod
    def of(cls, view: QuestView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            type=view.type,
            day=view.day,
            goal=view.goal,
            progress=view.progress,
            reward=view.reward,
            is_fulfilled=view.progress >= view.goal,
            is_completed=view.is_completed,
        )
