"""A student in a class: which meetings they were at, and how many they have left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from subgraphs.classes.domain.credit_calculator import credit_change
from subgraphs.classes.domain.errors import ENROLLMENT_SUSPENDED, INVALID_CREDIT, PACKAGE_LIMIT_REACHED
from subgraphs.classes.domain.events import (
    AttendanceMarked,
    CreditAdjusted,
    CreditDeducted,
    EnrollmentCancelled,
    EnrollmentResumed,
    EnrollmentSuspended,
)
from subgraphs.classes.domain.identifiers import ClassId, EnrollmentId, StudentId
from subgraphs.classes.domain.values import AttendanceStatus, EnrollmentStatus, MeetingCredit
from subgraphs.kernel.domain import DomainError, DomainEvent, Entity, Failure, Money, Result, Success

ATTENDANCE_CORRECTED: Final = "Attendance corrected"
"""Why credit came back that was deducted before."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Whether a student was at a meeting, as far as it is marked."""

    meeting: int
    status: AttendanceStatus


@dataclass(eq=False, kw_only=True)
class Enrollment(Entity[EnrollmentId]):
    """What it does comes back as events, for the class to tell."""

    class_id: ClassId
    student_id: StudentId
    payment_amount: Money
    credit: MeetingCredit
    enrolled_at: datetime
    status: EnrollmentStatus = EnrollmentStatus.ACTIVE

    def mark(
        self,
        marked: Attendance,
        *,
        before: AttendanceStatus | None,
        held_at: datetime,
        by: str,
        at: datetime,
    ) -> Result[tuple[DomainEvent, ...], DomainError]:
        """Who was there has used up one meeting, and gets it back when that was a mistake.

        ENROLLMENT_SUSPENDED; PACKAGE_LIMIT_REACHED when there is none left.
        """
        if self.status is EnrollmentStatus.SUSPENDED:
            return Failure(ENROLLMENT_SUSPENDED)
        delta = credit_change(before, marked.status)
        changed = self.credit.changed(delta)
        if isinstance(changed, Failure):
            return Failure(PACKAGE_LIMIT_REACHED)
        self.credit = changed.value
        whose, meeting = (self.class_id, self.id, self.student_id), marked.meeting
        attended = AttendanceMarked(*whose, meeting, before, marked.status, held_at, by, at)
        if delta < 0:
            return Success((attended, CreditDeducted(*whose, meeting, self.credit.meetings, by, at)))
        if delta > 0:
            return Success((attended, self._adjusted(delta, ATTENDANCE_CORRECTED, by, at)))
        return Success((attended,))

    def adjust(
        self, delta: int, *, reason: str, by: str, at: datetime
    ) -> Result[CreditAdjusted, DomainError]:
        """Have more meetings left, or fewer. INVALID_CREDIT."""
        changed = self.credit.changed(delta)
        if isinstance(changed, Failure):
            return changed
        if delta == 0:
            return Failure(INVALID_CREDIT)
        self.credit = changed.value
        return Success(self._adjusted(delta, reason, by, at))

    def suspend(self, *, at: datetime) -> EnrollmentSuspended:
        """Keep the place and the meetings, and use up none."""
        self.status = EnrollmentStatus.SUSPENDED
        return EnrollmentSuspended(self.class_id, self.id, at)

    def resume(self, *, at: datetime) -> EnrollmentResumed:
        """Go on as before."""
        self.status = EnrollmentStatus.ACTIVE
        return EnrollmentResumed(self.class_id, self.id, at)

    def cancel(self, reason: str, *, by: str, at: datetime) -> tuple[DomainEvent, ...]:
        """Leave; the meetings that are left go."""
        left = self.credit.meetings
        self.status, self.credit = EnrollmentStatus.CANCELLED, MeetingCredit(0)
        withdrawn = (self._adjusted(-left, reason, by, at),) if left else ()
        return (*withdrawn, EnrollmentCancelled(self.class_id, self.id, self.student_id, reason, at))

    def _adjusted(self, delta: int, reason: str, by: str, at: datetime) -> CreditAdjusted:
        balance = self.credit.meetings
        return CreditAdjusted(self.class_id, self.id, self.student_id, delta, balance, reason, by, at)
