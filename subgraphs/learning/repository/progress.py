"""Students' progress in the database."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import DomainEvent, IdGenerator
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned
from subgraphs.learning import tables
from subgraphs.learning.domain.events import (
    CodingExerciseSubmitted,
    ExerciseCompleted,
    LessonCompleted,
    LessonUnlocked,
    QuizSubmitted,
)
from subgraphs.learning.domain.identifiers import CourseId, ExerciseId, LessonId, ProgressId, StudentId
from subgraphs.learning.domain.progress import ExerciseProgress, StudentProgress
from subgraphs.learning.domain.values import Score
from subgraphs.learning.repository.recording import record


async def find_or_start_progress(
    connection: AsyncConnection, student_id: StudentId, course_id: CourseId, *, ids: IdGenerator, at: datetime
) -> StudentProgress:
    """The student's progress in the course; a new one, not stored yet, when there is none."""
    progress = tables.student_progress
    row = (
        await connection.execute(
            select(progress).where(
                progress.c.student_id == str(student_id), progress.c.course_id == str(course_id)
            )
        )
    ).one_or_none()
    if row is None:
        return StudentProgress(
            id=ProgressId.new(ids), student_id=student_id, course_id=course_id, started_at=at
        )
    return await _load(connection, row)


async def save_progress(work: UnitOfWork, progress: StudentProgress) -> None:
    """Store a student's new or changed progress. ConcurrencyConflict when it was changed meanwhile."""
    events = progress.pull_events()
    if not events:
        return
    once = {
        "student_id": str(progress.student_id),
        "course_id": str(progress.course_id),
        "started_at": progress.started_at,
    }
    await save_versioned(work, tables.student_progress, progress, {}, once=once)
    for event in events:
        await _insert(work.connection, event)
    await record(work, events)


async def _insert(connection: AsyncConnection, event: DomainEvent) -> None:
    match event:
        case ExerciseCompleted():
            await connection.execute(
                insert(tables.exercise_progress).values(
                    progress_id=str(event.progress_id),
                    exercise_id=str(event.exercise_id),
                    score=event.score.points,
                    completed_at=event.occurred_at,
                )
            )
        case LessonCompleted():
            await connection.execute(
                insert(tables.lesson_progress).values(
                    progress_id=str(event.progress_id),
                    lesson_id=str(event.lesson_id),
                    completed_at=event.occurred_at,
                )
            )
        case LessonUnlocked():
            await connection.execute(
                insert(tables.unlocked_lesson).values(
                    progress_id=str(event.progress_id),
                    lesson_id=str(event.lesson_id),
                    unlocked_at=event.occurred_at,
                )
            )
        case QuizSubmitted():
            await connection.execute(
                insert(tables.quiz_attempt).values(
                    id=str(event.attempt_id),
                    progress_id=str(event.progress_id),
                    exercise_id=str(event.exercise_id),
                    attempt=event.attempt,
                    answers=msgspec.json.encode(event.answers, order="deterministic").decode(),
                    score=event.score.points,
                    submitted_at=event.occurred_at,
                )
            )
        case CodingExerciseSubmitted():
            await connection.execute(
                insert(tables.coding_submission).values(
                    id=str(event.submission_id),
                    progress_id=str(event.progress_id),
                    exercise_id=str(event.exercise_id),
                    attempt=event.attempt,
                    source=event.program.source,
                    verdicts=msgspec.json.encode(event.verdicts).decode(),
                    score=event.score.points,
                    submitted_at=event.occurred_at,
                )
            )


async def _load(connection: AsyncConnection, row: Row[Any]) -> StudentProgress:
    exercises, lessons = tables.exercise_progress, tables.lesson_progress
    completed = await connection.execute(select(exercises).where(exercises.c.progress_id == row.id))
    read = await connection.scalars(select(lessons.c.lesson_id).where(lessons.c.progress_id == row.id))
    unlocked = await connection.scalars(
        select(tables.unlocked_lesson.c.lesson_id).where(tables.unlocked_lesson.c.progress_id == row.id)
    )
    attempts: dict[ExerciseId, int] = {}
    for table in (tables.quiz_attempt, tables.coding_submission):
        counted = await connection.execute(
            select(table.c.exercise_id, func.max(table.c.attempt))
            .where(table.c.progress_id == row.id)
            .group_by(table.c.exercise_id)
        )
        attempts |= {ExerciseId(exercise_id): last for exercise_id, last in counted}
    return StudentProgress(
        id=ProgressId(row.id),
        version=row.version,
        student_id=StudentId(row.student_id),
        course_id=CourseId(row.course_id),
        started_at=row.started_at,
        exercises={
            ExerciseId(one.exercise_id): ExerciseProgress(Score(one.score), one.completed_at)
            for one in completed
        },
        lessons={LessonId(lesson_id) for lesson_id in read},
        unlocked={LessonId(lesson_id) for lesson_id in unlocked},
        attempts=attempts,
    )
