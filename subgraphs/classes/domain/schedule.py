"""When a class meets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from subgraphs.classes.domain.errors import INVALID_SCHEDULE, START_REQUIRED
from subgraphs.classes.domain.values import ClassType
from subgraphs.kernel.domain import DomainError, Failure, Result, Success, ValueObject

_SHORTEST_MINUTES: Final = 15
_LONGEST_MINUTES: Final = 480


class Weekday(StrEnum):
    """The days of a week, as one speaks of them."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


_ORDER: Final = {day: place for place, day in enumerate(Weekday)}


@dataclass(frozen=True, slots=True)
class Schedule(ValueObject):
    """On these days of the week at this time, from a day on; a private class may begin whenever it suits."""

    weekdays: tuple[Weekday, ...]
    at: time
    minutes: int
    time_zone: str
    starts_on: date | None

    @classmethod
    def of(
        cls,
        class_type: ClassType,
        *,
        weekdays: Sequence[Weekday],
        at: time,
        minutes: int,
        time_zone: str,
        starts_on: date | None,
    ) -> Result[Self, DomainError]:
        """INVALID_SCHEDULE; START_REQUIRED for a group without a first day."""
        if class_type is ClassType.GROUP and starts_on is None:
            return Failure(START_REQUIRED)
        days = tuple(sorted(set(weekdays), key=_ORDER.__getitem__))
        if not days or not _SHORTEST_MINUTES <= minutes <= _LONGEST_MINUTES or not _is_zone(time_zone):
            return Failure(INVALID_SCHEDULE)
        return Success(
            cls(days, at.replace(second=0, microsecond=0, tzinfo=None), minutes, time_zone, starts_on)
        )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
