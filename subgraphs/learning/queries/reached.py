"""What students have reached within a record of their progress: what they have completed, and the lessons
that are open. Whoever may see the record may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.learning.queries.progress import may_see_progress
from subgraphs.learning.tables import (
    course_catalog,
    exercise_progress,
    lesson,
    lesson_progress,
    progress_summary,
    section,
    unlocked_lesson,
)


@dataclass(frozen=True, slots=True)
class CompletedExercise:
    exercise_id: str
    score: int
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class CompletedExercises(Query[Mapping[str, Sequence[CompletedExercise]]]):
    """The exercises completed in records of progress that the asker may see, in the order of completion."""

    progress_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnlockedLessons(Query[Mapping[str, Sequence[str]]]):
    """The ids of the lessons that are completed or unlocked in records of progress that the asker may see."""

    progress_ids: tuple[str, ...]


async def completed_exercises(
    query: CompletedExercises, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Sequence[CompletedExercise]]:
    completed = exercise_progress
    rows = await connection.execute(
        select(completed)
        .join(progress_summary, progress_summary.c.progress_id == completed.c.progress_id)
        .join(course_catalog, course_catalog.c.course_id == progress_summary.c.course_id)
        .where(completed.c.progress_id.in_(query.progress_ids), may_see_progress(request))
        .order_by(completed.c.completed_at, completed.c.exercise_id)
    )
    groups: dict[str, list[CompletedExercise]] = {}
    for row in rows:
        one = CompletedExercise(row.exercise_id, row.score, row.completed_at)
        groups.setdefault(row.progress_id, []).append(one)
    return groups


async def unlocked_lessons(
    query: UnlockedLessons, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Sequence[str]]:
    reached = union(
        *(
            select(table.c.progress_id, table.c.lesson_id).where(table.c.progress_id.in_(query.progress_ids))
            for table in (lesson_progress, unlocked_lesson)
        )
    ).subquery()
    rows = await connection.execute(
        select(reached)
        .join(progress_summary, progress_summary.c.progress_id == reached.c.progress_id)
        .join(course_catalog, course_catalog.c.course_id == progress_summary.c.course_id)
        .join(lesson, lesson.c.id == reached.c.lesson_id)
        .join(section, section.c.id == lesson.c.section_id)
        .where(may_see_progress(request))
        .order_by(section.c.position, lesson.c.position)
    )
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(row.progress_id, []).append(row.lesson_id)
    return groups
