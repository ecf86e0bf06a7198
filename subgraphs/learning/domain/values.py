"""Values with rules. Whoever holds one holds a valid one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from subgraphs.kernel.domain import Currency, DomainError, Failure, Money, Result, Success, ValueObject

_LARGEST_PRICE = 100_000_000
_FULL_MARKS = 100


class CourseStatus(StrEnum):
    """A draft is for its tutor and the staff; a published course is for everybody."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"


class Difficulty(StrEnum):
    """What a course asks of its students."""

    BEGINNER = "BEGINNER"
    INTERMEDIATE = "INTERMEDIATE"
    ADVANCED = "ADVANCED"


class ExerciseType(StrEnum):
    """What the student does."""

    READING = "READING"
    QUIZ = "QUIZ"
    PRACTICE = "PRACTICE"
    CODING = "CODING"


class EnrollmentStatus(StrEnum):
    """Whether a student takes the course."""

    ACTIVE = "ACTIVE"
    CANCELLED = "CANCELLED"


class EnrollmentRequestStatus(StrEnum):
    """What has become of the wish to take a course."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class ProgressStatus(StrEnum):
    """Whether anything of the course is left to do."""

    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"


@dataclass(frozen=True, slots=True)
class _Text(ValueObject):
    """Text that is not blank and not too long; white space around it is dropped."""

    text: str

    @classmethod
    def _parse(cls, text: str, *, longest: int, field: str) -> Result[Self, DomainError]:
        stripped = text.strip()
        if not stripped:
            return Failure(DomainError("REQUIRED", f"{field} must not be empty", field))
        if len(stripped) > longest:
            return Failure(DomainError("TOO_LONG", f"{field} is longer than {longest} characters", field))
        if "\0" in stripped:
            return Failure(
                DomainError("INVALID_TEXT", f"{field} contains a character that is no text", field)
            )
        return Success(cls(stripped))

    @classmethod
    def _parse_line(cls, text: str, *, longest: int, field: str) -> Result[Self, DomainError]:
        if not text.strip().isprintable():
            return Failure(DomainError("INVALID_TEXT", f"{field} must be a single line of text", field))
        return cls._parse(text, longest=longest, field=field)

    def __str__(self) -> str:
        return self.text


class Title(_Text):
    """The name of a course or of a part of it: one line of at most 120 characters."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *, field: str = "title") -> Result[Self, DomainError]:
        """REQUIRED when blank, TOO_LONG, or INVALID_TEXT when it is more than a line."""
        return cls._parse_line(text, longest=120, field=field)


class Subject(_Text):
    """What a course is about: Mathematics, Music. The same subject however it is capitalised."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *, field: str = "subject") -> Result[Self, DomainError]:
        """REQUIRED when blank, TOO_LONG above 60 characters, or INVALID_TEXT when it is more than a line."""
        return cls._parse_line(text, longest=60, field=field)

    @property
    def key(self) -> str:
        """What two spellings of one subject share."""
        return subject_key(self.text)


def subject_key(text: str) -> str:
    """The form in which subjects are compared: case and white space do not count."""
    return " ".join(text.casefold().split())


class Prose(_Text):
    """A description, a lesson's text or an exercise's instructions: Markdown of at most 20 000 characters."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *, field: str) -> Result[Self, DomainError]:
        """REQUIRED when blank, TOO_LONG, or INVALID_TEXT with a null character in it."""
        return cls._parse(text, longest=20_000, field=field)


class Description(Prose):
    """What a course says about itself: Markdown, or nothing yet."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *, field: str = "description") -> Result[Self, DomainError]:
        """TOO_LONG, or INVALID_TEXT with a null character in it."""
        return super().parse(text, field=field) if text.strip() else Success(cls(""))


class LessonContent(Prose):
    """The text of a lesson."""

    __slots__ = ()


def parse_price(amount_minor: int, currency: str, *, field: str = "price") -> Result[Money, DomainError]:
    """What a course costs, nothing included. INVALID_PRICE when negative or absurd, INVALID_CURRENCY."""
    if not 0 <= amount_minor <= _LARGEST_PRICE:
        return Failure(DomainError("INVALID_PRICE", f"A price is 0 to {_LARGEST_PRICE} minor units", field))
    match Currency.parse(currency, field=field):
        case Success(value=parsed):
            return Success(Money(amount_minor, parsed))
        case Failure() as failure:
            return failure


@dataclass(frozen=True, slots=True)
class Score(ValueObject):
    """How well an exercise was done: 0 to 100."""

    points: int

    @classmethod
    def share(cls, right: int, total: int) -> Self:
        """So many right answers of a total, rounded half up."""
        return cls((200 * right + total) // (2 * total))

    @classmethod
    def of(cls, points: int, *, field: str = "score") -> Result[Self, DomainError]:
        """INVALID_SCORE outside 0 to 100."""
        if not 0 <= points <= _FULL_MARKS:
            return Failure(DomainError("INVALID_SCORE", f"A score is 0 to {_FULL_MARKS}", field))
        return Success(cls(points))
