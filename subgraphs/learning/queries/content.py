"""The content of courses, for many parents at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Row, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.learning.domain.values import ExerciseType
from subgraphs.learning.queries.courses import may_see_course
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
    id: str
    course_id: str
    section_id: str
    position: int
    title: str
    content: str


@dataclass(frozen=True, slots=True)
class ExerciseView:
    id: str
    course_id: str
    lesson_id: str
    position: int
    type: ExerciseType
    title: str
    instructions: str


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
        select(part)
        .join(course_catalog, course_catalog.c.course_id == part.c.course_id)
        .where(part.c[key].in_(values), may_see_course(request))
        .order_by(part.c.position)
    )
    return rows.all()


def _grouped(rows: Sequence[Row[Any]], key: str, view: Callable[[Row[Any]], V]) -> Mapping[str, Sequence[V]]:
    groups: dict[str, list[V]] = {}
    for row in rows:
        groups.setdefault(getattr(row, key), []).append(view(row))
    return groups


def _section(row: Row[Any]) -> SectionView:
    return SectionView(row.id, row.course_id, row.position, row.title)


def _lesson(row: Row[Any]) -> LessonView:
    return LessonView(row.id, row.course_id, row.section_id, row.position, row.title, row.content)


def _exercise(row: Row[Any]) -> ExerciseView:
    return ExerciseView(
        row.id,
        row.course_id,
        row.lesson_id,
        row.position,
        ExerciseType(row.type),
        row.title,
        row.instructions,
    )
