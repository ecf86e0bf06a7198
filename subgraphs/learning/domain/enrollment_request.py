"""The wish to take a course, which may have to be paid for first: what the saga of enrolling is about."""

from dataclasses import dataclass
from datetime import datetime

from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, Money, Result, Success
from subgraphs.learning.domain.course import Course
from subgraphs.learning.domain.errors import ALREADY_ENROLLED, COURSE_NOT_PUBLISHED, ENROLLMENT_PENDING
from subgraphs.learning.domain.events import EnrollmentFailed, EnrollmentRequested
from subgraphs.learning.domain.identifiers import CourseId, EnrollmentRequestId, StudentId
from subgraphs.learning.domain.values import EnrollmentRequestStatus


@dataclass(eq=False, kw_only=True)
class EnrollmentRequest(AggregateRoot[EnrollmentRequestId]):
    """A student who wants to take a course, for the price that it had then. `reason` is why it failed."""

    course_id: CourseId
    student_id: StudentId
    price: Money
    status: EnrollmentRequestStatus
    requested_at: datetime
    ended_at: datetime | None = None
    reason: str | None = None

    @classmethod
    def open(
        cls,
        request_id: EnrollmentRequestId,
        course: Course,
        student_id: StudentId,
        *,
        is_enrolled: bool,
        is_pending: bool,
        at: datetime,
    ) -> "Result[EnrollmentRequest, DomainError]":
        """COURSE_NOT_PUBLISHED, ALREADY_ENROLLED; ENROLLMENT_PENDING when there is another one: nobody pays
        twice."""
        if not course.is_published:
            return Failure(COURSE_NOT_PUBLISHED)
        if is_enrolled:
            return Failure(ALREADY_ENROLLED)
        if is_pending:
            return Failure(ENROLLMENT_PENDING)
        request = cls(
            id=request_id,
            course_id=course.id,
            student_id=student_id,
            price=course.price,
            status=EnrollmentRequestStatus.PENDING,
            requested_at=at,
        )
        request.raise_(
            EnrollmentRequested(request_id, course.id, student_id, course.tutor_id, course.price, at)
        )
        return Success(request)

    @property
    def is_pending(self) -> bool:
        return self.status is EnrollmentRequestStatus.PENDING

    def complete(self, *, at: datetime) -> None:
        """The student is enrolled. Nothing changes once it has ended."""
        if self.is_pending:
            self.status, self.ended_at = EnrollmentRequestStatus.COMPLETED, at

    def fail(self, reason: str, *, at: datetime) -> None:
        """It is undone, for a reason that is a code; what was completed fails when the saga is undone
        later."""
        if self.status is EnrollmentRequestStatus.FAILED:
            return
        self.status, self.ended_at, self.reason = EnrollmentRequestStatus.FAILED, at, reason
        self.raise_(EnrollmentFailed(self.id, self.course_id, self.student_id, reason, at))
