"""The CourseEnrollment saga: from the request to the place in the course, or back to where it began.

    CourseEnrollmentRequested -> ProcessPayment                 PAYMENT_PENDING; a free course skips it
    PaymentProcessed          -> CreateEnrollment               the step `enrollment_created`
    EnrollmentCompleted       -> SendEnrollmentNotification     ENROLLMENT_COMPLETED

A payment that is refused or late ends it; so does an enrolment that is refused, but what was paid is paid
back first. The request's id is the payment's id, so that one request is paid for once.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from subgraphs.contracts.learning import CourseEnrollmentRequested, EnrollmentCompleted
from subgraphs.contracts.payments import (
    PaymentMethod,
    PaymentProcessed,
    PaymentStatus,
    ProcessPayment,
    RefundPayment,
    RefundProcessed,
)
from subgraphs.kernel.sagas.definition import Decision, Saga
from subgraphs.kernel.sagas.outputs import Begin, Complete, Fail, Farewell, Finish, Output, Send
from subgraphs.learning.messages import (
    CancelEnrollment,
    CreateEnrollment,
    EnrollmentRefused,
    EnrollmentWithdrawn,
    FailEnrollmentRequest,
    SendEnrollmentNotification,
)

PROCESS_PAYMENT: Final = "payments.process"
REFUND_PAYMENT: Final = "payments.refund"
CREATE_ENROLLMENT: Final = "learning.create_enrollment"
CANCEL_ENROLLMENT: Final = "learning.cancel_enrollment"
ENROLLMENT_REQUESTS: Final = "learning.enrollment_requests"
SEND_ENROLLMENT_NOTIFICATION: Final = "learning.send_enrollment_notification"

PAYMENT: Final = "payment"
ENROLLMENT_CREATED: Final = "enrollment_created"

PAYMENT_TIMEOUT: Final = timedelta(minutes=15)
ENROLLMENT_TIMEOUT: Final = timedelta(hours=1)


class Stage(StrEnum):
    """How far an enrolment has come."""

    PAYMENT_PENDING = "PAYMENT_PENDING"
    PAYMENT_COMPLETED = "PAYMENT_COMPLETED"
    ENROLLMENT_COMPLETED = "ENROLLMENT_COMPLETED"


@dataclass(frozen=True, slots=True)
class CourseEnrollment:
    """What the saga knows. `reason` is a code: why it is undone, should it be."""

    request_id: str
    course_id: str
    student_id: str
    tutor_id: str
    amount_minor: int
    currency: str
    stage: Stage
    reason: str = "CANCELLED"

    @property
    def payment_id(self) -> str | None:
        return self.request_id if self.amount_minor else None


COURSE_ENROLLMENT: Final = Saga("learning.course_enrollment", CourseEnrollment)


def _request(
    message: CourseEnrollmentRequested | EnrollmentCompleted | EnrollmentRefused | EnrollmentWithdrawn,
) -> str:
    return message.request_id


def _payment(message: PaymentProcessed | RefundProcessed) -> str:
    return message.payment_id


@COURSE_ENROLLMENT.starts_with(CourseEnrollmentRequested, by=_request)
def requested(message: CourseEnrollmentRequested) -> Decision[CourseEnrollment]:
    """Ask for the money; for the enrolment at once when there is nothing to pay."""
    enrollment = CourseEnrollment(
        message.request_id,
        message.course_id,
        message.student_id,
        message.tutor_id,
        message.amount_minor,
        message.currency,
        Stage.PAYMENT_PENDING,
    )
    if enrollment.payment_id is None:
        return replace(enrollment, stage=Stage.PAYMENT_COMPLETED), _create(enrollment)
    payment = ProcessPayment(
        enrollment.payment_id,
        message.student_id,
        message.amount_minor,
        message.currency,
        PaymentMethod.CARD,
        tutor_id=message.tutor_id,
        course_id=message.course_id,
    )
    return enrollment, [Begin(PAYMENT, timeout=PAYMENT_TIMEOUT), Send(payment, to=PROCESS_PAYMENT)]


@COURSE_ENROLLMENT.on(PaymentProcessed, by=_payment, step=PAYMENT)
def payment_processed(enrollment: CourseEnrollment, message: PaymentProcessed) -> Decision[CourseEnrollment]:
    """Paid: enrol. Not paid: that is that."""
    match message.status:
        case PaymentStatus.COMPLETED:
            return replace(enrollment, stage=Stage.PAYMENT_COMPLETED), [Finish(), *_create(enrollment)]
        case PaymentStatus.PENDING:
            return enrollment, []
        case _:
            return _failed(enrollment, message.reason or "PAYMENT_FAILED")


@COURSE_ENROLLMENT.on_timeout(PAYMENT)
def payment_timed_out(enrollment: CourseEnrollment) -> Decision[CourseEnrollment]:
    """Nobody shall pay for it any more: the refund of what is not paid yet prevents that it is."""
    late = replace(enrollment, reason="PAYMENT_TIMED_OUT")
    return _failed(late, late.reason, Send(_refund(late), to=REFUND_PAYMENT))


@COURSE_ENROLLMENT.compensates(PAYMENT, confirmed_by=RefundProcessed, by=_payment)
def refund(enrollment: CourseEnrollment) -> Send:
    return Send(_refund(enrollment), to=REFUND_PAYMENT)


@COURSE_ENROLLMENT.on(EnrollmentCompleted, by=_request, step=ENROLLMENT_CREATED)
def enrollment_completed(
    enrollment: CourseEnrollment, message: EnrollmentCompleted
) -> Decision[CourseEnrollment]:
    confirmation = SendEnrollmentNotification(message.student_id, message.course_id)
    done = replace(enrollment, stage=Stage.ENROLLMENT_COMPLETED)
    return done, [Finish(), Send(confirmation, to=SEND_ENROLLMENT_NOTIFICATION), Complete()]


@COURSE_ENROLLMENT.on(EnrollmentRefused, by=_request, step=ENROLLMENT_CREATED)
def enrollment_refused(
    enrollment: CourseEnrollment, message: EnrollmentRefused
) -> Decision[CourseEnrollment]:
    return _failed(enrollment, message.reason)


@COURSE_ENROLLMENT.on_timeout(ENROLLMENT_CREATED)
def enrollment_timed_out(enrollment: CourseEnrollment) -> Decision[CourseEnrollment]:
    return _failed(enrollment, "ENROLLMENT_TIMED_OUT")


@COURSE_ENROLLMENT.compensates(ENROLLMENT_CREATED, confirmed_by=EnrollmentWithdrawn, by=_request)
def withdraw(enrollment: CourseEnrollment) -> Send:
    """The saga had given up when the enrolment came about after all."""
    cancel = CancelEnrollment(
        enrollment.request_id, enrollment.course_id, enrollment.student_id, enrollment.reason
    )
    return Send(cancel, to=CANCEL_ENROLLMENT)


@COURSE_ENROLLMENT.undone
def undone(enrollment: CourseEnrollment, _reason: str) -> list[Farewell]:
    """FAILED, and nothing is kept. Why somebody has cancelled it, in their words, is on record with the
    saga."""
    failed = FailEnrollmentRequest(enrollment.request_id, enrollment.reason)
    return [Send(failed, to=ENROLLMENT_REQUESTS)]


def _create(enrollment: CourseEnrollment) -> list[Output]:
    create = CreateEnrollment(
        enrollment.request_id, enrollment.course_id, enrollment.student_id, enrollment.payment_id
    )
    return [Begin(ENROLLMENT_CREATED, timeout=ENROLLMENT_TIMEOUT), Send(create, to=CREATE_ENROLLMENT)]


def _failed(enrollment: CourseEnrollment, reason: str, *outputs: Output) -> Decision[CourseEnrollment]:
    return replace(enrollment, reason=reason), [*outputs, Fail(reason)]


def _refund(enrollment: CourseEnrollment) -> RefundPayment:
    return RefundPayment(enrollment.request_id, enrollment.reason)
