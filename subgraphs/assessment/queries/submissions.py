"""What was handed in, for the student, for who teaches, and for the staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.assessment.access import is_staff
from subgraphs.assessment.domain.values import Grade, SubmissionType
from subgraphs.assessment.tables import assignment, feedback, submission
from subgraphs.contracts.identity import Role
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Slice, SliceRequest
from subgraphs.kernel.store.slices import slices_of

_ROWS = select(submission, assignment.c.due_at).join(
    assignment, assignment.c.id == submission.c.assignment_id
)
_LATEST_FIRST = submission.c.submitted_at, submission.c.id


@dataclass(frozen=True, slots=True)
class SubmissionView:
    id: str
    assignment_id: str
    student_id: str
    type: SubmissionType
    content: str
    attempt: int
    is_late: bool
    submitted_at: datetime
    grade: Grade | None
    graded_by: str | None
    graded_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedbackView:
    id: str
    text: str
    given_by: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class SubmissionsById(Query[Mapping[str, SubmissionView]]):
    """Many submissions, by their ids."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnSubmissions(Query[Mapping[str, SubmissionView]]):
    """What the asker has handed in, by the assignments' ids."""

    assignment_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubmissionsOfAssignments(Query[Mapping[str, Slice[SubmissionView]]]):
    """The same part of what was handed in for many assignments, the latest first.

    Assignments that the asker does not see to are missing.
    """

    assignment_ids: tuple[str, ...]
    part: SliceRequest


@dataclass(frozen=True, slots=True)
class SubmissionsOfStudents(Query[Mapping[str, Slice[SubmissionView]]]):
    """The same part of what many students have handed in, the latest first; tutors see what is for them.

    Students about whom the asker may not ask are missing.
    """

    student_ids: tuple[str, ...]
    part: SliceRequest


@dataclass(frozen=True, slots=True)
class FeedbackOfSubmissions(Query[Mapping[str, Sequence[FeedbackView]]]):
    """What was said about submissions that the asker may see, in order."""

    submission_ids: tuple[str, ...]


async def submissions_by_id(
    query: SubmissionsById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, SubmissionView]:
    rows = await connection.execute(_seen(request).where(submission.c.id.in_(query.ids)))
    return {row.id: _view(row) for row in rows}


async def own_submissions(
    query: OwnSubmissions, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, SubmissionView]:
    rows = await connection.execute(
        _ROWS.where(
            submission.c.assignment_id.in_(query.assignment_ids), submission.c.student_id == request.actor_id
        )
    )
    return {row.assignment_id: _view(row) for row in rows}


async def submissions_of_assignments(
    query: SubmissionsOfAssignments, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Slice[SubmissionView]]:
    is_own = true() if is_staff(request.actor) else assignment.c.instructor_id == request.actor_id
    allowed = await connection.scalars(
        select(assignment.c.id).where(assignment.c.id.in_(query.assignment_ids), is_own)
    )
    by_assignment = submission.c.assignment_id
    return await _slices(_ROWS, by_assignment, allowed.all(), query.part, connection)


async def submissions_of_students(
    query: SubmissionsOfStudents, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Slice[SubmissionView]]:
    actor = request.actor
    may_ask_about_all = is_staff(actor) or (actor is not None and actor.role == Role.TUTOR)
    allowed = [one for one in query.student_ids if may_ask_about_all or one == request.actor_id]
    return await _slices(_seen(request), submission.c.student_id, allowed, query.part, connection)


async def feedback_of_submissions(
    query: FeedbackOfSubmissions, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Sequence[FeedbackView]]:
    rows = await connection.execute(
        select(feedback)
        .join(submission, submission.c.id == feedback.c.submission_id)
        .join(assignment, assignment.c.id == submission.c.assignment_id)
        .where(feedback.c.submission_id.in_(query.submission_ids), _may_see(request))
        .order_by(feedback.c.given_at, feedback.c.id)
    )
    groups: dict[str, list[FeedbackView]] = {}
    for row in rows:
        said = FeedbackView(row.id, row.text, row.given_by, row.given_at)
        groups.setdefault(row.submission_id, []).append(said)
    return groups


def _seen(request: RequestContext) -> Select[Any]:
    return _ROWS.where(_may_see(request))


def _may_see(request: RequestContext) -> ColumnElement[bool]:
    """A condition on submissions joined with their assignments."""
    if is_staff(request.actor):
        return true()
    return or_(submission.c.student_id == request.actor_id, assignment.c.instructor_id == request.actor_id)


async def _slices(
    rows: Select[Any],
    group: ColumnElement[Any],
    keys: Sequence[str],
    part: SliceRequest,
    connection: AsyncConnection,
) -> Mapping[str, Slice[SubmissionView]]:
    found = await slices_of(rows, group, keys, _LATEST_FIRST, part, connection, newest_first=True)
    return {key: one.map(_view) for key, one in found.items()}


def _view(row: Row[Any]) -> SubmissionView:
    return SubmissionView(
        row.id,
        row.assignment_id,
        row.student_id,
        SubmissionType(row.type),
        row.content,
        row.attempt,
        row.due_at is not None and row.submitted_at > row.due_at,
        row.submitted_at,
        Grade(row.points, row.max_points) if row.points is not None else None,
        row.graded_by,
        row.graded_at,
    )
