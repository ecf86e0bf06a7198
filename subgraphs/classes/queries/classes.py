"""Classes, one by one and in lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, assert_never

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.classes.access import is_staff
from subgraphs.classes.domain.schedule import Schedule
from subgraphs.classes.domain.values import ClassStatus, ClassType, EnrollmentStatus
from subgraphs.classes.repository.classes import schedule_of
from subgraphs.classes.tables import enrollment, school_class
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Currency, Money, Slice, SliceRequest
from subgraphs.kernel.store.slices import slice_of, slices_of

_NEWEST = (school_class.c.created_at, school_class.c.id)


@dataclass(frozen=True, slots=True)
class ClassView:
    """A class without its students."""

    id: str
    type: ClassType
    status: ClassStatus
    title: str
    course_id: str
    instructor_id: str
    schedule: Schedule
    capacity: int
    enrolled_count: int
    total_meetings: int
    held_meetings: int
    price: Money
    created_at: datetime
    activated_at: datetime | None
    completed_at: datetime | None


class Owner(Enum):
    """Whose classes."""

    COURSE = auto()
    INSTRUCTOR = auto()
    STUDENT = auto()


@dataclass(frozen=True, slots=True)
class ClassesById(Query[Mapping[str, ClassView]]):
    """Many classes, by their ids."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassList(Query[Slice[ClassView]]):
    """The classes that somebody may see, the newest first."""

    part: SliceRequest
    course_id: str | None = None
    type: ClassType | None = None
    status: ClassStatus | None = None


@dataclass(frozen=True, slots=True)
class ClassesOf(Query[Mapping[str, Slice[ClassView]]]):
    """The same slice of the classes of many courses, instructors or students, the newest first."""

    owner: Owner
    ids: tuple[str, ...]
    part: SliceRequest


async def classes_by_id(
    query: ClassesById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, ClassView]:
    rows = await connection.execute(
        _classes().where(school_class.c.id.in_(query.ids), may_see_class(request))
    )
    return {row.id: _view(row) for row in rows}


async def class_list(
    query: ClassList, connection: AsyncConnection, request: RequestContext
) -> Slice[ClassView]:
    classes = _classes().where(may_see_class(request))
    if query.course_id is not None:
        classes = classes.where(school_class.c.course_id == query.course_id)
    if query.type is not None:
        classes = classes.where(school_class.c.type == query.type)
    if query.status is not None:
        classes = classes.where(school_class.c.status == query.status)
    return (await slice_of(classes, _NEWEST, query.part, connection, newest_first=True)).map(_view)


async def classes_of(
    query: ClassesOf, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Slice[ClassView]]:
    classes = _classes().where(may_see_class(request))
    owner: ColumnElement[str]
    match query.owner:
        case Owner.COURSE:
            owner = school_class.c.course_id
        case Owner.INSTRUCTOR:
            owner = school_class.c.instructor_id
        case Owner.STUDENT:
            joined = and_(enrollment.c.class_id == school_class.c.id, is_member())
            classes = classes.join(enrollment, joined)
            owner = enrollment.c.student_id
        case _:
            assert_never(query.owner)
    found = await slices_of(classes, owner, query.ids, _NEWEST, query.part, connection, newest_first=True)
    return {id_: part.map(_view) for id_, part in found.items()}


def may_see_class(request: RequestContext) -> ColumnElement[bool]:
    """A condition on classes: groups are for everybody to see, private ones for who belongs to them."""
    if is_staff(request.actor):
        return true()
    is_group = school_class.c.type == ClassType.GROUP
    if request.actor_id is None:
        return is_group
    return or_(is_group, belongs_to_class(request))


def belongs_to_class(request: RequestContext) -> ColumnElement[bool]:
    """A condition on classes: those of the staff, of their instructor, of their students."""
    if is_staff(request.actor):
        return true()
    student = (
        exists()
        .where(
            enrollment.c.class_id == school_class.c.id,
            enrollment.c.student_id == request.actor_id,
            is_member(),
        )
        .correlate(school_class)  # the statement around it may join enrolments, too
    )
    return or_(school_class.c.instructor_id == request.actor_id, student)


def is_member() -> ColumnElement[bool]:
    """A condition on enrolments: those who have not left."""
    return enrollment.c.status != EnrollmentStatus.CANCELLED


def teaches_class(request: RequestContext) -> ColumnElement[bool]:
    """A condition on classes: those of the staff, and of their instructor."""
    return true() if is_staff(request.actor) else school_class.c.instructor_id == request.actor_id


def _classes() -> Select[Any]:
    enrolled = (
        select(func.count())
        .where(enrollment.c.class_id == school_class.c.id, is_member())
        .correlate(school_class)
        .scalar_subquery()
    )
    return select(school_class, enrolled.label("enrolled_count"))


def _view(row: Row[Any]) -> ClassView:
    return ClassView(
        id=row.id,
        type=ClassType(row.type),
        status=ClassStatus(row.status),
        title=row.title,
        course_id=row.course_id,
        instructor_id=row.instructor_id,
        schedule=schedule_of(row),
        capacity=row.capacity,
        enrolled_count=row.enrolled_count,
        total_meetings=row.total_meetings,
        held_meetings=row.last_meeting,
        price=Money(row.price_amount_minor, Currency(row.price_currency)),
        created_at=row.created_at,
        activated_at=row.activated_at,
        completed_at=row.completed_at,
    )
