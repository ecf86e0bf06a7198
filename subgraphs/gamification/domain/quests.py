"""Daily quests: what players are asked for each day, by the calendar where they live.

Each day has three quests for each player, which follow from the two: nobody has to hand them out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Final

from subgraphs.gamification.domain.values import PlayerId
from subgraphs.kernel.domain import ValueObject

QUESTS_A_DAY: Final = 3


class QuestType(StrEnum):
    """What may be asked for."""

    EARN_XP = "EARN_XP"
    COMPLETE_EXERCISES = "COMPLETE_EXERCISES"
    COMPLETE_LESSON = "COMPLETE_LESSON"
    FULL_MARKS = "FULL_MARKS"
    CODING = "CODING"
    QUIZ = "QUIZ"


@dataclass(frozen=True, slots=True)
class Quest(ValueObject):
    """So much is to be done for this reward in XP."""

    goal: int
    reward: int


QUESTS: Final[Mapping[QuestType, Quest]] = {
    QuestType.EARN_XP: Quest(60, 20),
    QuestType.COMPLETE_EXERCISES: Quest(3, 20),
    QuestType.COMPLETE_LESSON: Quest(1, 15),
    QuestType.FULL_MARKS: Quest(1, 15),
    QuestType.CODING: Quest(1, 15),
    QuestType.QUIZ: Quest(2, 15),
}


@dataclass(frozen=True, slots=True)
class Activity(ValueObject):
    """What a player has just done, counted towards their quests."""

    counts: Mapping[QuestType, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DailyQuests(ValueObject):
    """How far a player has come with the quests of one day, and which of them have been rewarded."""

    day: date
    progress: Mapping[QuestType, int]
    completed: frozenset[QuestType] = frozenset()

    @classmethod
    def of(cls, player_id: PlayerId, day: date) -> "DailyQuests":
        """A new day's quests."""
        return cls(day, dict.fromkeys(assigned(player_id, day), 0))

    def after(self, activity: Activity) -> "DailyQuests":
        """What is beyond a goal does not count."""
        progress = {
            quest: min(QUESTS[quest].goal, done + activity.counts.get(quest, 0))
            for quest, done in self.progress.items()
        }
        return DailyQuests(self.day, progress, self.completed)

    def is_fulfilled(self, quest: QuestType) -> bool:
        return self.progress.get(quest, 0) >= QUESTS[quest].goal


def assigned(player_id: PlayerId, day: date) -> tuple[QuestType, ...]:
    """The quests of a player on a day, in the order of `QuestType`: the same whenever somebody asks."""

    def lot(quest: QuestType) -> bytes:
        return sha256(f"{player_id}:{day}:{quest}".encode()).digest()

    drawn = set(sorted(QuestType, key=lot)[:QUESTS_A_DAY])
    return tuple(quest for quest in QuestType if quest in drawn)


def quest_id(day: date, quest: QuestType) -> str:
    """By which a quest of one's own is known."""
    return f"{day}:{quest}"


def day_of_quest(id_: str) -> date:
    """The day of a quest that there is."""
    return date.fromisoformat(id_.partition(":")[0])
