"""The values of classes: valid once they exist."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from subgraphs.classes.domain.errors import (
    INVALID_CAPACITY,
    INVALID_CREDIT,
    INVALID_PACKAGE,
    INVALID_REASON,
    INVALID_TITLE,
)
from subgraphs.kernel.domain import DomainError, Failure, Result, Success, ValueObject

_LONGEST_TITLE: Final = 120
_LONGEST_REASON: Final = 200
_LARGEST_GROUP: Final = 100
_LARGEST_PACKAGE: Final = 200
_MOST_CREDIT: Final = 400


class ClassType(StrEnum):
    """Whether many learn together or one alone."""

    GROUP = "GROUP"
    PRIVATE = "PRIVATE"


class ClassStatus(StrEnum):
    """OPEN takes students in, ACTIVE meets, COMPLETED is over."""

    OPEN = "OPEN"
    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"


class AttendanceStatus(StrEnum):
    """Whether a student was there."""

    PRESENT = "PRESENT"
    LATE = "LATE"
    ABSENT = "ABSENT"


class EnrollmentStatus(StrEnum):
    """SUSPENDED waits for money that has not come; CANCELLED has got it back, and left."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Title(ValueObject):
    """What a class is called."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Result[Self, DomainError]:
        """INVALID_TITLE."""
        stripped = " ".join(text.split())
        is_title = 1 <= len(stripped) <= _LONGEST_TITLE and stripped.isprintable()
        return Success(cls(stripped)) if is_title else Failure(INVALID_TITLE)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Reason(ValueObject):
    """Why somebody changed something by hand."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Result[Self, DomainError]:
        """INVALID_REASON."""
        stripped = text.strip()
        is_reason = 1 <= len(stripped) <= _LONGEST_REASON and "\0" not in stripped
        return Success(cls(stripped)) if is_reason else Failure(INVALID_REASON)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Package(ValueObject):
    """How many meetings a class has in all; every student of a group has the same."""

    meetings: int

    @classmethod
    def of(cls, meetings: int) -> Result[Self, DomainError]:
        """INVALID_PACKAGE."""
        return Success(cls(meetings)) if 1 <= meetings <= _LARGEST_PACKAGE else Failure(INVALID_PACKAGE)


@dataclass(frozen=True, slots=True)
class MeetingCredit(ValueObject):
    """How many meetings a student has left."""

    meetings: int

    def changed(self, delta: int) -> "Result[MeetingCredit, DomainError]":
        """INVALID_CREDIT when that leaves less than none, or more than anybody has."""
        left = self.meetings + delta
        return Success(MeetingCredit(left)) if 0 <= left <= _MOST_CREDIT else Failure(INVALID_CREDIT)


def places(class_type: ClassType, capacity: int | None) -> Result[int, DomainError]:
    """How many students may join: one, or what a group says. INVALID_CAPACITY."""
    match class_type, capacity:
        case ClassType.PRIVATE, None | 1:
            return Success(1)
        case ClassType.GROUP, int(wanted) if 1 < wanted <= _LARGEST_GROUP:
            return Success(wanted)
        case _:
            return Failure(INVALID_CAPACITY)
