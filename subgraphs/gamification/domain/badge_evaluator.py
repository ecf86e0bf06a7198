"""Badges: milestones that a player keeps for good."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from subgraphs.gamification.domain.streak import Streak


class BadgeType(StrEnum):
    """The milestones the academy celebrates."""

    FIRST_STEPS = "FIRST_STEPS"
    THOUSAND_POINTS = "THOUSAND_POINTS"
    LEVEL_FIVE = "LEVEL_FIVE"
    LEVEL_TEN = "LEVEL_TEN"
    THREE_DAY_STREAK = "THREE_DAY_STREAK"
    WEEK_STREAK = "WEEK_STREAK"
    MONTH_STREAK = "MONTH_STREAK"
    FIRST_QUEST = "FIRST_QUEST"
    QUEST_MASTER = "QUEST_MASTER"
    HONORARY = "HONORARY"


@dataclass(frozen=True, slots=True)
class Standing:
    """What badges are judged by."""

    total_xp: int
    level: int
    streak: Streak
    quests_completed: int


GIVEN_BY_HAND: Final = frozenset({BadgeType.HONORARY})
"""What the academy gives for what no rule can see."""

_RULES: dict[BadgeType, Callable[[Standing], bool]] = {
    BadgeType.FIRST_STEPS: lambda standing: standing.total_xp > 0,
    BadgeType.THOUSAND_POINTS: lambda standing: standing.total_xp >= 1_000,
    BadgeType.LEVEL_FIVE: lambda standing: standing.level >= 5,
    BadgeType.LEVEL_TEN: lambda standing: standing.level >= 10,
    BadgeType.THREE_DAY_STREAK: lambda standing: standing.streak.longest >= 3,
    BadgeType.WEEK_STREAK: lambda standing: standing.streak.longest >= 7,
    BadgeType.MONTH_STREAK: lambda standing: standing.streak.longest >= 30,
    BadgeType.FIRST_QUEST: lambda standing: standing.quests_completed >= 1,
    BadgeType.QUEST_MASTER: lambda standing: standing.quests_completed >= 25,
    BadgeType.HONORARY: lambda _: False,
}


def newly_earned(standing: Standing, *, owned: frozenset[BadgeType]) -> tuple[BadgeType, ...]:
    """The badges that `standing` deserves and the player does not own yet, in the order of `BadgeType`."""
    return tuple(badge for badge in BadgeType if badge not in owned and _RULES[badge](standing))
