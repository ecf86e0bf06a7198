"""What learning and classes have told: who teaches a course or a class, and who takes it."""

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.assessment.domain.identifiers import ClassId, CourseId, InstructorId, StudentId
from subgraphs.assessment.tables import class_, course, participant


async def note_course(connection: AsyncConnection, course_id: str, tutor_id: str) -> None:
    await connection.execute(insert(course).values(id=course_id, tutor_id=tutor_id).on_conflict_do_nothing())


async def note_class(
    connection: AsyncConnection, class_id: str, *, course_id: str, instructor_id: str
) -> None:
    row = {"id": class_id, "course_id": course_id, "instructor_id": instructor_id}
    await connection.execute(insert(class_).values(row).on_conflict_do_nothing())


async def let_in(connection: AsyncConnection, student_id: str, place_id: str) -> None:
    """A student takes a course or a class."""
    row = {"student_id": student_id, "place_id": place_id}
    await connection.execute(insert(participant).values(row).on_conflict_do_nothing())


async def let_out(connection: AsyncConnection, student_id: str, place_id: str) -> None:
    await connection.execute(
        delete(participant).where(participant.c.student_id == student_id, participant.c.place_id == place_id)
    )


async def tutor_of(connection: AsyncConnection, course_id: CourseId) -> InstructorId | None:
    """Who teaches a course; None for one that nobody has told of."""
    found = await connection.scalar(select(course.c.tutor_id).where(course.c.id == str(course_id)))
    return InstructorId(found) if found else None


async def instructor_of(
    connection: AsyncConnection, class_id: ClassId, course_id: CourseId
) -> InstructorId | None:
    """Who teaches a class of this course; None when the course has no such class."""
    found = await connection.scalar(
        select(class_.c.instructor_id).where(
            class_.c.id == str(class_id), class_.c.course_id == str(course_id)
        )
    )
    return InstructorId(found) if found else None


async def takes_part(
    connection: AsyncConnection, student_id: StudentId, place_id: CourseId | ClassId
) -> bool:
    part = exists().where(
        participant.c.student_id == str(student_id), participant.c.place_id == str(place_id)
    )
    return bool(await connection.scalar(select(part)))
