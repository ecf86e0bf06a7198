"""What classes keep of what others tell: learning's courses and their lessons."""

from typing import Any, Final

from subgraphs.classes.repository.courses import note_course, note_lesson
from subgraphs.contracts.learning import CourseCreated, CourseUpdated, LessonAdded
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork

COURSES: Final = "classes.courses"


def subscriptions() -> tuple[Subscription[Any], ...]:
    """What classes listen to."""
    return (
        Subscription(COURSES, CourseCreated, _on_course, skips_dead=True),
        Subscription(COURSES, CourseUpdated, _on_course, skips_dead=True),
        Subscription(COURSES, LessonAdded, _on_lesson_added, skips_dead=True),
    )


async def _on_course(message: Envelope[CourseCreated] | Envelope[CourseUpdated], work: UnitOfWork) -> None:
    await note_course(work.connection, message.body.course_id, message.body.tutor_id)


async def _on_lesson_added(message: Envelope[LessonAdded], work: UnitOfWork) -> None:
    await note_lesson(work.connection, message.body.course_id, message.body.lesson_id)
