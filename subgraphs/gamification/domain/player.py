"""A player and all that was earned."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from subgraphs.gamification.domain.badge_evaluator import BadgeType, Standing, newly_earned
from subgraphs.gamification.domain.events import BadgeUnlocked, LevelUp, StreakUpdated, XpEarned
from subgraphs.gamification.domain.level_calculator import level_for
from subgraphs.gamification.domain.streak import Streak
from subgraphs.gamification.domain.values import PlayerId, Source, XpAmount
from subgraphs.kernel.domain import AggregateRoot


@dataclass(eq=False, kw_only=True)
class PlayerProfile(AggregateRoot[PlayerId]):
    """What somebody has earned. The ledger of XP grows for ever and stays outside."""

    total_xp: int = 0
    streak: Streak = field(default_factory=Streak)
    badges: frozenset[BadgeType] = frozenset()

    @property
    def level(self) -> int:
        return level_for(self.total_xp).number

    def award_xp(self, amount: XpAmount, *, reason: str, source: Source, at: datetime) -> None:
        """Add XP that was earned at this instant, and all that follows: level, streak, badges.

        That a source counts once, whoever keeps the ledger sees to.
        """
        level_before = self.level
        self.total_xp += amount.points
        self.raise_(XpEarned(self.id, amount, reason, source, self.total_xp, at))
        if self.level > level_before:
            self.raise_(LevelUp(self.id, self.level, at))
        streak = self.streak.active_on(at.astimezone(UTC).date())
        if streak != self.streak:
            self.streak = streak
            self.raise_(StreakUpdated(self.id, streak, at))
        for badge in newly_earned(Standing(self.total_xp, self.level, self.streak), owned=self.badges):
            self.badges |= {badge}
            self.raise_(BadgeUnlocked(self.id, badge, at))
