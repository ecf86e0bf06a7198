"""How many came to each meeting, and which lessons are open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.classes.domain.errors import CLASS_NOT_FOUND, NOT_THE_CLASSES_INSTRUCTOR
from subgraphs.classes.queries.classes import belongs_to_class, may_see_class, teaches_class
from subgraphs.classes.tables import attendance_report as report_table
from subgraphs.classes.tables import lesson_unlock, school_class
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext


@dataclass(frozen=True, slots=True)
class MeetingView:
    """How many were at a meeting, as far as it is marked."""

    meeting: int
    held_at: datetime
    present_count: int
    late_count: int
    absent_count: int


@dataclass(frozen=True, slots=True)
class UnlockedLessonView:
    lesson_id: str
    place: int
    unlocked_at: datetime


@dataclass(frozen=True, slots=True)
class AttendanceReport(Query[Sequence[MeetingView]]):
    """The meetings of a class that are marked, in order: for those who teach it."""

    class_id: str


@dataclass(frozen=True, slots=True)
class UnlockedLessons(Query[Mapping[str, Sequence[UnlockedLessonView]]]):
    """The lessons that are open to many classes, in the order in which they were unlocked: for those who
    belong to them."""

    class_ids: tuple[str, ...]


async def attendance_report(
    query: AttendanceReport, connection: AsyncConnection, request: RequestContext
) -> Sequence[MeetingView]:
    is_this = school_class.c.id == query.class_id
    if await connection.scalar(select(school_class.c.id).where(is_this, teaches_class(request))) is None:
        is_seen = await connection.scalar(select(school_class.c.id).where(is_this, may_see_class(request)))
        raise QueryError(NOT_THE_CLASSES_INSTRUCTOR if is_seen else CLASS_NOT_FOUND)
    rows = await connection.execute(
        select(report_table).where(report_table.c.class_id == query.class_id).order_by(report_table.c.meeting)
    )
    return [
        MeetingView(row.meeting, row.held_at, row.present_count, row.late_count, row.absent_count)
        for row in rows
    ]


async def unlocked_lessons(
    query: UnlockedLessons, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Sequence[UnlockedLessonView]]:
    rows = await connection.execute(
        select(lesson_unlock)
        .join(school_class, school_class.c.id == lesson_unlock.c.class_id)
        .where(lesson_unlock.c.class_id.in_(query.class_ids), belongs_to_class(request))
        .order_by(lesson_unlock.c.place)
    )
    groups: dict[str, list[UnlockedLessonView]] = {}
    for row in rows:
        view = UnlockedLessonView(row.lesson_id, row.place, row.unlocked_at)
        groups.setdefault(row.class_id, []).append(view)
    return groups
