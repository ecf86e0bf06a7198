"""What classes tells the other contexts. Every event's key is the class's id."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from subgraphs.kernel.messaging.integration import IntegrationEvent


class ClassType(StrEnum):
    """Whether many learn together or one alone."""

    GROUP = "GROUP"
    PRIVATE = "PRIVATE"


class AttendanceStatus(StrEnum):
    """Whether a student was there."""

    PRESENT = "PRESENT"
    LATE = "LATE"
    ABSENT = "ABSENT"


@dataclass(frozen=True, slots=True)
class ClassCreated(IntegrationEvent):
    """There is a new class, open for enrolment."""

    type: ClassVar[str] = "classes.class_created"
    class_id: str
    class_type: ClassType
    course_id: str
    instructor_id: str
    title: str
    total_meetings: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ClassActivated(IntegrationEvent):
    """The class has begun: from now on a group takes nobody in, and its package stays as it is."""

    type: ClassVar[str] = "classes.class_activated"
    class_id: str
    instructor_id: str
    activated_at: datetime


@dataclass(frozen=True, slots=True)
class StudentEnrolled(IntegrationEvent):
    """A student belongs to the class."""

    type: ClassVar[str] = "classes.student_enrolled"
    class_id: str
    enrollment_id: str
    student_id: str
    course_id: str
    meeting_credits: int
    enrolled_at: datetime


@dataclass(frozen=True, slots=True)
class EnrollmentCancelled(IntegrationEvent):
    """A student does not belong to the class any more: what was paid for it has gone back."""

    type: ClassVar[str] = "classes.enrollment_cancelled"
    class_id: str
    enrollment_id: str
    student_id: str
    reason: str
    cancelled_at: datetime


@dataclass(frozen=True, slots=True)
class AttendanceMarked(IntegrationEvent):
    """An instructor has said whether a student was at a meeting. `meeting` counts from 1."""

    type: ClassVar[str] = "classes.attendance_marked"
    class_id: str
    student_id: str
    meeting: int
    status: AttendanceStatus
    held_at: datetime
    marked_at: datetime


@dataclass(frozen=True, slots=True)
class CreditDeducted(IntegrationEvent):
    """A meeting has been used up."""

    type: ClassVar[str] = "classes.credit_deducted"
    class_id: str
    student_id: str
    balance: int
    deducted_at: datetime


@dataclass(frozen=True, slots=True)
class CreditAdjusted(IntegrationEvent):
    """Somebody has changed a student's meetings by hand."""

    type: ClassVar[str] = "classes.credit_adjusted"
    class_id: str
    student_id: str
    delta: int
    balance: int
    reason: str
    adjusted_by: str
    adjusted_at: datetime


@dataclass(frozen=True, slots=True)
class PackageChanged(IntegrationEvent):
    """The class has more or fewer meetings than before."""

    type: ClassVar[str] = "classes.package_changed"
    class_id: str
    total_meetings: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class LessonUnlocked(IntegrationEvent):
    """The class may work on a lesson and on all of its exercises."""

    type: ClassVar[str] = "classes.lesson_unlocked"
    class_id: str
    course_id: str
    lesson_id: str
    student_ids: tuple[str, ...]
    unlocked_by: str
    unlocked_at: datetime


@dataclass(frozen=True, slots=True)
class ClassCompleted(IntegrationEvent):
    """The class is over."""

    type: ClassVar[str] = "classes.class_completed"
    class_id: str
    completed_at: datetime
