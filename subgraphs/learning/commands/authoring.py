"""Making courses."""

from collections.abc import Iterable
from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import FORBIDDEN, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, IdGenerator, Result, Success, combine
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.learning.access import is_staff, may_edit
from subgraphs.learning.domain.coding import CodingTask, CodingTest
from subgraphs.learning.domain.course import Course
from subgraphs.learning.domain.errors import (
    COURSE_NOT_FOUND,
    LESSON_NOT_FOUND,
    NOT_THE_COURSES_TUTOR,
    SECTION_NOT_FOUND,
    TUTOR_NOT_FOUND,
    TUTOR_REQUIRED,
)
from subgraphs.learning.domain.identifiers import CourseId, ExerciseId, LessonId, SectionId, TutorId
from subgraphs.learning.domain.quiz import Question, Quiz
from subgraphs.learning.domain.values import (
    CourseStatus,
    Description,
    Difficulty,
    ExerciseType,
    LessonContent,
    Prose,
    Subject,
    Title,
    parse_price,
)
from subgraphs.learning.repository.courses import (
    find_course,
    find_course_of_lesson,
    find_course_of_section,
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
class AddSection(Command[SectionId]):
    course_id: str
    title: str


@dataclass(frozen=True, slots=True)
class AddLesson(Command[LessonId]):
    section_id: str
    title: str
    content: str


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question of a quiz; `right` counts the right options from 0."""

    text: str
    options: tuple[str, ...]
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AddExercise(Command[ExerciseId]):
    """Append an exercise. Without questions or tests it is the students who say how well they did it."""

    lesson_id: str
    type: ExerciseType
    title: str
    instructions: str
    questions: tuple[QuestionDraft, ...] = ()
    tests: tuple[CodingTest, ...] = ()


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
            return _first_failure(parsed)


async def update_course(
    command: UpdateCourse, work: UnitOfWork, request: RequestContext
) -> Result[CourseId, DomainError]:
    title = None if command.title is None else Title.parse(command.title)
    description = None if command.description is None else Description.parse(command.description)
    match await _course_to_edit(command.course_id, work, request):
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
        return _first_failure((title, description, price))
    course.update(
        title=title.value if title else None,
        description=description.value if description else None,
        price=price.value,
        at=work.now,
    )
    await save_course(work, course)
    return Success(course.id)


async def add_section(
    command: AddSection, work: UnitOfWork, request: RequestContext
) -> Result[SectionId, DomainError]:
    parsed = await _course_to_edit(command.course_id, work, request), Title.parse(command.title)
    match parsed:
        case Success(value=course), Success(value=title):
            added = course.add_section(title, ids=work.ids, at=work.now)
            if isinstance(added, Failure):
                return added
            await save_course(work, course)
            return Success(added.value.id)
        case _:
            return _first_failure(parsed)


async def add_lesson(
    command: AddLesson, work: UnitOfWork, request: RequestContext
) -> Result[LessonId, DomainError]:
    section_id = SectionId(command.section_id)
    course = await find_course_of_section(work.connection, section_id)
    parsed = (
        _editable(course, request, missing=SECTION_NOT_FOUND),
        Title.parse(command.title),
        LessonContent.parse(command.content, field="content"),
    )
    match parsed:
        case Success(value=course), Success(value=title), Success(value=content):
            added = course.add_lesson(section_id, title=title, content=content, ids=work.ids, at=work.now)
            if isinstance(added, Failure):
                return added
            await save_course(work, course)
            return Success(added.value.id)
        case _:
            return _first_failure(parsed)


async def add_exercise(
    command: AddExercise, work: UnitOfWork, request: RequestContext
) -> Result[ExerciseId, DomainError]:
    lesson_id = LessonId(command.lesson_id)
    course = await find_course_of_lesson(work.connection, lesson_id)
    parsed = (
        _editable(course, request, missing=LESSON_NOT_FOUND),
        Title.parse(command.title),
        Prose.parse(command.instructions, field="instructions"),
        _task(command, work.ids),
    )
    match parsed:
        case Success(value=course), Success(value=title), Success(value=instructions), Success(value=task):
            added = course.add_exercise(
                lesson_id,
                exercise_type=command.type,
                title=title,
                instructions=instructions,
                task=task,
                ids=work.ids,
                at=work.now,
            )
            if isinstance(added, Failure):
                return added
            await save_course(work, course)
            return Success(added.value.id)
        case _:
            return _first_failure(parsed)


async def publish_course(
    command: PublishCourse, work: UnitOfWork, request: RequestContext
) -> Result[CourseId, DomainError]:
    match await _course_to_edit(command.course_id, work, request):
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


def _task(command: AddExercise, ids: IdGenerator) -> Result[Quiz | CodingTask | None, DomainError]:
    """What grades the exercise: questions, tests, or nothing."""
    if command.questions:
        drafts = (Question.of(draft.text, draft.options, draft.right, ids=ids) for draft in command.questions)
        match combine(drafts):
            case Success(value=questions):
                return Quiz.of(questions)
            case Failure() as failure:
                return failure
    return CodingTask.of(command.tests) if command.tests else Success(None)


async def _course_to_edit(
    course_id: str, work: UnitOfWork, request: RequestContext
) -> Result[Course, DomainError]:
    course = await find_course(work.connection, CourseId(course_id))
    return _editable(course, request, missing=COURSE_NOT_FOUND)


def _editable(
    course: Course | None, request: RequestContext, *, missing: DomainError
) -> Result[Course, DomainError]:
    if course is None:
        return Failure(missing)
    if not may_edit(request.actor, tutor_id=str(course.tutor_id)):
        is_seen = course.status is CourseStatus.PUBLISHED  # whose draft there is, is for nobody to know
        return Failure(NOT_THE_COURSES_TUTOR if is_seen else missing)
    return Success(course)


def _first_failure(results: Iterable[Result[object, DomainError] | None]) -> Failure[DomainError]:
    return next(result for result in results if isinstance(result, Failure))
