"""Enrolments, the requests that lead to them, and what lets a student in."""

from typing import Any

from sqlalchemy import ColumnElement, Row, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import Currency, Money
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned
from subgraphs.learning.domain.admission import Admission
from subgraphs.learning.domain.enrollment import Enrollment
from subgraphs.learning.domain.enrollment_request import EnrollmentRequest
from subgraphs.learning.domain.identifiers import (
    CourseId,
    EnrollmentId,
    EnrollmentRequestId,
    LessonId,
    PaymentId,
    StudentId,
    TutorId,
)
from subgraphs.learning.domain.values import EnrollmentRequestStatus, EnrollmentStatus
from subgraphs.learning.repository.recording import record
from subgraphs.learning.tables import enrollment, enrollment_request, opened_lesson


async def find_enrollment(connection: AsyncConnection, enrollment_id: EnrollmentId) -> Enrollment | None:
    return await _find(connection, enrollment.c.id == str(enrollment_id))


async def find_enrollment_of(
    connection: AsyncConnection, course_id: CourseId, student_id: StudentId
) -> Enrollment | None:
    """The one record of a student in a course."""
    return await _find(
        connection, enrollment.c.course_id == str(course_id), enrollment.c.student_id == str(student_id)
    )


async def find_enrollment_paid_by(connection: AsyncConnection, payment_id: PaymentId) -> Enrollment | None:
    return await _find(connection, enrollment.c.payment_id == str(payment_id))


async def save_enrollment(work: UnitOfWork, one: Enrollment) -> None:
    """Store a new or changed enrolment. ConcurrencyConflict when it was changed meanwhile, or made by
    another."""
    events = one.pull_events()
    if not events:
        return
    values = {
        "status": one.status,
        "payment_id": str(one.payment_id) if one.payment_id else None,
        "request_id": str(one.request_id) if one.request_id else None,
        "enrolled_at": one.enrolled_at,
        "cancelled_at": one.cancelled_at,
        "cancel_reason": one.cancel_reason,
    }
    once = {
        "course_id": str(one.course_id),
        "student_id": str(one.student_id),
        "tutor_id": str(one.tutor_id),
    }
    await save_versioned(work, enrollment, one, values, once=once)
    await record(work, events)


async def find_request(
    connection: AsyncConnection, request_id: EnrollmentRequestId
) -> EnrollmentRequest | None:
    row = (
        await connection.execute(select(enrollment_request).where(enrollment_request.c.id == str(request_id)))
    ).one_or_none()
    return _request(row) if row else None


async def has_pending_request(
    connection: AsyncConnection, course_id: CourseId, student_id: StudentId
) -> bool:
    """Whether the student waits for being enrolled in the course."""
    pending = exists().where(
        enrollment_request.c.course_id == str(course_id),
        enrollment_request.c.student_id == str(student_id),
        enrollment_request.c.status == EnrollmentRequestStatus.PENDING,
    )
    return bool(await connection.scalar(select(pending)))


async def save_request(work: UnitOfWork, request: EnrollmentRequest) -> None:
    """Store a new or changed request. ConcurrencyConflict, also when another one of the two is pending."""
    values = {"status": request.status, "ended_at": request.ended_at, "reason": request.reason}
    once = {
        "course_id": str(request.course_id),
        "student_id": str(request.student_id),
        "amount_minor": request.price.amount_minor,
        "currency": request.price.currency.code,
        "requested_at": request.requested_at,
    }
    await save_versioned(work, enrollment_request, request, values, once=once)
    await record(work, request.pull_events())


async def admission_of(connection: AsyncConnection, course_id: CourseId, student_id: StudentId) -> Admission:
    """What lets this student into the lessons of this course."""
    enrolled = exists().where(
        enrollment.c.course_id == str(course_id),
        enrollment.c.student_id == str(student_id),
        enrollment.c.status == EnrollmentStatus.ACTIVE,
    )
    opened = await connection.scalars(
        select(opened_lesson.c.lesson_id).where(
            opened_lesson.c.course_id == str(course_id), opened_lesson.c.student_id == str(student_id)
        )
    )
    is_enrolled = bool(await connection.scalar(select(enrolled)))
    return Admission(is_enrolled, frozenset(LessonId(lesson_id) for lesson_id in opened))


async def _find(connection: AsyncConnection, *conditions: ColumnElement[bool]) -> Enrollment | None:
    row = (await connection.execute(select(enrollment).where(*conditions))).one_or_none()
    return _enrollment(row) if row else None


def _enrollment(row: Row[Any]) -> Enrollment:
    return Enrollment(
        id=EnrollmentId(row.id),
        version=row.version,
        course_id=CourseId(row.course_id),
        student_id=StudentId(row.student_id),
        tutor_id=TutorId(row.tutor_id),
        status=EnrollmentStatus(row.status),
        payment_id=PaymentId(row.payment_id) if row.payment_id else None,
        request_id=EnrollmentRequestId(row.request_id) if row.request_id else None,
        enrolled_at=row.enrolled_at,
        cancelled_at=row.cancelled_at,
        cancel_reason=row.cancel_reason,
    )


def _request(row: Row[Any]) -> EnrollmentRequest:
    return EnrollmentRequest(
        id=EnrollmentRequestId(row.id),
        version=row.version,
        course_id=CourseId(row.course_id),
        student_id=StudentId(row.student_id),
        price=Money(row.amount_minor, Currency(row.currency)),
        status=EnrollmentRequestStatus(row.status),
        requested_at=row.requested_at,
        ended_at=row.ended_at,
        reason=row.reason,
    )
