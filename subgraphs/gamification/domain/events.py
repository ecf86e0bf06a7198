"""What happened to a player. What other contexts may know of it is in contracts/gamification.py."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from subgraphs.gamification.domain.badge_evaluator import BadgeType
from subgraphs.gamification.domain.quests import QuestType
from subgraphs.gamification.domain.streak import Streak
from subgraphs.gamification.domain.values import PlayerId, Source, XpAmount
from subgraphs.kernel.domain import DomainEvent


@dataclass(frozen=True, slots=True)
class XpEarned(DomainEvent):
    name: ClassVar[str] = "gamification.xp_earned"

    player_id: PlayerId
    amount: XpAmount
    reason: str
    source: Source
    total_xp: int
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class LevelUp(DomainEvent):
    name: ClassVar[str] = "gamification.level_up"

    player_id: PlayerId
    level: int
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class StreakUpdated(DomainEvent):
    name: ClassVar[str] = "gamification.streak_updated"

    player_id: PlayerId
    streak: Streak
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class BadgeUnlocked(DomainEvent):
    name: ClassVar[str] = "gamification.badge_unlocked"

    player_id: PlayerId
    badge: BadgeType
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class QuestCompleted(DomainEvent):
    name: ClassVar[str] = "gamification.quest_completed"

    player_id: PlayerId
    day: date
    quest: QuestType
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PlayerMoved(DomainEvent):
    """A player lives by other clocks, by which their streak goes on."""

    name: ClassVar[str] = "gamification.player_moved"

    player_id: PlayerId
    time_zone: str
    streak: Streak
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PlayerForgotten(DomainEvent):
    """A player is gone, and stands on no leaderboard any more."""

    name: ClassVar[str] = "gamification.player_forgotten"

    player_id: PlayerId
    occurred_at: datetime
