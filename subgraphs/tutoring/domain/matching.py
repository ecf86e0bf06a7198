"""How well tutors fit what somebody looks for, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from subgraphs.kernel.domain import DomainError, Failure, Money, Result, Success, ValueObject
from subgraphs.tutoring.domain.availability import Availability
from subgraphs.tutoring.domain.errors import NOTHING_WANTED
from subgraphs.tutoring.domain.values import Offer, subject_key

_SUBJECTS: Final = 45
_PRICE: Final = 15
_TIME: Final = 20
_LANGUAGE: Final = 10
_VERIFIED: Final = 5
_RATING: Final = 5
_BEST_RATING: Final = 500


class MatchReason(StrEnum):
    """What speaks for a tutor."""

    ALL_SUBJECTS = "ALL_SUBJECTS"
    SOME_SUBJECTS = "SOME_SUBJECTS"
    WITHIN_BUDGET = "WITHIN_BUDGET"
    TIME_IN_COMMON = "TIME_IN_COMMON"
    LANGUAGE_IN_COMMON = "LANGUAGE_IN_COMMON"
    VERIFIED = "VERIFIED"
    WELL_RATED = "WELL_RATED"


@dataclass(frozen=True, slots=True)
class Wanted(ValueObject):
    """What somebody looks for: subjects, and whatever else matters to them."""

    subjects: frozenset[str]
    languages: frozenset[str]
    highest_rate: Money | None
    times: Availability | None

    @classmethod
    def of(
        cls,
        subjects: Iterable[str],
        *,
        languages: Iterable[str] = (),
        highest_rate: Money | None = None,
        times: Availability | None = None,
    ) -> Result[Self, DomainError]:
        """NOTHING_WANTED without a subject."""
        wanted = frozenset(filter(None, map(subject_key, subjects)))
        if not wanted:
            return Failure(NOTHING_WANTED)
        times = times if times and times.length else None
        return Success(cls(wanted, frozenset(languages), highest_rate, times))


@dataclass(frozen=True, slots=True)
class Candidate(ValueObject):
    """A tutor, as far as matching goes. `rating` is in hundredths of a star, 0 without reviews."""

    id: str
    offer: Offer
    availability: Availability
    is_verified: bool
    rating: int


@dataclass(frozen=True, slots=True)
class Match(ValueObject):
    """How well a tutor fits, 0 to 100, and what speaks for them."""

    tutor_id: str
    score: int
    reasons: tuple[MatchReason, ...]


def matches(candidates: Iterable[Candidate], wanted: Wanted, *, now: datetime) -> Sequence[Match]:
    """Those who teach one of the subjects, the best first.

    Whoever costs more than the highest rate does not fit; a price in another currency is not compared. What
    nobody asked for counts for everybody.
    """
    found = [match for one in candidates if (match := _match(one, wanted, now))]
    return sorted(found, key=lambda match: (-match.score, match.tutor_id))


def _match(candidate: Candidate, wanted: Wanted, now: datetime) -> Match | None:
    taught = wanted.subjects & set(map(subject_key, candidate.offer.subjects))
    if not taught or _is_too_expensive(candidate, wanted):
        return None
    reasons = [MatchReason.ALL_SUBJECTS if taught == wanted.subjects else MatchReason.SOME_SUBJECTS]
    points = _SUBJECTS * len(taught) / len(wanted.subjects)
    if wanted.highest_rate is None:
        points += _PRICE
    elif _has_comparable_rate(candidate, wanted.highest_rate):
        reasons.append(MatchReason.WITHIN_BUDGET)
        points += _PRICE
    shared = candidate.availability.minutes_shared(wanted.times, as_of=now) if wanted.times else 0
    if wanted.times is None:
        points += _TIME
    elif shared:
        reasons.append(MatchReason.TIME_IN_COMMON)
        points += _TIME * shared / wanted.times.length
    if not wanted.languages:
        points += _LANGUAGE
    elif wanted.languages & set(candidate.offer.languages):
        reasons.append(MatchReason.LANGUAGE_IN_COMMON)
        points += _LANGUAGE
    if candidate.is_verified:
        reasons.append(MatchReason.VERIFIED)
        points += _VERIFIED
    if candidate.rating >= _BEST_RATING * 4 // 5:
        reasons.append(MatchReason.WELL_RATED)
    points += _RATING * min(candidate.rating, _BEST_RATING) / _BEST_RATING
    return Match(candidate.id, round(points), tuple(reasons))


def _is_too_expensive(candidate: Candidate, wanted: Wanted) -> bool:
    rate, highest = candidate.offer.hourly_rate, wanted.highest_rate
    return highest is not None and rate is not None and rate.currency == highest.currency and highest < rate


def _has_comparable_rate(candidate: Candidate, highest: Money) -> bool:
    rate = candidate.offer.hourly_rate
    return rate is not None and rate.currency == highest.currency
