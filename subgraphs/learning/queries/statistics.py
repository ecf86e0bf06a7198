"""How courses fare, for their tutors and the staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.learning.queries.readers import may_edit_course
from subgraphs.learning.tables import course_catalog, course_statistics


@dataclass(frozen=True, slots=True)
class CourseStatisticsView:
    """As of `counted_at`."""

    enrolled_count: int
    started_count: int
    completed_count: int
    average_percent: int
    average_score: int | None
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class StatisticsOfCourses(Query[Mapping[str, CourseStatisticsView]]):
    """Of many courses; those are missing that the asker may not edit, and those that were never counted."""

    course_ids: tuple[str, ...]


async def statistics_of_courses(
    query: StatisticsOfCourses, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, CourseStatisticsView]:
    rows = await connection.execute(
        select(course_statistics)
        .join(course_catalog, course_catalog.c.course_id == course_statistics.c.course_id)
        .where(course_statistics.c.course_id.in_(query.course_ids), may_edit_course(request))
    )
    return {
        row.course_id: CourseStatisticsView(
            row.enrolled_count,
            row.started_count,
            row.completed_count,
            row.average_percent,
            row.average_score,
            row.counted_at,
        )
        for row in rows
    }
