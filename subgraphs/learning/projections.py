"""The read models: the course catalogue and the summary of each student's progress.

They are brought up to date in the transaction in which the events happen: whoever has changed something sees
it in the next query.
"""

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import DomainEvent
from subgraphs.learning.domain.events import (
    CodingExerciseSubmitted,
    CourseCreated,
    CoursePublished,
    CourseUpdated,
    ExerciseAdded,
    ExerciseCompleted,
    LessonAdded,
    LessonCompleted,
    QuizSubmitted,
    SectionAdded,
)
from subgraphs.learning.domain.identifiers import CourseId
from subgraphs.learning.domain.values import CourseStatus, ExerciseType
from subgraphs.learning.tables import course_catalog, progress_summary

EXERCISE_COUNTS = {
    ExerciseType.READING: course_catalog.c.reading_count,
    ExerciseType.QUIZ: course_catalog.c.quiz_count,
    ExerciseType.PRACTICE: course_catalog.c.practice_count,
    ExerciseType.CODING: course_catalog.c.coding_count,
}
"""Where the catalogue counts the exercises of each type."""


async def project(event: DomainEvent, connection: AsyncConnection) -> None:
    """Bring the read models up to date with an event."""
    match event:
        case CourseCreated():
            await _list_course(event, connection)
        case CourseUpdated():
            changes = {
                "title": str(event.title),
                "description": str(event.description),
                "price_amount_minor": event.price.amount_minor,
                "price_currency": event.price.currency.code,
                "updated_at": event.occurred_at,
            }
            await _change_course(event.course_id, changes, connection)
        case CoursePublished():
            changes = {
                "status": CourseStatus.PUBLISHED,
                "published_at": event.occurred_at,
                "updated_at": event.occurred_at,
            }
            await _change_course(event.course_id, changes, connection)
        case SectionAdded():
            await _change_course(event.course_id, {"updated_at": event.occurred_at}, connection)
        case LessonAdded():
            changes = {"lesson_count": course_catalog.c.lesson_count + 1, "updated_at": event.occurred_at}
            await _change_course(event.course_id, changes, connection)
        case ExerciseAdded():
            count = EXERCISE_COUNTS[event.type]
            changes = {
                "exercise_count": course_catalog.c.exercise_count + 1,
                count.name: count + 1,
                "updated_at": event.occurred_at,
            }
            await _change_course(event.course_id, changes, connection)
        case ExerciseCompleted():
            await _count_progress(event, connection, exercises=1, score=event.score.points)
        case LessonCompleted():
            await _count_progress(event, connection, lessons=1)
        case QuizSubmitted() | CodingExerciseSubmitted():
            await _count_progress(event, connection)  # who hands in has begun


async def _list_course(event: CourseCreated, connection: AsyncConnection) -> None:
    await connection.execute(
        insert(course_catalog).values(
            course_id=str(event.course_id),
            tutor_id=str(event.tutor_id),
            title=str(event.title),
            description=str(event.description),
            subject=str(event.subject),
            subject_key=event.subject.key,
            difficulty=event.difficulty,
            price_amount_minor=event.price.amount_minor,
            price_currency=event.price.currency.code,
            status=CourseStatus.DRAFT,
            lesson_count=0,
            exercise_count=0,
            **{count.name: 0 for count in EXERCISE_COUNTS.values()},
            created_at=event.occurred_at,
            updated_at=event.occurred_at,
        )
    )


async def _change_course(
    course_id: CourseId, changes: dict[str, object], connection: AsyncConnection
) -> None:
    await connection.execute(
        update(course_catalog).where(course_catalog.c.course_id == str(course_id)).values(changes)
    )


async def _count_progress(
    event: ExerciseCompleted | LessonCompleted | QuizSubmitted | CodingExerciseSubmitted,
    connection: AsyncConnection,
    *,
    exercises: int = 0,
    lessons: int = 0,
    score: int = 0,
) -> None:
    summary = progress_summary
    counted = await connection.execute(
        update(summary)
        .where(summary.c.progress_id == str(event.progress_id))
        .values(
            completed_exercise_count=summary.c.completed_exercise_count + exercises,
            completed_lesson_count=summary.c.completed_lesson_count + lessons,
            score_total=summary.c.score_total + score,
            last_activity_at=event.occurred_at,
        )
    )
    if counted.rowcount:
        return
    await connection.execute(
        insert(summary).values(
            progress_id=str(event.progress_id),
            student_id=str(event.student_id),
            course_id=str(event.course_id),
            completed_exercise_count=exercises,
            completed_lesson_count=lessons,
            score_total=score,
            started_at=event.occurred_at,
            last_activity_at=event.occurred_at,
        )
    )
