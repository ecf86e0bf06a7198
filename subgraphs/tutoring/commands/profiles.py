"""What tutors say of themselves, and what the academy says of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import UNAUTHENTICATED, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Money, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.tutoring.domain.availability import Availability, Weekday, Window
from subgraphs.tutoring.domain.errors import PERSON_UNKNOWN, TUTOR_NOT_FOUND, TUTOR_PROFILE_EXISTS
from subgraphs.tutoring.domain.tutor import TutorProfile
from subgraphs.tutoring.domain.values import Offer, TutorId, UserId
from subgraphs.tutoring.repository import email_of, find_tutor, save_tutor

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SetTo(Generic[T]):
    """A new value, in a change that may leave other things as they are."""

    value: T


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be said otherwise."""

    headline: SetTo[str] | None = None
    bio: SetTo[str] | None = None
    subjects: SetTo[tuple[str, ...]] | None = None
    languages: SetTo[tuple[str, ...]] | None = None
    hourly_rate: SetTo[Money | None] | None = None

    def to(self, offer: Offer) -> Result[Offer, DomainError]:
        """The offer with these changes; refused as in `Offer.of`."""
        return Offer.of(
            headline=self.headline.value if self.headline else offer.headline,
            bio=self.bio.value if self.bio else offer.bio,
            subjects=self.subjects.value if self.subjects else offer.subjects,
            languages=self.languages.value if self.languages else offer.languages,
            hourly_rate=self.hourly_rate.value if self.hourly_rate else offer.hourly_rate,
        )


@dataclass(frozen=True, slots=True)
class CreateTutorProfile(Command[TutorId]):
    """Have a profile of one's own. Who becomes a tutor has one without asking."""

    changes: Changes = Changes()


@dataclass(frozen=True, slots=True)
class UpdateTutorProfile(Command[TutorId]):
    """Say something else of oneself."""

    changes: Changes


@dataclass(frozen=True, slots=True)
class WindowInput:
    """A window as somebody asks for it: minutes after midnight."""

    weekday: Weekday
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class SetAvailability(Command[TutorId]):
    """Have time in these windows of each week, by the clocks of this time zone, and at no other time."""

    time_zone: str
    windows: tuple[WindowInput, ...]


@dataclass(frozen=True, slots=True)
class VerifyTutor(Command[TutorId]):
    """Vouch for a tutor."""

    tutor_id: str


async def create_tutor_profile(
    command: CreateTutorProfile, work: UnitOfWork, request: RequestContext
) -> Result[TutorId, DomainError]:
    if request.actor is None:
        return Failure(UNAUTHENTICATED)
    user_id = UserId(request.actor.id)
    if await find_tutor(work.connection, TutorId.of(user_id)):
        return Failure(TUTOR_PROFILE_EXISTS)
    email = await email_of(work.connection, user_id)
    if email is None:
        return Failure(PERSON_UNKNOWN)
    offer = command.changes.to(Offer())
    if isinstance(offer, Failure):
        return offer
    profile = TutorProfile.create(user_id, work.now)
    profile.update(offer.value, work.now)
    await save_tutor(work, profile, email=email)
    return Success(profile.id)


async def update_tutor_profile(
    command: UpdateTutorProfile, work: UnitOfWork, request: RequestContext
) -> Result[TutorId, DomainError]:
    def update(profile: TutorProfile) -> Result[None, DomainError]:
        offer = command.changes.to(profile.offer)
        if isinstance(offer, Failure):
            return offer
        profile.update(offer.value, work.now)
        return Success(None)

    return await _change_own(update, work, request)


async def set_availability(
    command: SetAvailability, work: UnitOfWork, request: RequestContext
) -> Result[TutorId, DomainError]:
    availability = availability_from(command.time_zone, command.windows)
    if isinstance(availability, Failure):
        return availability

    def set_it(profile: TutorProfile) -> Result[None, DomainError]:
        profile.set_availability(availability.value, work.now)
        return Success(None)

    return await _change_own(set_it, work, request)


async def verify_tutor(
    command: VerifyTutor, work: UnitOfWork, request: RequestContext
) -> Result[TutorId, DomainError]:
    profile = await find_tutor(work.connection, TutorId(command.tutor_id))
    if profile is None:
        return Failure(TUTOR_NOT_FOUND)
    if request.actor is None:
        return Failure(UNAUTHENTICATED)
    verified = profile.verify(UserId(request.actor.id), work.now)
    if isinstance(verified, Failure):
        return verified
    await save_tutor(work, profile)
    return Success(profile.id)


def availability_from(time_zone: str, windows: tuple[WindowInput, ...]) -> Result[Availability, DomainError]:
    """INVALID_WINDOW, INVALID_TIME_ZONE, TOO_MANY_WINDOWS."""
    checked = []
    for one in windows:
        window = Window.of(one.weekday, one.starts, one.ends)
        if isinstance(window, Failure):
            return window
        checked.append(window.value)
    return Availability.of(time_zone, checked)


async def _change_own(
    change: Callable[[TutorProfile], Result[None, DomainError]], work: UnitOfWork, request: RequestContext
) -> Result[TutorId, DomainError]:
    """Change the profile of whoever asks. TUTOR_NOT_FOUND, and what the change refuses."""
    profile = await find_tutor(work.connection, TutorId.of(UserId(request.actor_id or "")))
    if profile is None:
        return Failure(TUTOR_NOT_FOUND)
    changed = change(profile)
    if isinstance(changed, Failure):
        return changed
    await save_tutor(work, profile)
    return Success(profile.id)
