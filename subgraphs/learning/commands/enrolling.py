"""Taking courses, and leaving them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from subgraphs.contracts.notification import SendNotification, Template
from subgraphs.contracts.payments import PaymentCompleted, PaymentMethod
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import FORBIDDEN, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.learning.access import is_staff, seen
from subgraphs.learning.domain.course import Course
from subgraphs.learning.domain.enrollment import enroll
from subgraphs.learning.domain.errors import (
    COURSE_NOT_FOUND,
    ENROLLMENT_NOT_ACTIVE,
    ENROLLMENT_NOT_FOUND,
    ENROLLMENT_PENDING,
    PAYMENT_NOT_VERIFIED,
    STUDENT_NOT_FOUND,
)
from subgraphs.learning.domain.identifiers import (
    CourseId,
    EnrollmentId,
    EnrollmentRequestId,
    PaymentId,
    StudentId,
)
from subgraphs.learning.domain.values import EnrollmentRequestStatus
from subgraphs.learning.repository.courses import find_course
from subgraphs.learning.repository.enrollments import (
    find_enrollment,
    find_enrollment_of,
    find_enrollment_paid_by,
    find_request,
    has_pending_request,
    save_enrollment,
)
from subgraphs.learning.repository.payments import is_paid
from subgraphs.learning.tables import person
from subgraphs.people import is_there

SEND_NOTIFICATION: Final = "notification.send"
REFUNDED: Final = "PAYMENT_REFUNDED"
"""Why an enrolment is cancelled whose payment has gone back."""

_CONFIRMATIONS: Final = UUID("0b3f3d0e-6a60-4f5c-9d2f-6d4c8d5f2a77")
_LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class EnrollStudent(Command[EnrollmentId]):
    """Enrol the acting student or, by the staff, another one; for a payment unless the course is free."""

    course_id: str
    student_id: str | None = None
    payment_id: str | None = None


@dataclass(frozen=True, slots=True)
class CancelEnrollment(Command[EnrollmentId]):
    """End an enrolment: one's own, or anybody's by the staff. What was paid is for the staff to pay back."""

    enrollment_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CreateEnrollment(Command[EnrollmentId]):
    """Enrol a student whose payment, if there has to be one, is known to be completed."""

    course_id: str
    student_id: str
    payment_id: str | None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawEnrollment(Command[None]):
    """See to it that what a request has led to is no longer there: the saga's CancelEnrollment."""

    request_id: str
    course_id: str
    student_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CancelRefundedEnrollment(Command[None]):
    """Who gets the money back does not keep the course."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class SendEnrollmentNotification(Command[None]):
    """Confirm to a student that the enrolment is there: once, whoever asks for it how often."""

    student_id: str
    course_id: str


async def enroll_student(
    command: EnrollStudent, work: UnitOfWork, request: RequestContext
) -> Result[EnrollmentId, DomainError]:
    student = command.student_id or request.actor_id or ""
    if student != request.actor_id and not is_staff(request.actor):
        return Failure(FORBIDDEN)
    student_id = StudentId.parse(student, field="studentId")
    if isinstance(student_id, Failure):
        return student_id
    if not await is_there(work.connection, person, str(student_id.value), request):
        return Failure(STUDENT_NOT_FOUND)
    course = seen(await find_course(work.connection, CourseId(command.course_id)), request.actor)
    if course is None:
        return Failure(COURSE_NOT_FOUND)
    payment_id = PaymentId(command.payment_id) if command.payment_id is not None else None
    if payment_id and not await is_paid(work.connection, payment_id, course, student_id.value):
        return Failure(PAYMENT_NOT_VERIFIED)
    if payment_id is None and await has_pending_request(work.connection, course.id, student_id.value):
        return Failure(ENROLLMENT_PENDING)
    return await _enroll(course, student_id.value, payment_id, None, work)


async def create_enrollment(
    command: CreateEnrollment, work: UnitOfWork, _request: RequestContext
) -> Result[EnrollmentId, DomainError]:
    student_id = StudentId.parse(command.student_id, field="studentId")
    if isinstance(student_id, Failure):
        return student_id
    course = await find_course(work.connection, CourseId(command.course_id))
    if course is None:
        return Failure(COURSE_NOT_FOUND)
    payment_id = PaymentId(command.payment_id) if command.payment_id is not None else None
    request_id = EnrollmentRequestId(command.request_id) if command.request_id is not None else None
    return await _enroll(course, student_id.value, payment_id, request_id, work)


async def cancel_enrollment(
    command: CancelEnrollment, work: UnitOfWork, request: RequestContext
) -> Result[EnrollmentId, DomainError]:
    reason = command.reason.strip()
    if not reason or len(reason) > _LONGEST_REASON or "\0" in reason:
        return Failure(DomainError("REASON_REQUIRED", "Say why, in 1 to 500 characters", "reason"))
    enrollment = await find_enrollment(work.connection, EnrollmentId(command.enrollment_id))
    is_own = enrollment is not None and str(enrollment.student_id) == request.actor_id
    if enrollment is None or not (is_own or is_staff(request.actor)):
        return Failure(ENROLLMENT_NOT_FOUND)  # whether there is one is nobody else's business
    cancelled = enrollment.cancel(reason, at=work.now)
    if isinstance(cancelled, Failure):
        return cancelled
    await save_enrollment(work, enrollment)
    return Success(enrollment.id)


async def withdraw_enrollment(
    command: WithdrawEnrollment, work: UnitOfWork, _request: RequestContext
) -> Result[None, DomainError]:
    enrollment = await find_enrollment_of(
        work.connection, CourseId(command.course_id), StudentId(command.student_id)
    )
    if enrollment is not None and enrollment.request_id == EnrollmentRequestId(command.request_id):
        enrollment.cancel(command.reason, at=work.now)
        await save_enrollment(work, enrollment)
    return Success(None)


async def cancel_refunded_enrollment(
    command: CancelRefundedEnrollment, work: UnitOfWork, _request: RequestContext
) -> Result[None, DomainError]:
    enrollment = await find_enrollment_paid_by(work.connection, PaymentId(command.payment_id))
    if enrollment is None:
        return Failure(ENROLLMENT_NOT_FOUND)
    cancelled = enrollment.cancel(REFUNDED, at=work.now)
    if cancelled == Failure(ENROLLMENT_NOT_ACTIVE):
        return Success(None)
    await save_enrollment(work, enrollment)
    return Success(None)


async def is_to_be_enrolled(paid: PaymentCompleted, work: UnitOfWork) -> bool:
    """Whether a payment for a course, which is noted already, buys a place in it.

    It does when it was asked for by a request of which nothing has failed, whatever the price is by now, and
    when it is the whole price. COURSE_NOT_FOUND is for the enrolment to say.
    """
    request = await find_request(work.connection, EnrollmentRequestId(paid.payment_id))
    if request is not None:
        return request.status is not EnrollmentRequestStatus.FAILED
    course = await find_course(work.connection, CourseId(paid.course_id or ""))
    return course is None or await is_paid(
        work.connection, PaymentId(paid.payment_id), course, StudentId(paid.student_id)
    )


async def is_to_be_sent_back(paid: PaymentCompleted, work: UnitOfWork) -> bool:
    """Whether a payment that buys nothing goes back: from a card. What a request asked for is its saga's."""
    request = await find_request(work.connection, EnrollmentRequestId(paid.payment_id))
    return paid.method is PaymentMethod.CARD and request is None


