"""What learning has told about its courses: which there are, whose they are, and their lessons."""

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.classes.domain.identifiers import CourseId, LessonId
from subgraphs.classes.tables import course, lesson


async def note_course(connection: AsyncConnection, course_id: str, tutor_id: str) -> None:
    """Know a course and its tutor; the last news stands."""
    statement = insert(course).values(id=course_id, tutor_id=tutor_id)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=[course.c.id], set_={"tutor_id": tutor_id})
    )


async def note_lesson(connection: AsyncConnection, course_id: str, lesson_id: str) -> None:
    await connection.execute(
        insert(lesson).values(id=lesson_id, course_id=course_id).on_conflict_do_nothing()
    )


async def tutor_of(connection: AsyncConnection, course_id: str) -> str | None:
    """Whose course it is; None when there is no such course, or no news of it yet."""
    tutor: str | None = await connection.scalar(select(course.c.tutor_id).where(course.c.id == course_id))
    return tutor


async def has_lesson(connection: AsyncConnection, course_id: CourseId, lesson_id: LessonId) -> bool:
    """Whether it is a lesson of this course, as far as there is news of it."""
    known = exists().where(lesson.c.id == str(lesson_id), lesson.c.course_id == str(course_id))
    return bool(await connection.scalar(select(known)))
