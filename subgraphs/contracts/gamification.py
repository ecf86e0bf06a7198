"""What gamification tells the other contexts."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from subgraphs.kernel.messaging.integration import IntegrationEvent


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
