"""Values with rules. Whoever holds one holds a valid one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from urllib.parse import urlsplit

from subgraphs.kernel.domain import DomainError, Failure, Result, Success, ValueObject

_LONGEST_TITLE: Final = 120
_LONGEST_PROSE: Final = 20_000
_LONGEST_WORK: Final = 100_000
_LONGEST_LINK: Final = 2000
_MOST_POINTS: Final = 1000


class AssignmentStatus(StrEnum):
    """Whether something may still be handed in."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class SubmissionType(StrEnum):
    """What is handed in: a text or a program as they are, the address of something, or of an uploaded
    file."""

    TEXT = "TEXT"
    LINK = "LINK"
    FILE = "FILE"
    CODE = "CODE"


@dataclass(frozen=True, slots=True)
class Due(ValueObject):
    """Until when something may be handed in; None for ever."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class Title(ValueObject):
    """The name of an assignment: one line of at most 120 characters."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Result[Self, DomainError]:
        """INVALID_TITLE when it is blank, too long, or more than a line."""
        stripped = text.strip()
        if not stripped or len(stripped) > _LONGEST_TITLE or not stripped.isprintable():
            return Failure(
                DomainError(
                    "INVALID_TITLE", f"A title is one line of 1 to {_LONGEST_TITLE} characters", "title"
                )
            )
        return Success(cls(stripped))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Prose(ValueObject):
    """Instructions or feedback: Markdown of at most 20 000 characters."""

    text: str

    @classmethod
    def parse(cls, text: str, *, field: str) -> Result[Self, DomainError]:
        """INVALID_TEXT when it is blank, too long, or has a null character in it."""
        stripped = text.strip()
        if not stripped or len(stripped) > _LONGEST_PROSE or "\0" in stripped:
            return Failure(
                DomainError("INVALID_TEXT", f"{field} has 1 to {_LONGEST_PROSE} characters of text", field)
            )
        return Success(cls(stripped))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Points(ValueObject):
    """How much an assignment is worth: 1 to 1000."""

    number: int

    @classmethod
    def of(cls, number: int) -> Result[Self, DomainError]:
        """INVALID_POINTS."""
        if not 1 <= number <= _MOST_POINTS:
            return Failure(
                DomainError(
                    "INVALID_POINTS", f"An assignment is worth 1 to {_MOST_POINTS} points", "maxPoints"
                )
            )
        return Success(cls(number))


@dataclass(frozen=True, slots=True)
class Work(ValueObject):
    """What a student hands in. Of links and files it is the address."""

    type: SubmissionType
    content: str

    @classmethod
    def of(cls, type_: SubmissionType, content: str) -> Result[Self, DomainError]:
        """INVALID_WORK when it is empty or too long; links and files need an http or https address."""
        stripped = content.strip()
        if not stripped or len(stripped) > _LONGEST_WORK or "\0" in stripped:
            return _invalid_work(f"Hand in 1 to {_LONGEST_WORK} characters")
        if type_ in (SubmissionType.LINK, SubmissionType.FILE) and not _is_address(stripped):
            return _invalid_work("This is not an http or https address")
        return Success(cls(type_, stripped))


@dataclass(frozen=True, slots=True)
class Grade(ValueObject):
    """So many points of the most that there are."""

    points: int
    max_points: int

    @classmethod
    def of(cls, points: int, max_points: Points) -> Result[Self, DomainError]:
        """INVALID_GRADE unless it is 0 to the most."""
        if not 0 <= points <= max_points.number:
            return Failure(
                DomainError("INVALID_GRADE", f"A grade is 0 to {max_points.number} points", "points")
            )
        return Success(cls(points, max_points.number))

    @property
    def percent(self) -> int:
        """Rounded down: 100 is for full marks."""
        return 100 * self.points // self.max_points


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    has_host = parts.scheme in ("http", "https") and bool(parts.hostname)
    return has_host and len(text) <= _LONGEST_LINK and text.isprintable() and " " not in text


def _invalid_work(message: str) -> Failure[DomainError]:
    return Failure(DomainError("INVALID_WORK", message, "content"))
