"""Streaks: how many days in a row a player was active, by the calendar where they live."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Streak:
    """Consecutive days with activity, up to and including `last_day`."""

    days: int = 0
    longest: int = 0
    last_day: date | None = None

    @property
    def first_day(self) -> date | None:
        return self.last_day and self.last_day - (self.days - 1) * _A_DAY

    def active_on(self, day: date) -> "Streak":
        """The streak after activity on `day`: longer at either end, or a new one after a gap. News of a day
        within it, or long before it, changes nothing."""
        if self.last_day is None or day > self.last_day + _A_DAY:
            return self._of(1, day)
        if day == self.last_day + _A_DAY:
            return self._of(self.days + 1, day)
        return self._of(self.days + 1, self.last_day) if day + _A_DAY == self.first_day else self

    def after(self, before: "Streak") -> "Streak":
        """With another one that ended on the day before it began."""
        return self._of(self.days + before.days, self.last_day)

    def moved(self, today: date, today_there: date) -> "Streak":
        """The streak of somebody who moves to where it may be another day: it breaks none and mends none.

        A date that is left out on the way was not missed. One that is lived twice counts once: a streak that
        goes on never goes back, so moving to and fro makes nobody more days than there were.
        """
        if self.last_day is None:
            return self
        yesterday = today_there - _A_DAY
        if self.days_as_of(today) == 0:
            return replace(self, last_day=min(self.last_day, yesterday - _A_DAY))
        return replace(self, last_day=max(self.last_day, yesterday))

    def days_as_of(self, today: date) -> int:
        """The streak as `today` shows it: broken once a whole day has passed without activity."""
        if self.last_day is None or self.last_day < today - _A_DAY:
            return 0
        return self.days

    def _of(self, days: int, last_day: date | None) -> "Streak":
        return Streak(days, max(self.longest, days), last_day)


@dataclass(frozen=True, slots=True)
class Streaks:
    """The one that goes on, and the one before it.

    Classes are marked after they were held: news of a day between the two, however late it comes, makes one
    of them.
    """

    current: Streak = Streak()
    before: Streak = Streak()

    def active_on(self, day: date) -> "Streaks":
        current, before = self.current, self.before
        began = current.first_day
        if began is None or day >= began - _A_DAY:
            after = current.active_on(day)
            has_begun_anew = began is not None and after.first_day == day and day > began
            return Streaks(after, current if has_begun_anew else before)._joined()
        earlier = before.active_on(day)
        longest = max(current.longest, earlier.longest)
        return Streaks(replace(current, longest=longest), earlier)

    def moved(self, today: date, today_there: date) -> "Streaks":
        """As of a streak: the one before it stays as far behind it as it was."""
        current, before = self.current.moved(today, today_there), self.before
        if current.last_day and self.current.last_day and before.last_day:
            before = replace(before, last_day=before.last_day + (current.last_day - self.current.last_day))
        return Streaks(current, before)

    def _joined(self) -> "Streaks":
        end, began = self.before.last_day, self.current.first_day
        if end is None or end + _A_DAY != began:
            return self
        return Streaks(self.current.after(self.before))
