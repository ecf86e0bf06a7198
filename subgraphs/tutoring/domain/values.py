"""What a profile says."""

import re
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID, uuid5

from subgraphs.kernel.domain import DomainError, Failure, Identifier, Money, Result, Success, ValueObject
from subgraphs.tutoring.domain.errors import (
    INVALID_BIO,
    INVALID_HEADLINE,
    INVALID_HOURLY_RATE,
    INVALID_LANGUAGES,
    INVALID_SUBJECTS,
)

_TUTORS: Final = UUID("b0a1f4d2-6c39-4ff5-8f27-3f2f0b7f9d10")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_MOST: Final = 20
_LONGEST_SUBJECT: Final = 60
_LONGEST_HEADLINE: Final = 120
_LONGEST_BIO: Final = 4_000
_HIGHEST_RATE: Final = 100_000_000


class UserId(Identifier):
    """A user of identity."""

    __slots__ = ()


class TutorId(Identifier):
    """A tutor's profile."""

    __slots__ = ()

    @classmethod
    def of(cls, user_id: UserId) -> Self:
        """The one profile that this user has, or would have."""
        return cls(str(uuid5(_TUTORS, str(user_id))))


@dataclass(frozen=True, slots=True)
class Offer(ValueObject):
    """What a tutor offers; all of it may be left to say."""

    headline: str = ""
    bio: str = ""
    subjects: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hourly_rate: Money | None = None

    @classmethod
    def of(
        cls,
        *,
        headline: str,
        bio: str,
        subjects: tuple[str, ...],
        languages: tuple[str, ...],
        hourly_rate: Money | None,
    ) -> Result[Self, DomainError]:
        """INVALID_HEADLINE, INVALID_BIO, INVALID_SUBJECTS, INVALID_LANGUAGES, INVALID_HOURLY_RATE.

        Subjects that differ in case or spaces alone are one.
        """
        headline, bio = " ".join(headline.split()), bio.strip()
        subjects = tuple({subject_key(one): " ".join(one.split()) for one in subjects}.values())
        languages = tuple(dict.fromkeys(languages))
        if len(headline) > _LONGEST_HEADLINE or not headline.isprintable():
            return Failure(INVALID_HEADLINE)
        if len(bio) > _LONGEST_BIO or "\0" in bio:
            return Failure(INVALID_BIO)
        if len(subjects) > _MOST or not all(map(_is_subject, subjects)):
            return Failure(INVALID_SUBJECTS)
        if len(languages) > _MOST or not all(map(_LANGUAGE.fullmatch, languages)):
            return Failure(INVALID_LANGUAGES)
        if hourly_rate is not None and not 0 < hourly_rate.amount_minor <= _HIGHEST_RATE:
            return Failure(INVALID_HOURLY_RATE)
        return Success(cls(headline, bio, subjects, languages, hourly_rate))


def subject_key(subject: str) -> str:
    """The same for subjects that are the same to people."""
    return " ".join(subject.casefold().split())


def _is_subject(text: str) -> bool:
    return 1 <= len(text) <= _LONGEST_SUBJECT and text.isprintable()
