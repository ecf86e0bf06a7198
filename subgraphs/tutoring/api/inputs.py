"""What can be said of tutors, and what can be looked for."""

import re
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

import strawberry

from subgraphs.kernel import domain
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.graphql.money import MoneyInput
from subgraphs.tutoring.api.enums import PUBLIC, Weekday
from subgraphs.tutoring.commands.profiles import (
    Changes,
    SetAvailability,
    SetTo,
    WindowInput,
    availability_from,
)
from subgraphs.tutoring.domain.availability import Availability
from subgraphs.tutoring.domain.errors import INVALID_WINDOW
from subgraphs.tutoring.domain.matching import Wanted
from subgraphs.tutoring.domain.values import TutorId

T = TypeVar("T")

_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")


@strawberry.input(description="What is left out stays as it is; a rate of null is taken away.")
class TutorProfileInput:
    headline: strawberry.Maybe[str]
    bio: strawberry.Maybe[str]
    subjects: strawberry.Maybe[list[str]]
    languages: strawberry.Maybe[list[str]]
    hourly_rate: strawberry.Maybe[MoneyInput | None]

    def command(self, of: Callable[[Changes], Command[TutorId]]) -> Result[Command[TutorId], DomainError]:
        """The command `of` what is to change. INVALID_CURRENCY."""
        rate: SetTo[domain.Money | None] | None = None
        if self.hourly_rate:
            money = optional_money(self.hourly_rate.value)
            if isinstance(money, Failure):
                return money
            rate = SetTo(money.value)
        changes = Changes(
            headline=SetTo(self.headline.value) if self.headline else None,
            bio=SetTo(self.bio.value) if self.bio else None,
            subjects=SetTo(tuple(self.subjects.value)) if self.subjects else None,
            languages=SetTo(tuple(self.languages.value)) if self.languages else None,
            hourly_rate=rate,
        )
        return Success(of(changes))


@strawberry.federation.input(tags=PUBLIC, description="Some time on one day of each week.")
class WeeklyWindowInput:
    weekday: Weekday
    starts_at: str = strawberry.field(description="HH:MM")
    ends_at: str = strawberry.field(description="HH:MM; 24:00 is the end of the day.")


@strawberry.federation.input(
    tags=PUBLIC, description="When there is time: in these windows of each week, and at no other time."
)
class AvailabilityInput:
    time_zone: str = strawberry.field(description="A name of the IANA database.", default="UTC")
    windows: list[WeeklyWindowInput]

    def command(self) -> Result[SetAvailability, DomainError]:
        """INVALID_WINDOW."""
        windows = _windows(self.windows)
        if isinstance(windows, Failure):
            return windows
        return Success(SetAvailability(self.time_zone, windows.value))

    def to_domain(self) -> Result[Availability, DomainError]:
        """INVALID_WINDOW, INVALID_TIME_ZONE, TOO_MANY_WINDOWS."""
        windows = _windows(self.windows)
        return windows if isinstance(windows, Failure) else availability_from(self.time_zone, windows.value)


@strawberry.federation.input(
    tags=PUBLIC, description="What somebody looks for. Only the subjects are needed."
)
class MatchInput:
    subjects: list[str]
    languages: list[str] = strawberry.field(default_factory=list)
    highest_rate: MoneyInput | None = None
    times: AvailabilityInput | None = strawberry.field(default=None, description="When the student has time.")

    def wanted(self) -> Wanted:
        """QueryError when it makes no sense."""
        return or_refuse(
            Wanted.of(
                self.subjects,
                languages=self.languages,
                highest_rate=or_refuse(optional_money(self.highest_rate)),
                times=or_refuse(self.times.to_domain()) if self.times else None,
            )
        )


@strawberry.input
class VerifyTutorInput:
    tutor_id: strawberry.ID


def optional_money(money: MoneyInput | None) -> Result[domain.Money | None, DomainError]:
    """INVALID_CURRENCY."""
    if money is None:
        return Success(None)
    match money.to_domain():
        case Success(value):
            return Success(value)
        case Failure() as refused:
            return refused


def or_refuse(result: Result[T, DomainError]) -> T:
    """What came of it; QueryError when nothing did."""
    if isinstance(result, Failure):
        raise QueryError(result.error)
    return result.value


def _windows(windows: Iterable[WeeklyWindowInput]) -> Result[tuple[WindowInput, ...], DomainError]:
    read = []
    for one in windows:
        if not (_CLOCK.fullmatch(one.starts_at) and _CLOCK.fullmatch(one.ends_at)):
            return Failure(INVALID_WINDOW)
        read.append(WindowInput(one.weekday, _minutes(one.starts_at), _minutes(one.ends_at)))
    return Success(tuple(read))


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)
