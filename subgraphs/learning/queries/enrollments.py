"""Who takes what, for those whose business it is: the students themselves, the course's tutor, and the
staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts.identity import Role
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import FORBIDDEN, RequestContext
from subgraphs.kernel.domain import Currency, Money, Slice, SliceRequest
from subgraphs.kernel.store.slices import slices_of
from subgraphs.learning.access import is_staff
from subgraphs.learning.domain.values import EnrollmentRequestStatus, EnrollmentStatus
from subgraphs.learning.tables import course, enrollment, enrollment_request

_NEWEST_FIRST = enrollment.c.enrolled_at, enrollment.c.id


@dataclass(frozen=True, slots=True)
class EnrollmentView:
    """A student in a course."""

    id: str
    course_id: str
    student_id: str
    tutor_id: str
    status: EnrollmentStatus
    payment_id: str | None
    enrolled_at: datetime
    cancelled_at: datetime | None
    cancel_reason: str | None


@dataclass(frozen=True, slots=True)
class EnrollmentRequestView:
    """The wish to take a course."""

    id: str
    course_id: str
    student_id: str
    price: Money
    status: EnrollmentRequestStatus
    reason: str | None
    requested_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class EnrollmentsById(Query[Mapping[str, EnrollmentView]]):
    """Many enrolments, by their ids, as far as the asker may see them."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnrollmentsOfStudents(Query[Mapping[str, Slice[EnrollmentView]]]):
    """The same part of the enrolments of many students, newest first; tutors see those in their own courses.

    Students about whom the asker may not ask are missing.
    """

    student_ids: tuple[str, ...]
    part: SliceRequest


@dataclass(frozen=True, slots=True)
class EnrollmentsOfCourses(Query[Mapping[str, Slice[EnrollmentView]]]):
    """The same part of the enrolments in many courses, newest first.

    Courses that the asker neither teaches nor looks after are missing.
    """

    course_ids: tuple[str, ...]
    part: SliceRequest


@dataclass(frozen=True, slots=True)
class OwnEnrollments(Query[Mapping[str, EnrollmentView]]):
    """The asker's own enrolments in courses, by the courses' ids."""

    course_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerifyEnrollment(Query[bool]):
    """Whether a student takes a course. FORBIDDEN to those whose business it is not."""

    course_id: str
    student_id: str


@dataclass(frozen=True, slots=True)
class EnrollmentRequestsById(Query[Mapping[str, EnrollmentRequestView]]):
    """Many requests, by their ids: one's own, or anybody's for the staff."""

    ids: tuple[str, ...]


async def enrollments_by_id(
    query: EnrollmentsById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, EnrollmentView]:
    rows = await connection.execute(
        select(enrollment).where(enrollment.c.id.in_(query.ids), _may_see(request))
    )
    return {row.id: _view(row) for row in rows}


async def enrollments_of_students(
    query: EnrollmentsOfStudents, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Slice[EnrollmentView]]:
    found = await slices_of(
        select(enrollment).where(_may_see(request)),
        enrollment.c.student_id,
        [student_id for student_id in query.student_ids if _may_ask_about(student_id, request)],
        _NEWEST_FIRST,
        query.part,
        connection,
        newest_first=True,
    )
    return {student_id: part.map(_view) for student_id, part in found.items()}


async def enrollments_of_courses(
    query: EnrollmentsOfCourses, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Slice[EnrollmentView]]:
    is_own = true() if is_staff(request.actor) else course.c.tutor_id == request.actor_id
    allowed = await connection.scalars(select(course.c.id).where(course.c.id.in_(query.course_ids), is_own))
    found = await slices_of(
        select(enrollment),
        enrollment.c.course_id,
        allowed.all(),
        _NEWEST_FIRST,
        query.part,
        connection,
        newest_first=True,
    )
    return {course_id: part.map(_view) for course_id, part in found.items()}


async def own_enrollments(
    query: OwnEnrollments, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, EnrollmentView]:
    rows = await connection.execute(
        select(enrollment).where(
            enrollment.c.course_id.in_(query.course_ids), enrollment.c.student_id == request.actor_id
        )
    )
    return {row.course_id: _view(row) for row in rows}


async def verify_enrollment(
    query: VerifyEnrollment, connection: AsyncConnection, request: RequestContext
) -> bool:
    teaches = exists().where(course.c.id == query.course_id, course.c.tutor_id == request.actor_id)
    if (
        request.actor_id != query.student_id
        and not is_staff(request.actor)
        and not await connection.scalar(select(teaches))
    ):
        raise QueryError(FORBIDDEN)
    enrolled = exists().where(
        enrollment.c.course_id == query.course_id,
        enrollment.c.student_id == query.student_id,
        enrollment.c.status == EnrollmentStatus.ACTIVE,
    )
    return bool(await connection.scalar(select(enrolled)))


async def enrollment_requests_by_id(
    query: EnrollmentRequestsById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, EnrollmentRequestView]:
    is_own = true() if is_staff(request.actor) else enrollment_request.c.student_id == request.actor_id
    rows = await connection.execute(
        select(enrollment_request).where(enrollment_request.c.id.in_(query.ids), is_own)
    )
    return {
        row.id: EnrollmentRequestView(
            row.id,
            row.course_id,
            row.student_id,
            Money(row.amount_minor, Currency(row.currency)),
            EnrollmentRequestStatus(row.status),
            row.reason,
            row.requested_at,
            row.ended_at,
        )
        for row in rows
    }


def _may_ask_about(student_id: str, request: RequestContext) -> bool:
    actor = request.actor
    return is_staff(actor) or (actor is not None and (actor.id == student_id or actor.role == Role.TUTOR))


def _may_see(request: RequestContext) -> ColumnElement[bool]:
    if is_staff(request.actor):
        return true()
    return or_(enrollment.c.student_id == request.actor_id, enrollment.c.tutor_id == request.actor_id)


def _view(row: Row[Any]) -> EnrollmentView:
    return EnrollmentView(
        row.id,
        row.course_id,
        row.student_id,
        row.tutor_id,
        EnrollmentStatus(row.status),
        row.payment_id,
        row.enrolled_at,
        row.cancelled_at,
        row.cancel_reason,
    )
