"""The lessons that instructors have unlocked for the students of their classes."""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts.classes import EnrollmentCancelled, LessonUnlocked
from subgraphs.learning.tables import opened_lesson


async def open_lesson(connection: AsyncConnection, event: LessonUnlocked) -> None:
    """Let these students into a lesson; once, however often it is told."""
    rows = [
        {
            "student_id": student_id,
            "lesson_id": event.lesson_id,
            "course_id": event.course_id,
            "class_id": event.class_id,
            "opened_at": event.unlocked_at,
        }
        for student_id in event.student_ids
    ]
    if rows:
        await connection.execute(insert(opened_lesson).values(rows).on_conflict_do_nothing())


async def close_lessons(connection: AsyncConnection, event: EnrollmentCancelled) -> None:
    """Who has left a class has left its lessons."""
    await connection.execute(
        delete(opened_lesson).where(
            opened_lesson.c.student_id == event.student_id, opened_lesson.c.class_id == event.class_id
        )
    )
