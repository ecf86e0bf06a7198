"""What is left of students who are deleted: numbers, under an id that names nobody any more."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.learning.domain.values import EnrollmentStatus
from subgraphs.learning.tables import (
    coding_submission,
    enrollment,
    opened_lesson,
    quiz_attempt,
    student_progress,
)


async def forget_student(connection: AsyncConnection, student_id: str) -> None:
    """Erase what a student has written: answers, programs, why they left. What they have completed, and
    with how many points, stays."""
    progress = select(student_progress.c.id).where(student_progress.c.student_id == student_id)
    for table in (quiz_attempt, coding_submission):
        await connection.execute(delete(table).where(table.c.progress_id.in_(progress)))
    await connection.execute(delete(opened_lesson).where(opened_lesson.c.student_id == student_id))
    await connection.execute(
        update(enrollment)
        .where(enrollment.c.student_id == student_id, enrollment.c.status == EnrollmentStatus.CANCELLED)
        .values(cancel_reason=None)
    )


async def active_enrollments(connection: AsyncConnection, student_id: str) -> Sequence[str]:
    """The enrolments of a student that are not cancelled."""
    found = await connection.scalars(
        select(enrollment.c.id)
        .where(enrollment.c.student_id == student_id, enrollment.c.status == EnrollmentStatus.ACTIVE)
        .order_by(enrollment.c.id)
    )
    return found.all()
