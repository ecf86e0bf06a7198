"""Making courses, and what is said about them."""

from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import FORBIDDEN, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.learning.access import is_staff
from subgraphs.learning.commands.editing import course_to_edit, first_failure
from subgraphs.learning.domain.course import Course
from subgraphs.learning.domain.errors import (
    TUTOR_NOT_FOUND,
    TUTOR_REQUIRED,
)
from subgraphs.learning.domain.identifiers import CourseId, TutorId
from subgraphs.learning.domain.values import (
    Description,
    Difficulty,
    Subject,
    Title,
    parse_price,
)
from subgraphs.learning.repository.courses import (
    save_course,
)
from subgraphs.learning.tables import person
from subgraphs.people import is_tutor


@dataclass(frozen=True, slots=True)
class CreateCourse(Command[CourseId]):
    """Begin a course. `tutor_id` may be left out by a tutor, whose own course it becomes."""

    title: str
    description: str
    subject: str
    difficulty: Difficulty
    price_amount_minor: int
    price_currency: str
    tutor_id: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateCourse(Command[CourseId]):
    """Change what is not None."""

    course_id: str
    title: str | None = None
    description: str | None = None
    price_amount_minor: int | None = None
    price_currency: str | None = None


@dataclass(frozen=True, slots=True)
class PublishCourse(Command[CourseId]):
    course_id: str


async def create_course(
    command: CreateCourse, work: UnitOfWork, request: RequestContext
) -> Result[CourseId, DomainError]:
    parsed = (
        await _tutor(command, work, request),
        Title.parse(command.title),
        Description.parse(command.description),
        Subject.parse(command.subject),
        parse_price(command.price_amount_minor, command.price_currency),
    )
    match parsed:
        case (
            Success(value=tutor_id),
            Success(value=title),
            Success(value=description),
            Success(value=subject),
            Success(value=price),
        ):
            course = Course.create(
                CourseId.new(work.ids),
                tutor_id=tutor_id,
                title=title,
                description=description,
                subject=subject,
                difficulty=command.difficulty,
                price=price,
                at=work.now,
            )
            await save_course(work, course)
            return Success(course.id)
        case _:
            return first_failure(parsed)


async def update_course(
    command: UpdateCourse, work: UnitOfWork, request: RequestContext
) -> Result[CourseId, DomainError]:
    title = None if command.title is None else Title.parse(command.title)
    description = None if command.description is None else Description.parse(command.description)
    match await course_to_edit(command.course_id, work, request):
        case Failure() as failure:
            return failure
        case Success(value=course):
            pass
    amount, currency = command.price_amount_minor, command.price_currency
    price = parse_price(
        course.price.amount_minor if amount is None else amount,
        course.price.currency.code if currency is None else currency,
    )
    if isinstance(title, Failure) or isinstance(description, Failure) or isinstance(price, Failure):
        return first_failure((title, description, price))
    course.update(
        title=title.value if title else None,
        description=description.value if description else None,
        price=price.value,
        at=work.now,
    )
    await save_course(work, course)
    return Success(course.id)


async def publish_course(
    command: PublishCourse, work: UnitOfWork, request: RequestContext
) -> Result[CourseId, DomainError]:
    match await course_to_edit(command.course_id, work, request):
        case Failure() as failure:
            return failure
        case Success(value=course):
            pass
    published = course.publish(at=work.now)
    if isinstance(published, Failure):
        return published
    await save_course(work, course)
    return Success(course.id)


async def _tutor(
    command: CreateCourse, work: UnitOfWork, request: RequestContext
) -> Result[TutorId, DomainError]:
    """Whose course it becomes: the tutor's own, or that of whom the staff names."""
    if is_staff(request.actor):
        if command.tutor_id is None:
            return Failure(TUTOR_REQUIRED)
        match TutorId.parse(command.tutor_id, field="tutorId"):
            case Success(value=named) if not await is_tutor(work.connection, person, str(named), request):
                return Failure(TUTOR_NOT_FOUND)
            case result:
                return result
    if command.tutor_id not in (None, request.actor_id) or request.actor_id is None:
        return Failure(FORBIDDEN)
    return Success(TutorId(request.actor_id))
