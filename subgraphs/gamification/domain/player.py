"""A player and all that was earned."""

from dataclasses import dataclass, field
from datetime import date, datetime

from subgraphs.gamification.domain.badge_evaluator import GIVEN_BY_HAND, BadgeType, Standing, newly_earned
from subgraphs.gamification.domain.calendar import day_of
from subgraphs.gamification.domain.errors import (
    BADGE_ALREADY_UNLOCKED,
    BADGE_IS_EARNED,
    QUEST_ALREADY_COMPLETED,
    QUEST_NOT_FOUND,
    QUEST_NOT_FULFILLED,
)
from subgraphs.gamification.domain.events import (
    BadgeUnlocked,
    LevelUp,
    PlayerForgotten,
    PlayerMoved,
    QuestCompleted,
    StreakUpdated,
    XpEarned,
)
from subgraphs.gamification.domain.level_calculator import level_for
from subgraphs.gamification.domain.quests import QUESTS, Activity, DailyQuests, QuestType, quest_id
from subgraphs.gamification.domain.streak import Streak, Streaks
from subgraphs.gamification.domain.values import PlayerId, Source, SourceType, XpAmount
from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, Result, Success


@dataclass(eq=False, kw_only=True)
class PlayerProfile(AggregateRoot[PlayerId]):
    """What somebody has earned. The ledger of XP grows for ever and stays outside.

    Days are those of the `time_zone`. `quests` are of the last day on which there was any progress.
    """

    total_xp: int = 0
    streak: Streak = field(default_factory=Streak)
    streak_before: Streak = field(default_factory=Streak)
    badges: frozenset[BadgeType] = frozenset()
    time_zone: str = "UTC"
    quests: DailyQuests | None = None
    quests_completed: int = 0
    is_forgotten: bool = False

    @property
    def level(self) -> int:
        return level_for(self.total_xp).number

    def award_xp(
        self, amount: XpAmount, *, reason: str, source: Source, at: datetime, activity: Activity | None = None
    ) -> None:
        """Add XP that was earned at this instant, and all that follows: level, streak, badges, quests.

        That a source counts once, whoever keeps the ledger sees to.
        """
        self._earn(amount, reason, source, at)
        counts = {QuestType.EARN_XP: amount.points, **(activity.counts if activity else {})}
        self._advance_quests(Activity(counts), day_of(at, self.time_zone))
        self._active_on(at)
        self._unlock_what_is_earned(at)

    def update_streak(self, at: datetime) -> None:
        """They were active at this instant, without any XP for it."""
        self._active_on(at)
        self._unlock_what_is_earned(at)

    def unlock_badge(self, badge: BadgeType, at: datetime) -> Result[None, DomainError]:
        """Give a badge that no rule gives. BADGE_IS_EARNED, BADGE_ALREADY_UNLOCKED."""
        if badge not in GIVEN_BY_HAND:
            return Failure(BADGE_IS_EARNED)
        if badge in self.badges:
            return Failure(BADGE_ALREADY_UNLOCKED)
        self._unlock(badge, at)
        return Success(None)

    def complete_quest(self, id_: str, at: datetime) -> Result[None, DomainError]:
        """Take the reward of one of today's quests. QUEST_NOT_FOUND, QUEST_NOT_FULFILLED,
        QUEST_ALREADY_COMPLETED."""
        today = self.quests_at(at)
        quest = next((one for one in today.progress if quest_id(today.day, one) == id_), None)
        if quest is None:
            return Failure(QUEST_NOT_FOUND)
        if quest in today.completed:
            return Failure(QUEST_ALREADY_COMPLETED)
        if not today.is_fulfilled(quest):
            return Failure(QUEST_NOT_FULFILLED)
        self.quests = DailyQuests(today.day, today.progress, today.completed | {quest})
        self.quests_completed += 1
        self.raise_(QuestCompleted(self.id, today.day, quest, at))
        reward, source = XpAmount(QUESTS[quest].reward), Source(SourceType.QUEST, id_)
        self._earn(reward, "Completed a quest", source, at)
        self._unlock_what_is_earned(at)
        return Success(None)

    def move(self, time_zone: str, now: datetime) -> None:
        """They live by other clocks from now on. The same again is no event."""
        if time_zone == self.time_zone:
            return
        here, there = day_of(now, self.time_zone), day_of(now, time_zone)
        moved = Streaks(self.streak, self.streak_before).moved(here, there)
        self.time_zone, self.streak, self.streak_before = time_zone, moved.current, moved.before
        self.raise_(PlayerMoved(self.id, time_zone, self.streak, now))

    def forget(self, now: datetime) -> None:
        """They are gone; news of what they did may still come, and change nothing."""
        self.time_zone, self.is_forgotten = "UTC", True
        self.raise_(PlayerForgotten(self.id, now))

    def quests_at(self, now: datetime) -> DailyQuests:
        """Today's quests, as far as they have come. A day goes on for who moves to where it has not begun."""
        today = day_of(now, self.time_zone)
        return self.quests if self.quests and self.quests.day > today else self.quests_on(today)

    def quests_on(self, day: date) -> DailyQuests:
        """The quests of a day, as far as they have come."""
        return self.quests if self.quests and self.quests.day == day else DailyQuests.of(self.id, day)

    def _earn(self, amount: XpAmount, reason: str, source: Source, at: datetime) -> None:
        level_before = self.level
        self.total_xp += amount.points
        self.raise_(XpEarned(self.id, amount, reason, source, self.total_xp, at))
        if self.level > level_before:
            self.raise_(LevelUp(self.id, self.level, at))

    def _advance_quests(self, activity: Activity, day: date) -> None:
        """News of a day that is over come too late for its quests."""
        if self.quests is None or self.quests.day <= day:
            self.quests = self.quests_on(day).after(activity)

    def _active_on(self, at: datetime) -> None:
        streaks = Streaks(self.streak, self.streak_before).active_on(day_of(at, self.time_zone))
        has_changed = streaks.current != self.streak
        self.streak, self.streak_before = streaks.current, streaks.before
        if has_changed:
            self.raise_(StreakUpdated(self.id, self.streak, at))

    def _unlock_what_is_earned(self, at: datetime) -> None:
        standing = Standing(self.total_xp, self.level, self.streak, self.quests_completed)
        for badge in newly_earned(standing, owned=self.badges):
            self._unlock(badge, at)

    def _unlock(self, badge: BadgeType, at: datetime) -> None:
        self.badges |= {badge}
        self.raise_(BadgeUnlocked(self.id, badge, at))
