"""Who takes a course. There is one record for each course and student, kept when it is cancelled."""

from dataclasses import dataclass
from datetime import datetime

from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, IdGenerator, Result, Success
from subgraphs.learning.domain.course import Course
from subgraphs.learning.domain.errors import (
    ALREADY_ENROLLED,
    COURSE_NOT_PUBLISHED,
    ENROLLMENT_NOT_ACTIVE,
    PAYMENT_REQUIRED,
    PAYMENT_SPENT,
)
from subgraphs.learning.domain.events import EnrollmentCancelled, EnrollmentCompleted, StudentEnrolled
from subgraphs.learning.domain.identifiers import (
    CourseId,
    EnrollmentId,
    EnrollmentRequestId,
    PaymentId,
    StudentId,
    TutorId,
)
from subgraphs.learning.domain.values import EnrollmentStatus


@dataclass(eq=False, kw_only=True)
class Enrollment(AggregateRoot[EnrollmentId]):
    """A student in a course. `payment_id` is None when there was nothing to pay."""

    course_id: CourseId
    student_id: StudentId
    tutor_id: TutorId
    status: EnrollmentStatus
    payment_id: PaymentId | None
    request_id: EnrollmentRequestId | None
    enrolled_at: datetime
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None

    @property
    def is_active(self) -> bool:
        return self.status is EnrollmentStatus.ACTIVE

    def cancel(self, reason: str, *, at: datetime) -> Result[None, DomainError]:
        """End it; the progress stays. ENROLLMENT_NOT_ACTIVE."""
        if not self.is_active:
            return Failure(ENROLLMENT_NOT_ACTIVE)
        self.status, self.cancelled_at, self.cancel_reason = EnrollmentStatus.CANCELLED, at, reason
        self.raise_(
            EnrollmentCancelled(self.id, self.course_id, self.student_id, self.payment_id, reason, at)
        )
        return Success(None)

    def _fulfil(self, request_id: EnrollmentRequestId | None, at: datetime) -> None:
        """Note the request that is hereby granted, once."""
        if request_id is None or request_id == self.request_id:
            return
        self.request_id = request_id
        self.raise_(EnrollmentCompleted(self.id, request_id, self.course_id, self.student_id, at))


def enroll(
    before: Enrollment | None,
    course: Course,
    student_id: StudentId,
    *,
    payment_id: PaymentId | None,
    request_id: EnrollmentRequestId | None = None,
    ids: IdGenerator,
    at: datetime,
) -> Result[Enrollment, DomainError]:
    """Take a student in, given the record that there is of the two already, if any.

    The payment has been verified by whoever calls. Who asks again for the same payment or request is told the
    same: the news of a payment and the saga that waits for it may both come here, in any order.
    COURSE_NOT_PUBLISHED, ALREADY_ENROLLED, PAYMENT_REQUIRED, PAYMENT_SPENT.
    """
    if before is not None and before.is_active:
        again = payment_id is not None and payment_id == before.payment_id
        if not again and (request_id is None or request_id != before.request_id):
            return Failure(ALREADY_ENROLLED)
        before._fulfil(request_id, at)
        return Success(before)
    if not course.is_published:
        return Failure(COURSE_NOT_PUBLISHED)
    if payment_id is None and course.price.amount_minor > 0:
        return Failure(PAYMENT_REQUIRED)
    if before is not None and payment_id is not None and payment_id == before.payment_id:
        return Failure(PAYMENT_SPENT)
    enrollment = Enrollment(
        id=before.id if before else EnrollmentId.new(ids),
        version=before.version if before else 0,
        course_id=course.id,
        student_id=student_id,
        tutor_id=course.tutor_id,
        status=EnrollmentStatus.ACTIVE,
        payment_id=payment_id,
        request_id=None,
        enrolled_at=at,
    )
    enrollment.raise_(StudentEnrolled(enrollment.id, course.id, student_id, course.tutor_id, payment_id, at))
    enrollment._fulfil(request_id, at)
    return Success(enrollment)
