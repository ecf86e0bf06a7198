"""What learning tells itself to do, in its sagas above all, and what it answers. Nobody else sends or hears
these."""

from dataclasses import dataclass
from typing import ClassVar

from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.requests import Request


@dataclass(frozen=True, slots=True)
class EnrollmentRefused(IntegrationEvent):
    """CreateEnrollment cannot be done, for a reason that is a code. Done, it is EnrollmentCompleted."""

    type: ClassVar[str] = "learning.enrollment_refused"
    request_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CreateEnrollment(Request[EnrollmentRefused]):
    """Take the student in who has asked for it and paid, unless there was nothing to pay."""

    type: ClassVar[str] = "learning.create_enrollment"
    request_id: str
    course_id: str
    student_id: str
    payment_id: str | None


@dataclass(frozen=True, slots=True)
class EnrollmentWithdrawn(IntegrationEvent):
    """There is no enrolment for this request, or no longer."""

    type: ClassVar[str] = "learning.enrollment_withdrawn"
    request_id: str


@dataclass(frozen=True, slots=True)
class CancelEnrollment(Request[EnrollmentWithdrawn]):
    """Undo what CreateEnrollment has done."""

    type: ClassVar[str] = "learning.cancel_enrollment"
    request_id: str
    course_id: str
    student_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeaveCourse(IntegrationEvent):
    """End an enrolment of somebody who is gone."""

    type: ClassVar[str] = "learning.leave_course"
    enrollment_id: str


@dataclass(frozen=True, slots=True)
class FailEnrollmentRequest(IntegrationEvent):
    """Nothing has come of a request; all of it is undone."""

    type: ClassVar[str] = "learning.fail_enrollment_request"
    request_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class SendEnrollmentNotification(IntegrationEvent):
    """Confirm an enrolment to the student."""

    type: ClassVar[str] = "learning.send_enrollment_notification"
    student_id: str
    course_id: str


@dataclass(frozen=True, slots=True)
class NextLessonUnlocked(IntegrationEvent):
    """What UnlockNextLesson has done. There is no next lesson after the last one."""

    type: ClassVar[str] = "learning.next_lesson_unlocked"
    user_id: str
    lesson_id: str
    next_lesson_id: str | None


@dataclass(frozen=True, slots=True)
class UnlockNextLesson(Request[NextLessonUnlocked]):
    """Open what comes after a lesson that a student has completed."""

    type: ClassVar[str] = "learning.unlock_next_lesson"
    user_id: str
    course_id: str
    lesson_id: str
