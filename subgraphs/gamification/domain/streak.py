"""Streaks: how many days in a row a player was active, by the calendar where they live."""

from dataclasses import dataclass, replace
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Streak:
    """Consecutive days with activity, up to and including `last_day`."""

    days: int = 0
    longest: int = 0
    last_day: date | None = None

    def active_on(self, day: date) -> "Streak":
        """The streak after activity on `day`; news about a day already passed changes nothing."""
        if self.last_day is not None and day <= self.last_day:
            return self
        continues = self.last_day == day - timedelta(days=1)
        days = self.days + 1 if continues else 1
        return replace(self, days=days, longest=max(self.longest, days), last_day=day)

    def moved(self, today: date, today_there: date) -> "Streak":
        """The streak of somebody who moves to where it may be another day: nobody loses one on the way."""
        if self.last_day is None or self.days_as_of(today) == 0:
            return self
        return replace(self, last_day=self.last_day + (today_there - today))

    def days_as_of(self, today: date) -> int:
        """The streak as `today` shows it: broken once a whole day has passed without activity."""
        if self.last_day is None or self.last_day < today - timedelta(days=1):
            return 0
        return self.days
