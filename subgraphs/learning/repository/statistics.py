"""How courses fare: counted from enrolments and from progress, and kept until they are counted again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import case, func, or_, select
from sqlalchemy.dialects.postgresql import insert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.learning.domain import progress_calculator
from subgraphs.learning.domain.values import CourseStatus, EnrollmentStatus
from subgraphs.learning.tables import course_catalog, course_statistics, enrollment, progress_summary

_CONTENT: Final = course_catalog.c.lesson_count + course_catalog.c.exercise_count
_COMPLETED: Final = progress_summary.c.completed_lesson_count + progress_summary.c.completed_exercise_count


async def courses_to_count(connection: AsyncConnection, *, before: datetime, limit: int) -> Sequence[str]:
    """Some published courses that were never counted, or not since."""
    counted_at = course_statistics.c.counted_at
    due = (
        select(course_catalog.c.course_id)
        .outerjoin(course_statistics, course_statistics.c.course_id == course_catalog.c.course_id)
        .where(
            course_catalog.c.status == CourseStatus.PUBLISHED,
            or_(counted_at.is_(None), counted_at <= before),
        )
        .limit(limit)
    )
    return list(await connection.scalars(due))


async def count_courses(connection: AsyncConnection, course_ids: Sequence[str], now: datetime) -> None:
    """Count these courses, and keep what comes of it."""
    enrolled = await _enrolled(connection, course_ids)
    rows = await connection.execute(
        select(
            course_catalog.c.course_id,
            _CONTENT.label("content"),
            func.count(progress_summary.c.progress_id).label("started"),
            func.sum(case((_COMPLETED >= _CONTENT, 1), else_=0)).label("finished"),
            func.sum(case((_COMPLETED > _CONTENT, _CONTENT), else_=_COMPLETED)).label("done"),
            func.sum(progress_summary.c.score_total).label("score_total"),
            func.sum(progress_summary.c.completed_exercise_count).label("exercises"),
        )
        .outerjoin(progress_summary, progress_summary.c.course_id == course_catalog.c.course_id)
        .where(course_catalog.c.course_id.in_(course_ids))
        .group_by(course_catalog.c.course_id, _CONTENT)
    )
    for row in rows.all():
        counted = {
            "enrolled_count": enrolled.get(row.course_id, 0),
            "started_count": row.started,
            "completed_count": row.finished if row.started else 0,
            "average_percent": progress_calculator.percent(
                completed=row.done or 0, total=row.started * row.content
            ),
            "average_score": progress_calculator.average_score(
                score_total=row.score_total or 0, completed_exercises=row.exercises or 0
            ),
            "counted_at": now,
        }
        statement = insert(course_statistics).values(course_id=row.course_id, **counted)
        await connection.execute(
            statement.on_conflict_do_update(index_elements=[course_statistics.c.course_id], set_=counted)
        )


async def _enrolled(connection: AsyncConnection, course_ids: Sequence[str]) -> dict[str, int]:
    rows = await connection.execute(
        select(enrollment.c.course_id, func.count().label("number"))
        .where(enrollment.c.course_id.in_(course_ids), enrollment.c.status == EnrollmentStatus.ACTIVE)
        .group_by(enrollment.c.course_id)
    )
    return {row.course_id: row.number for row in rows}
