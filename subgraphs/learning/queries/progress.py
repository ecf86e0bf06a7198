"""How far students have come.

How much somebody has learnt is public, as it is on the leaderboard; in what, how well and how far is between
students and those who teach them: the staff see everything, tutors see their own courses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts.identity import Role
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import FORBIDDEN, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Page, PageRequest, Result, Success
from subgraphs.learning.access import is_staff
from subgraphs.learning.domain import progress_calculator
from subgraphs.learning.domain.values import ProgressStatus
from subgraphs.learning.tables import (
    course_catalog,
    progress_summary,
)

_CONTENT = course_catalog.c.lesson_count + course_catalog.c.exercise_count
_COMPLETED = progress_summary.c.completed_lesson_count + progress_summary.c.completed_exercise_count
_LATEST_FIRST = (progress_summary.c.last_activity_at.desc(), progress_summary.c.progress_id)


@dataclass(frozen=True, slots=True)
class ProgressView:
    """One student's progress in one course."""

    id: str
    student_id: str
    course_id: str
    completed_exercise_count: int
    exercise_count: int
    completed_lesson_count: int
    lesson_count: int
    score_total: int
    started_at: datetime
    last_activity_at: datetime

    @property
    def percent(self) -> int:
        return progress_calculator.percent(completed=self._completed, total=self._total)

    @property
    def status(self) -> ProgressStatus:
        return progress_calculator.status(completed=self._completed, total=self._total)

    @property
    def average_score(self) -> int | None:
        return progress_calculator.average_score(
            score_total=self.score_total, completed_exercises=self.completed_exercise_count
        )

    @property
    def _completed(self) -> int:
        return self.completed_exercise_count + self.completed_lesson_count

    @property
    def _total(self) -> int:
        return self.exercise_count + self.lesson_count


@dataclass(frozen=True, slots=True)
class LearningSummary:
    """What everybody may know of a student's learning."""

    started_course_count: int = 0
    completed_course_count: int = 0
    completed_exercise_count: int = 0


@dataclass(frozen=True, slots=True)
class LearningSummaries(Query[Mapping[str, LearningSummary]]):
    """The summaries of many students; who has not begun yet is missing."""

    student_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProgressOfStudents(Query[Mapping[str, Result[Page[ProgressView], DomainError]]]):
    """The same page of many students' progress, latest activity first; FORBIDDEN where the asker may not."""

    student_ids: tuple[str, ...]
    page: PageRequest


@dataclass(frozen=True, slots=True)
class ProgressById(Query[Mapping[str, ProgressView]]):
    """Records of progress, by their ids, as far as the asker may see them."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnProgress(Query[Mapping[str, ProgressView]]):
    """The asker's own progress in courses, by the courses' ids."""

    course_ids: tuple[str, ...]


async def learning_summaries(
    query: LearningSummaries, connection: AsyncConnection, _request: RequestContext
) -> Mapping[str, LearningSummary]:
    rows = await connection.execute(
        select(
            progress_summary.c.student_id,
            func.count(),
            func.sum(case((_COMPLETED >= _CONTENT, 1), else_=0)),
            func.sum(progress_summary.c.completed_exercise_count),
        )
        .join(course_catalog, course_catalog.c.course_id == progress_summary.c.course_id)
        .where(progress_summary.c.student_id.in_(query.student_ids))
        .group_by(progress_summary.c.student_id)
    )
    return {student_id: LearningSummary(*counts) for student_id, *counts in rows}


async def progress_of_students(
    query: ProgressOfStudents, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Result[Page[ProgressView], DomainError]]:
    answers: dict[str, Result[Page[ProgressView], DomainError]] = {}
    page = query.page
    allowed = [student_id for student_id in query.student_ids if _may_ask_about(student_id, request)]
    by_student = progress_summary.c.student_id
    numbered = (
        _with_course()
        .add_columns(
            func.row_number().over(partition_by=by_student, order_by=_LATEST_FIRST).label("place"),
            func.count().over(partition_by=by_student).label("total"),
        )
        .where(by_student.in_(allowed), may_see_progress(request))
        .subquery()
    )
    first = page.offset + 1
    # The first row of each student comes along even when it is before the page: it brings the total.
    wanted = or_(numbered.c.place.between(first, page.offset + page.limit), numbered.c.place == 1)
    rows = await connection.execute(select(numbered).where(wanted).order_by(numbered.c.place))
    totals: dict[str, int] = {}
    items: dict[str, list[ProgressView]] = {student_id: [] for student_id in allowed}
    for row in rows:
        totals[row.student_id] = row.total
        if row.place >= first:
            items[row.student_id].append(_view(row))
    for student_id in query.student_ids:
        if student_id in items:
            found = tuple(items[student_id])
            answers[student_id] = Success(Page(found, totals.get(student_id, 0), page.offset, page.limit))
        else:
            answers[student_id] = Failure(FORBIDDEN)
    return answers


async def progress_by_id(
    query: ProgressById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, ProgressView]:
    rows = await connection.execute(
        _with_course().where(progress_summary.c.progress_id.in_(query.ids), may_see_progress(request))
    )
    return {row.progress_id: _view(row) for row in rows}


async def own_progress(
    query: OwnProgress, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, ProgressView]:
    rows = await connection.execute(
        _with_course().where(
            progress_summary.c.course_id.in_(query.course_ids),
            progress_summary.c.student_id == request.actor_id,
        )
    )
    return {row.course_id: _view(row) for row in rows}


def _may_ask_about(student_id: str, request: RequestContext) -> bool:
    actor = request.actor
    return is_staff(actor) or (actor is not None and (actor.id == student_id or actor.role == Role.TUTOR))


def may_see_progress(request: RequestContext) -> ColumnElement[bool]:
    """A condition on progress joined with the catalogue."""
    if is_staff(request.actor):
        return true()
    return or_(
        progress_summary.c.student_id == request.actor_id, course_catalog.c.tutor_id == request.actor_id
    )


def _with_course() -> Select[Any]:
    return select(progress_summary, course_catalog.c.exercise_count, course_catalog.c.lesson_count).join(
        course_catalog, course_catalog.c.course_id == progress_summary.c.course_id
    )


def _view(row: Row[Any]) -> ProgressView:
    return ProgressView(
        id=row.progress_id,
        student_id=row.student_id,
        course_id=row.course_id,
        completed_exercise_count=row.completed_exercise_count,
        exercise_count=row.exercise_count,
        completed_lesson_count=row.completed_lesson_count,
        lesson_count=row.lesson_count,
        score_total=row.score_total,
        started_at=row.started_at,
        last_activity_at=row.last_activity_at,
    )