async def send_enrollment_notification(
    command: SendEnrollmentNotification, work: UnitOfWork, _request: RequestContext
) -> Result[None, DomainError]:
    enrollment = await find_enrollment_of(
        work.connection, CourseId(command.course_id), StudentId(command.student_id)
    )
    if enrollment is not None and enrollment.is_active:  # else there is nothing to confirm any more
        values = {"course_id": command.course_id}
        work.send(
            SendNotification(Template.ENROLLMENT_CONFIRMED, user_id=command.student_id, values=values),
            to=SEND_NOTIFICATION,
            key=command.student_id,
            message_id=str(uuid5(_CONFIRMATIONS, f"{enrollment.id}:{enrollment.enrolled_at.isoformat()}")),
        )
    return Success(None)


async def _enroll(
    course: Course,
    student_id: StudentId,
    payment_id: PaymentId | None,
    request_id: EnrollmentRequestId | None,
    work: UnitOfWork,
) -> Result[EnrollmentId, DomainError]:
    enrolled = enroll(
        await find_enrollment_of(work.connection, course.id, student_id),
        course,
        student_id,
        payment_id=payment_id,
        request_id=request_id,
        ids=work.ids,
        at=work.now,
    )
    if isinstance(enrolled, Failure):
        return enrolled
    await save_enrollment(work, enrolled.value)
    return Success(enrolled.value.id)
