"""Assignments, for those who teach and those who take the course or the class, and for the staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Row, case, exists, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.assessment.access import is_staff
from subgraphs.assessment.domain.values import AssignmentStatus, SubmissionType
from subgraphs.assessment.tables import assignment, participant
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Slice, SliceRequest
from subgraphs.kernel.store.slices import slices_of

_NEWEST_FIRST = assignment.c.created_at, assignment.c.id


@dataclass(frozen=True, slots=True)
class AssignmentView:
    id: str
    course_id: str
    class_id: str | None
    instructor_id: str
    title: str
    instructions: str
    submission_types: tuple[SubmissionType, ...]
    max_points: int
    due_at: datetime | None
    takes_late: bool
    takes_again: bool
    status: AssignmentStatus
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class AssignmentsById(Query[Mapping[str, AssignmentView]]):
    """Many assignments, by their ids."""

    ids: tuple[str, ...]


class Place(Enum):
    """Whose assignments they are: a course's, with those of its classes, or a class's."""

    COURSE = assignment.c.course_id
    CLASS = assignment.c.class_id


@dataclass(frozen=True, slots=True)
class AssignmentsOf(Query[Mapping[str, Slice[AssignmentView]]]):
    """The same part of the assignments of many courses or classes, newest first.

    `course_id` leaves out classes of other courses.
    """

    place: Place
    ids: tuple[str, ...]
    part: SliceRequest
    course_id: str | None = None


async def assignments_by_id(
    query: AssignmentsById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, AssignmentView]:
    rows = await connection.execute(
        select(assignment).where(assignment.c.id.in_(query.ids), _may_see(request))
    )
    return {row.id: _view(row) for row in rows}


async def assignments_of(
    query: AssignmentsOf, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Slice[AssignmentView]]:
    rows = select(assignment).where(_may_see(request))
    if query.course_id is not None:
        rows = rows.where(assignment.c.course_id == query.course_id)
    of = query.place.value
    found = await slices_of(rows, of, query.ids, _NEWEST_FIRST, query.part, connection, newest_first=True)
    return {key: one.map(_view) for key, one in found.items()}


def _may_see(request: RequestContext) -> ColumnElement[bool]:
    if is_staff(request.actor):
        return true()
    place = case((assignment.c.class_id.is_(None), assignment.c.course_id), else_=assignment.c.class_id)
    takes_part = exists().where(participant.c.student_id == request.actor_id, participant.c.place_id == place)
    return or_(assignment.c.instructor_id == request.actor_id, takes_part)


def _view(row: Row[Any]) -> AssignmentView:
    return AssignmentView(
        row.id,
        row.course_id,
        row.class_id,
        row.instructor_id,
        row.title,
        row.instructions,
        tuple(map(SubmissionType, row.submission_types.split(","))),
        row.max_points,
        row.due_at,
        row.takes_late,
        row.takes_again,
        AssignmentStatus(row.status),
        row.created_at,
        row.updated_at,
    )
