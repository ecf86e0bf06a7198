"""What happened in classes. What other contexts may know of it is in contracts/classes.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from subgraphs.classes.domain.identifiers import (
    ClassId,
    CourseId,
    EnrollmentId,
    InstructorId,
    LessonId,
    StudentId,
)
from subgraphs.classes.domain.values import AttendanceStatus, ClassType, Title
from subgraphs.kernel.domain import DomainEvent, Money


@dataclass(frozen=True, slots=True)
class ClassCreated(DomainEvent):
    name: ClassVar[str] = "classes.class_created"
    class_id: ClassId
    type: ClassType
    course_id: CourseId
    instructor_id: InstructorId
    title: Title
    total_meetings: int
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ClassActivated(DomainEvent):
    name: ClassVar[str] = "classes.class_activated"
    class_id: ClassId
    instructor_id: InstructorId
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class StudentEnrolled(DomainEvent):
    name: ClassVar[str] = "classes.student_enrolled"
    class_id: ClassId
    enrollment_id: EnrollmentId
    student_id: StudentId
    course_id: CourseId
    payment_amount: Money
    credit: int
    by: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AttendanceMarked(DomainEvent):
    name: ClassVar[str] = "classes.attendance_marked"
    class_id: ClassId
    enrollment_id: EnrollmentId
    student_id: StudentId
    meeting: int
    before: AttendanceStatus | None
    status: AttendanceStatus
    held_at: datetime
    by: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class CreditDeducted(DomainEvent):
    name: ClassVar[str] = "classes.credit_deducted"
    class_id: ClassId
    enrollment_id: EnrollmentId
    student_id: StudentId
    meeting: int
    balance: int
    by: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class CreditAdjusted(DomainEvent):
    """Somebody has changed a student's credit by hand, or has corrected what it follows from."""

    name: ClassVar[str] = "classes.credit_adjusted"
    class_id: ClassId
    enrollment_id: EnrollmentId
    student_id: StudentId
    delta: int
    balance: int
    reason: str
    by: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class EnrollmentSuspended(DomainEvent):
    """A student's money has not come: they keep the place, and wait."""

    name: ClassVar[str] = "classes.enrollment_suspended"
    class_id: ClassId
    enrollment_id: EnrollmentId
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class EnrollmentResumed(DomainEvent):
    """A student's money has come after all, or is about to."""

    name: ClassVar[str] = "classes.enrollment_resumed"
    class_id: ClassId
    enrollment_id: EnrollmentId
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class EnrollmentCancelled(DomainEvent):
    """A student has left; their place is free."""

    name: ClassVar[str] = "classes.enrollment_cancelled"
    class_id: ClassId
    enrollment_id: EnrollmentId
    student_id: StudentId
    reason: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PackageChanged(DomainEvent):
    name: ClassVar[str] = "classes.package_changed"
    class_id: ClassId
    total_meetings: int
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class LessonUnlocked(DomainEvent):
    name: ClassVar[str] = "classes.lesson_unlocked"
    class_id: ClassId
    course_id: CourseId
    lesson_id: LessonId
    place: int
    student_ids: tuple[StudentId, ...]
    by: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class LessonOpened(DomainEvent):
    """A lesson that had been unlocked before is open to a student who has joined since."""

    name: ClassVar[str] = "classes.lesson_opened"
    class_id: ClassId
    course_id: CourseId
    lesson_id: LessonId
    student_id: StudentId
    by: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ClassCompleted(DomainEvent):
    name: ClassVar[str] = "classes.class_completed"
    class_id: ClassId
    occurred_at: datetime
