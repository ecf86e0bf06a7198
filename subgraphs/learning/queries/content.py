"""The content of courses, for many parents at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Label, Row, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.learning.domain.coding import CodingTask
from subgraphs.learning.domain.quiz import Quiz
from subgraphs.learning.domain.values import ExerciseType
from subgraphs.learning.queries.courses import may_see_course
from subgraphs.learning.queries.readers import may_edit_course, may_read
from subgraphs.learning.repository.tasks import task_from_json
from subgraphs.learning.tables import course_catalog, exercise, lesson, section

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class SectionView:
    id: str
    course_id: str
    position: int
    title: str


@dataclass(frozen=True, slots=True)
class LessonView:
    """A lesson; its content for those who may read it."""

    id: str
    course_id: str
    section_id: str
    position: int
    title: str
    content: str | None


@dataclass(frozen=True, slots=True)
class ExerciseView:
    """An exercise; what there is to do for those who may read the lesson.

    `is_open` to the asker is what nobody keeps from them; `is_own` what they may edit, and see the answers
    of.
    """

    id: str
    course_id: str
    lesson_id: str
    position: int
    type: ExerciseType
    title: str
    instructions: str | None
    task: Quiz | CodingTask | None
    is_graded: bool
    is_open: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class SectionsOfCourses(Query[Mapping[str, Sequence[SectionView]]]):
    """The sections of courses, in order."""

    course_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LessonsOfSections(Query[Mapping[str, Sequence[LessonView]]]):
    """The lessons of sections, in order."""

    section_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExercisesOfLessons(Query[Mapping[str, Sequence[ExerciseView]]]):
    """The exercises of lessons, in order."""

    lesson_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionsById(Query[Mapping[str, SectionView]]):
    """Many sections, by their ids."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LessonsById(Query[Mapping[str, LessonView]]):
    """Many lessons, by their ids."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExercisesById(Query[Mapping[str, ExerciseView]]):
    """Many exercises, by their ids."""

    ids: tuple[str, ...]


async def sections_of_courses(
    query: SectionsOfCourses, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Sequence[SectionView]]:
    rows = await _visible(section, "course_id", query.course_ids, connection, request)
    return _grouped(rows, "course_id", _section)


async def lessons_of_sections(
    query: LessonsOfSections, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Sequence[LessonView]]:
    rows = await _visible(lesson, "section_id", query.section_ids, connection, request)
    return _grouped(rows, "section_id", _lesson)


async def exercises_of_lessons(
    query: ExercisesOfLessons, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Sequence[ExerciseView]]:
    rows = await _visible(exercise, "lesson_id", query.lesson_ids, connection, request)
    return _grouped(rows, "lesson_id", _exercise)


async def sections_by_id(
    query: SectionsById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, SectionView]:
    return {row.id: _section(row) for row in await _visible(section, "id", query.ids, connection, request)}


async def lessons_by_id(
    query: LessonsById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, LessonView]:
    return {row.id: _lesson(row) for row in await _visible(lesson, "id", query.ids, connection, request)}


async def exercises_by_id(
    query: ExercisesById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, ExerciseView]:
    return {row.id: _exercise(row) for row in await _visible(exercise, "id", query.ids, connection, request)}


async def _visible(
    part: Table, key: str, values: tuple[str, ...], connection: AsyncConnection, request: RequestContext
) -> Sequence[Row[Any]]:
    """The rows with these values in the column `key`, of courses that the asker may see, in their order."""
    rows = await connection.execute(
        select(part, *_openness(part, request))
        .join(course_catalog, course_catalog.c.course_id == part.c.course_id)
        .where(part.c[key].in_(values), may_see_course(request))
        .order_by(part.c.position)
    )
    return rows.all()


def _openness(part: Table, request: RequestContext) -> tuple[Label[bool], ...]:
    """What else is selected of a part that not everybody may read."""
    if part is section:
        return ()
    return may_read(part, request).label("is_open"), may_edit_course(request).label("is_own")


def _grouped(rows: Sequence[Row[Any]], key: str, view: Callable[[Row[Any]], V]) -> Mapping[str, Sequence[V]]:
    groups: dict[str, list[V]] = {}
    for row in rows:
        groups.setdefault(getattr(row, key), []).append(view(row))
    return groups


def _section(row: Row[Any]) -> SectionView:
    return SectionView(row.id, row.course_id, row.position, row.title)


def _lesson(row: Row[Any]) -> LessonView:
    content = row.content if row.is_open else None
    return LessonView(row.id, row.course_id, row.section_id, row.position, row.title, content)


def _exercise(row: Row[Any]) -> ExerciseView:
    exercise_type = ExerciseType(row.type)
    return ExerciseView(
        row.id,
        row.course_id,
        row.lesson_id,
        row.position,
        exercise_type,
        row.title,
        row.instructions if row.is_open else None,
        task_from_json(row.task, exercise_type) if row.is_open else None,
        is_graded=row.task is not None,
        is_open=row.is_open,
        is_own=row.is_own,
    )
