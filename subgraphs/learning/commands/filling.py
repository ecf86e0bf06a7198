"""Filling courses: sections, lessons, exercises."""

from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, IdGenerator, Result, Success, combine
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.learning.commands.editing import course_to_edit, editable, first_failure
from subgraphs.learning.domain.coding import CodingTask, CodingTest
from subgraphs.learning.domain.errors import LESSON_NOT_FOUND, SECTION_NOT_FOUND
from subgraphs.learning.domain.identifiers import ExerciseId, LessonId, SectionId
from subgraphs.learning.domain.quiz import Question, Quiz
from subgraphs.learning.domain.values import ExerciseType, LessonContent, Prose, Title
from subgraphs.learning.repository.courses import (
    find_course_of_lesson,
    find_course_of_section,
    save_course,
)


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


async def add_section(
    command: AddSection, work: UnitOfWork, request: RequestContext
) -> Result[SectionId, DomainError]:
    parsed = await course_to_edit(command.course_id, work, request), Title.parse(command.title)
    match parsed:
        case Success(value=course), Success(value=title):
            added = course.add_section(title, ids=work.ids, at=work.now)
            if isinstance(added, Failure):
                return added
            await save_course(work, course)
            return Success(added.value.id)
        case _:
            return first_failure(parsed)


async def add_lesson(
    command: AddLesson, work: UnitOfWork, request: RequestContext
) -> Result[LessonId, DomainError]:
    section_id = SectionId(command.section_id)
    course = await find_course_of_section(work.connection, section_id)
    parsed = (
        editable(course, request, missing=SECTION_NOT_FOUND),
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
            return first_failure(parsed)


async def add_exercise(
    command: AddExercise, work: UnitOfWork, request: RequestContext
) -> Result[ExerciseId, DomainError]:
    lesson_id = LessonId(command.lesson_id)
    course = await find_course_of_lesson(work.connection, lesson_id)
    parsed = (
        editable(course, request, missing=LESSON_NOT_FOUND),
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
            return first_failure(parsed)


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
