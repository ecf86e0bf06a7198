"""What follows from an event, in its own transaction: read models, and news for other contexts."""

from collections.abc import Iterable

from subgraphs.contracts import learning as contract
from subgraphs.kernel.domain import DomainEvent
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.learning.domain.events import (
    CodingExerciseSubmitted,
    CourseCreated,
    CoursePublished,
    CourseUpdated,
    EnrollmentCancelled,
    EnrollmentCompleted,
    EnrollmentFailed,
    EnrollmentRequested,
    ExerciseCompleted,
    LessonAdded,
    LessonCompleted,
    QuizSubmitted,
    StudentEnrolled,
)
from subgraphs.learning.projections import project


async def record(work: UnitOfWork, events: Iterable[DomainEvent]) -> None:
    """Project each event and publish what other contexts may know of it."""
    for event in events:
        await project(event, work.connection)
        _publish(event, work)


def _publish(event: DomainEvent, work: UnitOfWork) -> None:
    match event:
        case CourseUpdated():
            work.publish(
                contract.CourseUpdated(
                    course_id=str(event.course_id),
                    tutor_id=str(event.tutor_id),
                    title=str(event.title),
                    subject=str(event.subject),
                    difficulty=contract.Difficulty(event.difficulty),
                    updated_at=event.occurred_at,
                ),
                key=str(event.course_id),
            )
        case QuizSubmitted():
            work.publish(
                contract.QuizSubmitted(
                    user_id=str(event.student_id),
                    course_id=str(event.course_id),
                    exercise_id=str(event.exercise_id),
                    attempt=event.attempt,
                    score=event.score.points,
                    submitted_at=event.occurred_at,
                ),
                key=str(event.student_id),
            )
        case CodingExerciseSubmitted():
            work.publish(
                contract.CodingExerciseSubmitted(
                    user_id=str(event.student_id),
                    course_id=str(event.course_id),
                    exercise_id=str(event.exercise_id),
                    attempt=event.attempt,
                    score=event.score.points,
                    submitted_at=event.occurred_at,
                ),
                key=str(event.student_id),
            )
        case EnrollmentRequested():
            work.publish(
                contract.CourseEnrollmentRequested(
                    request_id=str(event.request_id),
                    course_id=str(event.course_id),
                    student_id=str(event.student_id),
                    tutor_id=str(event.tutor_id),
                    amount_minor=event.price.amount_minor,
                    currency=event.price.currency.code,
                    requested_at=event.occurred_at,
                ),
                key=str(event.student_id),
            )
        case StudentEnrolled():
            work.publish(
                contract.StudentEnrolled(
                    enrollment_id=str(event.enrollment_id),
                    course_id=str(event.course_id),
                    student_id=str(event.student_id),
                    tutor_id=str(event.tutor_id),
                    payment_id=str(event.payment_id) if event.payment_id else None,
                    enrolled_at=event.occurred_at,
                ),
                key=str(event.student_id),
            )
        case EnrollmentCompleted():
            work.publish(
                contract.EnrollmentCompleted(
                    request_id=str(event.request_id),
                    enrollment_id=str(event.enrollment_id),
                    course_id=str(event.course_id),
                    student_id=str(event.student_id),
                    completed_at=event.occurred_at,
                ),
                key=str(event.student_id),
            )
        case EnrollmentFailed():
            work.publish(
                contract.EnrollmentFailed(
                    request_id=str(event.request_id),
                    course_id=str(event.course_id),
                    student_id=str(event.student_id),
                    reason=event.reason,
                    failed_at=event.occurred_at,
                ),
                key=str(event.student_id),
            )
        case EnrollmentCancelled():
            work.publish(
                contract.EnrollmentCancelled(
                    enrollment_id=str(event.enrollment_id),
                    course_id=str(event.course_id),
                    student_id=str(event.student_id),
                    reason=event.reason,
                    cancelled_at=event.occurred_at,
                    payment_id=None if event.payment_id is None else str(event.payment_id),
                ),
                key=str(event.student_id),
            )
        case CourseCreated():
            work.publish(
                contract.CourseCreated(
                    course_id=str(event.course_id),
                    tutor_id=str(event.tutor_id),
                    title=str(event.title),
                    subject=str(event.subject),
                    difficulty=contract.Difficulty(event.difficulty),
                    created_at=event.occurred_at,
                ),
                key=str(event.course_id),
            )
        case LessonAdded():
            work.publish(
                contract.LessonAdded(str(event.course_id), str(event.lesson_id), event.occurred_at),
                key=str(event.course_id),
            )
        case CoursePublished():
            work.publish(
                contract.CoursePublished(
                    course_id=str(event.course_id),
                    tutor_id=str(event.tutor_id),
                    title=str(event.title),
                    subject=str(event.subject),
                    difficulty=contract.Difficulty(event.difficulty),
                    published_at=event.occurred_at,
                ),
                key=str(event.course_id),
            )
        case ExerciseCompleted():
            work.publish(
                contract.ExerciseCompleted(
                    user_id=str(event.student_id),
                    course_id=str(event.course_id),
                    lesson_id=str(event.lesson_id),
                    exercise_id=str(event.exercise_id),
                    exercise_type=contract.ExerciseType(event.exercise_type),
                    score=event.score.points,
                    completed_at=event.occurred_at,
                ),
                key=str(event.student_id),
            )
        case LessonCompleted():
            work.publish(
                contract.LessonCompleted(
                    user_id=str(event.student_id),
                    course_id=str(event.course_id),
                    lesson_id=str(event.lesson_id),
                    difficulty=contract.Difficulty(event.difficulty),
                    completed_at=event.occurred_at,
                ),
                key=str(event.student_id),
            )
