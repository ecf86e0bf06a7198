"""What classes keep of learning's courses: which there are, and whose they are."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.classes.tables import course
from subgraphs.contracts.learning import CourseCreated, CourseUpdated
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork

COURSES: Final = "classes.courses"


async def know_course(message: Envelope[CourseCreated] | Envelope[CourseUpdated], work: UnitOfWork) -> None:
    """Know a course and its tutor; the last news stands."""
    event = message.body
    statement = insert(course).values(id=event.course_id, tutor_id=event.tutor_id)
    await work.connection.execute(
        statement.on_conflict_do_update(index_elements=[course.c.id], set_={"tutor_id": event.tutor_id})
    )


async def tutor_of(connection: AsyncConnection, course_id: str) -> str | None:
    """Whose course it is; None when there is no such course, or no news of it yet."""
    tutor: str | None = await connection.scalar(select(course.c.tutor_id).where(course.c.id == course_id))
    return tutor


def subscriptions() -> tuple[Subscription[Any], ...]:
    """What classes listen to."""
    return (
        Subscription(COURSES, CourseCreated, know_course, skips_dead=True),
        Subscription(COURSES, CourseUpdated, know_course, skips_dead=True),
    )
