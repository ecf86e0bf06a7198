"""What gamification tells the other contexts, and what it can be asked to do. The key is the user's id."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.requests import Request


@dataclass(frozen=True, slots=True)
class XpEarned(IntegrationEvent):
    """A player has earned experience. `total_xp` is what they have now."""

    type: ClassVar[str] = "gamification.xp_earned"
    user_id: str
    amount: int
    reason: str
    total_xp: int
    earned_at: datetime


@dataclass(frozen=True, slots=True)
class LevelUp(IntegrationEvent):
    """A player has reached a higher level."""

    type: ClassVar[str] = "gamification.level_up"
    user_id: str
    level: int
    reached_at: datetime


@dataclass(frozen=True, slots=True)
class BadgeUnlocked(IntegrationEvent):
    """A player has been given a badge."""

    type: ClassVar[str] = "gamification.badge_unlocked"
    user_id: str
    badge: str
    unlocked_at: datetime


@dataclass(frozen=True, slots=True)
class StreakUpdated(IntegrationEvent):
    """A player was active on one more day, or the row of days was broken. `days` is how long it is now."""

    type: ClassVar[str] = "gamification.streak_updated"
    user_id: str
    days: int
    longest: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class QuestCompleted(IntegrationEvent):
    """A player has done what a quest asked for."""

    type: ClassVar[str] = "gamification.quest_completed"
    user_id: str
    quest: str
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class XpAwarded(IntegrationEvent):
    """The answer to AwardXp: what the player has now, the same however often it was asked for."""

    type: ClassVar[str] = "gamification.xp_awarded"
    user_id: str
    source_id: str
    amount: int
    total_xp: int


@dataclass(frozen=True, slots=True)
class AwardXp(Request[XpAwarded]):
    """Give a player experience, once for each user and source; sent to `gamification.award`."""

    type: ClassVar[str] = "gamification.award_xp"
    user_id: str
    amount: int
    reason: str
    source_id: str
    earned_at: datetime
