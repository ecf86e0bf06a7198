"""When a tutor has time: windows of a week, by the clocks where the tutor lives."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from subgraphs.kernel.domain import DomainError, Failure, Result, Success, ValueObject
from subgraphs.tutoring.domain.errors import INVALID_TIME_ZONE, INVALID_WINDOW, TOO_MANY_WINDOWS

_DAY: Final = 24 * 60
_WEEK: Final = 7 * _DAY
_MOST_WINDOWS: Final = 50


class Weekday(StrEnum):
    """A day of the week, Monday first (ISO 8601)."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"

    @property
    def number(self) -> int:
        """0 to 6, as `date.weekday` counts."""
        return list(Weekday).index(self)


@dataclass(frozen=True, slots=True)
class Window(ValueObject):
    """Some time on one weekday, in minutes after midnight: 540 to 600 is from nine to ten."""

    weekday: Weekday
    starts: int
    ends: int

    @classmethod
    def of(cls, weekday: Weekday, starts: int, ends: int) -> Result[Self, DomainError]:
        """INVALID_WINDOW."""
        is_valid = 0 <= starts < ends <= _DAY
        return Success(cls(weekday, starts, ends)) if is_valid else Failure(INVALID_WINDOW)

    @property
    def begins_at(self) -> int:
        """In minutes of the week."""
        return self.weekday.number * _DAY + self.starts

    @property
    def length(self) -> int:
        return self.ends - self.starts


@dataclass(frozen=True, slots=True)
class Moment(ValueObject):
    """An instant by the clocks of some place."""

    weekday: Weekday
    minute: int

    @classmethod
    def of(cls, instant: datetime, time_zone: str) -> Self:
        try:
            local = instant.astimezone(ZoneInfo(time_zone))
        except OverflowError:  # the first and the last day of the calendar are whole in UTC alone
            local = instant
        return cls(list(Weekday)[local.weekday()], local.hour * 60 + local.minute)


@dataclass(frozen=True, slots=True)
class Availability(ValueObject):
    """The windows of a week, in order and apart from each other."""

    time_zone: str = "UTC"
    windows: tuple[Window, ...] = ()

    @classmethod
    def of(cls, time_zone: str, windows: Iterable[Window]) -> Result[Self, DomainError]:
        """INVALID_TIME_ZONE, TOO_MANY_WINDOWS. Windows that overlap or touch become one."""
        if not is_time_zone(time_zone):
            return Failure(INVALID_TIME_ZONE)
        merged = _merged(sorted(windows, key=lambda one: one.begins_at))
        return Success(cls(time_zone, merged)) if len(merged) <= _MOST_WINDOWS else Failure(TOO_MANY_WINDOWS)

    def includes(self, instant: datetime) -> bool:
        """Whether the tutor has time then, by the clocks of that day."""
        moment = Moment.of(instant, self.time_zone)
        return any(
            one.weekday is moment.weekday and one.starts <= moment.minute < one.ends for one in self.windows
        )

    def minutes_shared(self, other: "Availability", *, as_of: datetime) -> int:
        """How many minutes of a week both have time, by the clocks of this instant's week."""
        return (_minutes(self, as_of) & _minutes(other, as_of)).bit_count()

    @property
    def length(self) -> int:
        """In minutes."""
        return sum(window.length for window in self.windows)


def is_time_zone(name: str) -> bool:
    """Whether this is the name of a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    merged: list[Window] = []
    for window in windows:
        if merged and merged[-1].weekday is window.weekday and merged[-1].ends >= window.starts:
            last = merged.pop()
            merged.append(Window(last.weekday, last.starts, max(last.ends, window.ends)))
        else:
            merged.append(window)
    return tuple(merged)


def _minutes(availability: Availability, as_of: datetime) -> int:
    """The minutes of a week in UTC, a bit for each."""
    minutes = 0
    for window in availability.windows:
        minutes |= ((1 << window.length) - 1) << window.begins_at
    offset = as_of.astimezone(ZoneInfo(availability.time_zone)).utcoffset()
    ahead = int(offset.total_seconds() // 60) % _WEEK if offset else 0
    return (minutes >> ahead | minutes << (_WEEK - ahead)) & ((1 << _WEEK) - 1)
