"""What a class is made of: students with their meetings, what is marked, and lessons that are open."""

from dataclasses import dataclass
from datetime import datetime

from subgraphs.classes.domain.identifiers import EnrollmentId, LessonId, StudentId
from subgraphs.classes.domain.values import AttendanceStatus, MeetingCredit
from subgraphs.kernel.domain import Entity, Money


@dataclass(frozen=True, slots=True)
class Attendance:
    """Whether a student was at a meeting, as far as it is marked."""

    meeting: int
    status: AttendanceStatus


@dataclass(frozen=True, slots=True)
class LessonUnlock:
    """A lesson that is open to the class, with all of its exercises."""

    lesson_id: LessonId
    place: int


@dataclass(eq=False, kw_only=True)
class Enrollment(Entity[EnrollmentId]):
    """A student in a class, with the meetings that are left."""

    student_id: StudentId
    payment_amount: Money
    credit: MeetingCredit
    enrolled_at: datetime
