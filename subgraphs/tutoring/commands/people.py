"""Users become tutors, stop being tutors, and go."""

from collections.abc import Callable
from dataclasses import dataclass, field

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.tutoring.domain.errors import PERSON_UNKNOWN
from subgraphs.tutoring.domain.tutor import TutorProfile
from subgraphs.tutoring.domain.values import TutorId, UserId
from subgraphs.tutoring.repository import (
    email_of,
    find_tutor,
    forget_person,
    forget_words,
    is_forgotten,
    know_person,
    save_tutor,
)


@dataclass(frozen=True, slots=True)
class BecomeTutor(Command[TutorId]):
    """A user is a tutor from now on, for the first time or again; new ones have this address."""

    user_id: str
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class StopTutoring(Command[TutorId]):
    """A user is no tutor any more."""

    user_id: str


@dataclass(frozen=True, slots=True)
class SuspendTutor(Command[TutorId]):
    """A user may not log in."""

    user_id: str


@dataclass(frozen=True, slots=True)
class ResumeTutor(Command[TutorId]):
    """A user may log in again."""

    user_id: str


@dataclass(frozen=True, slots=True)
class ForgetTutor(Command[TutorId]):
    """A user is gone, and what they have said of themselves goes, too."""

    user_id: str


async def become_tutor(
    command: BecomeTutor, work: UnitOfWork, _: RequestContext
) -> Result[TutorId, DomainError]:
    user_id = UserId(command.user_id)
    if command.email is not None:
        await know_person(work.connection, user_id, command.email)
    if await is_forgotten(work.connection, user_id):
        return Success(TutorId.of(user_id))
    email = await email_of(work.connection, user_id)
    if email is None:
        return Failure(PERSON_UNKNOWN)
    profile = await find_tutor(work.connection, TutorId.of(user_id))
    if profile is None:
        profile = TutorProfile.create(user_id, work.now)
    profile.list_(work.now)
    await save_tutor(work, profile, email=email)
    return Success(profile.id)


async def stop_tutoring(
    command: StopTutoring, work: UnitOfWork, _: RequestContext
) -> Result[TutorId, DomainError]:
    return await _change(command.user_id, lambda profile: profile.unlist(work.now), work)


async def suspend_tutor(
    command: SuspendTutor, work: UnitOfWork, _: RequestContext
) -> Result[TutorId, DomainError]:
    return await _change(command.user_id, lambda profile: profile.suspend(work.now), work)


async def resume_tutor(
    command: ResumeTutor, work: UnitOfWork, _: RequestContext
) -> Result[TutorId, DomainError]:
    return await _change(command.user_id, lambda profile: profile.resume(work.now), work)


async def forget_tutor(
    command: ForgetTutor, work: UnitOfWork, _: RequestContext
) -> Result[TutorId, DomainError]:
    user_id = UserId(command.user_id)
    id_ = TutorId.of(user_id)
    if profile := await find_tutor(work.connection, id_):
        profile.forget(work.now)
        await save_tutor(work, profile)
        await forget_words(work.connection, id_)
    await forget_person(work.connection, user_id)
    return Success(id_)


async def _change(
    user_id: str, change: Callable[[TutorProfile], None], work: UnitOfWork
) -> Result[TutorId, DomainError]:
    """Whoever has no profile has nothing to be changed."""
    id_ = TutorId.of(UserId(user_id))
    if profile := await find_tutor(work.connection, id_):
        change(profile)
        await save_tutor(work, profile)
    return Success(id_)
