"""Creating, activating and completing classes, and changing their packages."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time

from subgraphs.classes.access import class_to_teach
from subgraphs.classes.domain.errors import COURSE_NOT_FOUND, INSTRUCTOR_NOT_FOUND, INVALID_AMOUNT
from subgraphs.classes.domain.identifiers import ClassId, CourseId, InstructorId
from subgraphs.classes.domain.schedule import Schedule, Weekday
from subgraphs.classes.domain.school_class import Class
from subgraphs.classes.domain.values import ClassType, Package, Title, places
from subgraphs.classes.repository.classes import find_class, store_class
from subgraphs.classes.repository.courses import tutor_of
from subgraphs.classes.tables import person
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Money, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.people import find_person, is_tutor


@dataclass(frozen=True, slots=True)
class CreateClass(Command[ClassId]):
    """A new class that teaches a course. Its instructor is the course's tutor, if nobody is named."""

    type: ClassType
    title: str
    course_id: str
    total_meetings: int
    price: Money
    weekdays: tuple[Weekday, ...]
    at: time
    minutes: int = 60
    time_zone: str = "UTC"
    starts_on: date | None = None
    capacity: int | None = None
    instructor_id: str | None = None


@dataclass(frozen=True, slots=True)
class ActivateClass(Command[ClassId]):
    class_id: str


@dataclass(frozen=True, slots=True)
class CompleteClass(Command[ClassId]):
    class_id: str


@dataclass(frozen=True, slots=True)
class AddMeetings(Command[ClassId]):
    """So many meetings more, for everybody."""

    class_id: str
    meetings: int


@dataclass(frozen=True, slots=True)
class ChangePackage(Command[ClassId]):
    """So many meetings in all, for everybody."""

    class_id: str
    total_meetings: int


async def create_class(
    command: CreateClass, work: UnitOfWork, request: RequestContext
) -> Result[ClassId, DomainError]:
    tutor_id = await tutor_of(work.connection, command.course_id)
    if tutor_id is None:
        return Failure(COURSE_NOT_FOUND)
    if command.price.is_negative:
        return Failure(replace(INVALID_AMOUNT, field="price"))
    parsed = (
        Title.parse(command.title),
        await _instructor(command.instructor_id, tutor_id, work, request),
        Schedule.of(
            command.type,
            weekdays=command.weekdays,
            at=command.at,
            minutes=command.minutes,
            time_zone=command.time_zone,
            starts_on=command.starts_on,
        ),
        places(command.type, command.capacity),
        Package.of(command.total_meetings),
    )
    match parsed:
        case (
            Success(value=title),
            Success(value=instructor_id),
            Success(value=schedule),
            Success(value=capacity),
            Success(value=package),
        ):
            created = Class.create(
                ClassId.new(work.ids),
                class_type=command.type,
                title=title,
                course_id=CourseId(command.course_id),
                instructor_id=instructor_id,
                schedule=schedule,
                capacity=capacity,
                package=package,
                price=command.price,
                at=work.now,
            )
            await store_class(work, created)
            return Success(created.id)
        case _:
            return next(one for one in parsed if isinstance(one, Failure))


async def activate_class(
    command: ActivateClass, work: UnitOfWork, request: RequestContext
) -> Result[ClassId, DomainError]:
    return await _change(command.class_id, work, request, lambda one: one.activate(at=work.now))


async def complete_class(
    command: CompleteClass, work: UnitOfWork, request: RequestContext
) -> Result[ClassId, DomainError]:
    return await _change(command.class_id, work, request, lambda one: one.complete(at=work.now))


async def add_meetings(
    command: AddMeetings, work: UnitOfWork, request: RequestContext
) -> Result[ClassId, DomainError]:
    by = request.actor_id or ""
    return await _change(
        command.class_id, work, request, lambda one: one.add_meetings(command.meetings, by=by, at=work.now)
    )


async def change_package(
    command: ChangePackage, work: UnitOfWork, request: RequestContext
) -> Result[ClassId, DomainError]:
    match Package.of(command.total_meetings):
        case Failure() as failure:
            return failure
        case Success(value=package):
            by = request.actor_id or ""
            return await _change(
                command.class_id,
                work,
                request,
                lambda one: one.change_package(package, by=by, at=work.now),
            )


async def _change(
    class_id: str,
    work: UnitOfWork,
    request: RequestContext,
    act: Callable[[Class], Result[None, DomainError]],
) -> Result[ClassId, DomainError]:
    """Do something to a class. CLASS_NOT_FOUND; FORBIDDEN to other instructors."""
    match class_to_teach(await find_class(work.connection, class_id), request.actor):
        case Failure() as failure:
            return failure
        case Success(value=found):
            pass
    acted = act(found)
    if isinstance(acted, Failure):
        return acted
    await store_class(work, found)
    return Success(found.id)


async def _instructor(
    named: str | None, tutor_id: str, work: UnitOfWork, request: RequestContext
) -> Result[InstructorId, DomainError]:
    """Who teaches the class: whom the staff names, else the course's tutor, unless they are gone."""
    match InstructorId.parse(named or tutor_id, field="instructorId"):
        case Success(value=id_) if named is None:
            tutor = await find_person(work.connection, person, str(id_))
            return Failure(INSTRUCTOR_NOT_FOUND) if tutor is not None and tutor.is_gone else Success(id_)
        case Success(value=id_) if not await is_tutor(work.connection, person, str(id_), request):
            return Failure(INSTRUCTOR_NOT_FOUND)
        case result:
            return result
