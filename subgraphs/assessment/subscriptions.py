"""What assessment remembers of what learning and classes tell: who teaches what, and who takes it."""

from typing import Any, Final

from subgraphs.assessment.repository.forgetting import forget_student
from subgraphs.assessment.repository.places import let_in, let_out, note_class, note_course
from subgraphs.contracts import classes, learning
from subgraphs.contracts.identity import UserDeleted
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork

COURSES: Final = "assessment.courses"
CLASSES: Final = "assessment.classes"
PARTICIPANTS: Final = "assessment.participants"


def subscriptions() -> tuple[Subscription[Any], ...]:
    """All of them. The key of what happens to a student is the student, so that who leaves has come
    before."""
    return (
        Subscription(COURSES, learning.CourseCreated, _on_course_created),
        Subscription(CLASSES, classes.ClassCreated, _on_class_created),
        Subscription(PARTICIPANTS, learning.StudentEnrolled, _on_enrolled_in_course),
        Subscription(PARTICIPANTS, learning.EnrollmentCancelled, _on_enrollment_cancelled),
        Subscription(PARTICIPANTS, classes.StudentEnrolled, _on_enrolled_in_class),
        Subscription(PARTICIPANTS, classes.EnrollmentCancelled, _on_left_class),
        Subscription(PARTICIPANTS, UserDeleted, _on_user_deleted),
    )


async def _on_course_created(envelope: Envelope[learning.CourseCreated], work: UnitOfWork) -> None:
    await note_course(work.connection, envelope.body.course_id, envelope.body.tutor_id)


async def _on_class_created(envelope: Envelope[classes.ClassCreated], work: UnitOfWork) -> None:
    told = envelope.body
    await note_class(
        work.connection, told.class_id, course_id=told.course_id, instructor_id=told.instructor_id
    )


async def _on_enrolled_in_course(envelope: Envelope[learning.StudentEnrolled], work: UnitOfWork) -> None:
    await let_in(work.connection, envelope.body.student_id, envelope.body.course_id)


async def _on_enrollment_cancelled(
    envelope: Envelope[learning.EnrollmentCancelled], work: UnitOfWork
) -> None:
    await let_out(work.connection, envelope.body.student_id, envelope.body.course_id)


async def _on_enrolled_in_class(envelope: Envelope[classes.StudentEnrolled], work: UnitOfWork) -> None:
    await let_in(work.connection, envelope.body.student_id, envelope.body.class_id)


async def _on_left_class(envelope: Envelope[classes.EnrollmentCancelled], work: UnitOfWork) -> None:
    await let_out(work.connection, envelope.body.student_id, envelope.body.class_id)


async def _on_user_deleted(envelope: Envelope[UserDeleted], work: UnitOfWork) -> None:
    await forget_student(work.connection, envelope.body.user_id)
