"""Courses, as the catalogue shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Currency, Money, Page, PageRequest, Slice, SliceRequest
from subgraphs.kernel.store.slices import slice_of
from subgraphs.learning.access import is_staff
from subgraphs.learning.domain.values import CourseStatus, Difficulty, ExerciseType, subject_key
from subgraphs.learning.projections import EXERCISE_COUNTS
from subgraphs.learning.tables import course_catalog

_NEWEST_FIRST = (course_catalog.c.published_at.desc(), course_catalog.c.course_id)


@dataclass(frozen=True, slots=True)
class CourseView:
    """A course without its content."""

    id: str
    tutor_id: str
    title: str
    description: str
    subject: str
    difficulty: Difficulty
    price: Money
    status: CourseStatus
    lesson_count: int
    exercise_counts: Mapping[ExerciseType, int]
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None

    @property
    def exercise_count(self) -> int:
        return sum(self.exercise_counts.values())


@dataclass(frozen=True, slots=True)
class CourseCatalog(Query[Slice[CourseView]]):
    """The published courses, newest first; of one subject or difficulty if that is given."""

    part: SliceRequest
    subject: str | None = None
    difficulty: Difficulty | None = None


@dataclass(frozen=True, slots=True)
class CoursesBySubject(Query[Page[CourseView]]):
    """The published courses of a subject, newest first."""

    subject: str
    page: PageRequest


@dataclass(frozen=True, slots=True)
class CoursesByTutor(Query[Page[CourseView]]):
    """A tutor's published courses, the newest first."""

    tutor_id: str
    page: PageRequest


@dataclass(frozen=True, slots=True)
class AllCoursesByTutor(Query[Page[CourseView]]):
    """A tutor's courses, the drafts first that the asker may see."""

    tutor_id: str
    page: PageRequest


@dataclass(frozen=True, slots=True)
class PublishedCourses(Query[Mapping[str, CourseView]]):
    """Many published courses, by their ids."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoursesById(Query[Mapping[str, CourseView]]):
    """Many courses, by their ids, the drafts too that the asker may see."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoursesTaught(Query[Mapping[str, Page[CourseView]]]):
    """The same page of the published courses of many tutors, newest first."""

    tutor_ids: tuple[str, ...]
    page: PageRequest


async def course_catalog_of(
    query: CourseCatalog, connection: AsyncConnection, _request: RequestContext
) -> Slice[CourseView]:
    conditions = [_PUBLISHED]
    if query.subject is not None:
        conditions.append(course_catalog.c.subject_key == subject_key(query.subject))
    if query.difficulty is not None:
        conditions.append(course_catalog.c.difficulty == query.difficulty)
    by = course_catalog.c.published_at, course_catalog.c.course_id
    courses = select(course_catalog).where(*conditions)
    return (await slice_of(courses, by, query.part, connection, newest_first=True)).map(_view)


async def courses_by_subject(
    query: CoursesBySubject, connection: AsyncConnection, _request: RequestContext
) -> Page[CourseView]:
    of_subject = course_catalog.c.subject_key == subject_key(query.subject)
    return await _page(
        select(course_catalog).where(of_subject, _PUBLISHED).order_by(*_NEWEST_FIRST), query.page, connection
    )


async def courses_by_tutor(
    query: CoursesByTutor, connection: AsyncConnection, _request: RequestContext
) -> Page[CourseView]:
    of_tutor = course_catalog.c.tutor_id == query.tutor_id
    return await _page(
        select(course_catalog).where(of_tutor, _PUBLISHED).order_by(*_NEWEST_FIRST), query.page, connection
    )


async def all_courses_by_tutor(
    query: AllCoursesByTutor, connection: AsyncConnection, request: RequestContext
) -> Page[CourseView]:
    courses = (
        select(course_catalog)
        .where(course_catalog.c.tutor_id == query.tutor_id, may_see_course(request))
        .order_by(course_catalog.c.published_at.is_not(None), *_NEWEST_FIRST)
    )
    return await _page(courses, query.page, connection)


async def published_courses(
    query: PublishedCourses, connection: AsyncConnection, _request: RequestContext
) -> Mapping[str, CourseView]:
    rows = await connection.execute(
        select(course_catalog).where(course_catalog.c.course_id.in_(query.ids), _PUBLISHED)
    )
    return {row.course_id: _view(row) for row in rows}


async def courses_by_id(
    query: CoursesById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, CourseView]:
    rows = await connection.execute(
        select(course_catalog).where(course_catalog.c.course_id.in_(query.ids), may_see_course(request))
    )
    return {row.course_id: _view(row) for row in rows}


async def courses_taught(
    query: CoursesTaught, connection: AsyncConnection, _request: RequestContext
) -> Mapping[str, Page[CourseView]]:
    by_tutor = course_catalog.c.tutor_id
    numbered = (
        select(
            course_catalog,
            func.row_number().over(partition_by=by_tutor, order_by=_NEWEST_FIRST).label("place"),
            func.count().over(partition_by=by_tutor).label("total"),
        )
        .where(by_tutor.in_(query.tutor_ids), _PUBLISHED)
        .subquery()
    )
    first, page = query.page.offset + 1, query.page
    # The first row of each tutor comes along even when it is before the page: it brings the total.
    wanted = or_(numbered.c.place.between(first, page.offset + page.limit), numbered.c.place == 1)
    rows = await connection.execute(select(numbered).where(wanted).order_by(numbered.c.place))
    totals: dict[str, int] = {}
    items: dict[str, list[CourseView]] = {tutor_id: [] for tutor_id in query.tutor_ids}
    for row in rows:
        totals[row.tutor_id] = row.total
        if row.place >= first:
            items[row.tutor_id].append(_view(row))
    return {
        tutor_id: Page(tuple(courses), totals.get(tutor_id, 0), page.offset, page.limit)
        for tutor_id, courses in items.items()
    }


def may_see_course(request: RequestContext) -> ColumnElement[bool]:
    """Published courses are for everybody, drafts for their tutor and the staff: a condition to select by."""
    if is_staff(request.actor):
        return true()
    return or_(_PUBLISHED, course_catalog.c.tutor_id == request.actor_id) if request.actor_id else _PUBLISHED


_PUBLISHED = course_catalog.c.status == CourseStatus.PUBLISHED


async def _page(courses: Select[Any], page: PageRequest, connection: AsyncConnection) -> Page[CourseView]:
    total = await connection.scalar(select(func.count()).select_from(courses.order_by(None).subquery())) or 0
    if page.offset >= total:  # a database would read all that is skipped
        return Page((), total, page.offset, page.limit)
    rows = await connection.execute(courses.offset(page.offset).limit(page.limit))
    return Page(tuple(_view(row) for row in rows), total, page.offset, page.limit)


def _view(row: Row[Any]) -> CourseView:
    return CourseView(
        id=row.course_id,
        tutor_id=row.tutor_id,
        title=row.title,
        description=row.description,
        subject=row.subject,
        difficulty=Difficulty(row.difficulty),
        price=Money(row.price_amount_minor, Currency(row.price_currency)),
        status=CourseStatus(row.status),
        lesson_count=row.lesson_count,
        exercise_counts={
            exercise_type: getattr(row, count.name) for exercise_type, count in EXERCISE_COUNTS.items()
        },
        created_at=row.created_at,
        updated_at=row.updated_at,
        published_at=row.published_at,
    )
