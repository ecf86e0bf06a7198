"""What follows from an event, in its own transaction: read models, and news for other contexts."""

from collections.abc import Iterable

from subgraphs.contracts import learning as contract
from subgraphs.kernel.domain import DomainEvent
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.learning.domain.events import (
    CourseCreated,
    CoursePublished,
    ExerciseCompleted,
    LessonCompleted,
)
from subgraphs.learning.projections import project


async def record(work: UnitOfWork, events: Iterable[DomainEvent]) -> None:
    """Project each event and publish what other contexts may know of it."""
    for event in events:
        await project(event, work.connection)
        _publish(event, work)


def _publish(event: DomainEvent, work: UnitOfWork) -> None:
    match event:
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
