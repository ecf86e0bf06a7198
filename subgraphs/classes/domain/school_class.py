"""A class: who belongs to it, how many meetings they have left, and which lessons are open to them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from subgraphs.classes.domain.attendance_policy import may_mark
from subgraphs.classes.domain.enrollment import Attendance, Enrollment
from subgraphs.classes.domain.enrollment_policy import may_enroll
from subgraphs.classes.domain.errors import (
    CLASS_EMPTY,
    CLASS_NOT_ACTIVE,
    CLASS_NOT_OPEN,
    INVALID_MEETINGS,
    NOT_ENROLLED,
    PACKAGE_LIMIT_REACHED,
)
from subgraphs.classes.domain.events import (
    ClassActivated,
    ClassCompleted,
    ClassCreated,
    LessonOpened,
    LessonUnlocked,
    PackageChanged,
    StudentEnrolled,
)
from subgraphs.classes.domain.identifiers import (
    ClassId,
    CourseId,
    EnrollmentId,
    InstructorId,
    LessonId,
    StudentId,
)
from subgraphs.classes.domain.package_policy import may_change_package
from subgraphs.classes.domain.schedule import Schedule
from subgraphs.classes.domain.unlock_policy import may_unlock
from subgraphs.classes.domain.values import (
    AttendanceStatus,
    ClassStatus,
    ClassType,
    EnrollmentStatus,
    MeetingCredit,
    Package,
    Reason,
    Title,
)
from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, Money, Result, Success

PACKAGE_CHANGED: Final = "Package changed"
"""Why everybody's credit has changed."""


@dataclass(frozen=True, slots=True)
class LessonUnlock:
    """A lesson that is open to the class, with all of its exercises."""

    lesson_id: LessonId
    place: int


@dataclass(eq=False, kw_only=True)
class Class(AggregateRoot[ClassId]):
    """Some students, an instructor and a package of meetings. It has as many students as it has places."""

    type: ClassType
    status: ClassStatus
    title: Title
    course_id: CourseId
    instructor_id: InstructorId
    schedule: Schedule
    capacity: int
    package: Package
    price: Money
    created_at: datetime
    activated_at: datetime | None = None
    completed_at: datetime | None = None
    enrollments: list[Enrollment] = field(default_factory=list)
    unlocks: list[LessonUnlock] = field(default_factory=list)
    last_meeting: int = 0
    """The last one that anybody's attendance is marked for."""

    @classmethod
    def create(
        cls,
        class_id: ClassId,
        *,
        class_type: ClassType,
        title: Title,
        course_id: CourseId,
        instructor_id: InstructorId,
        schedule: Schedule,
        capacity: int,
        package: Package,
        price: Money,
        at: datetime,
    ) -> "Class":
        """A new class, open for enrolment."""
        created = cls(
            id=class_id,
            type=class_type,
            status=ClassStatus.OPEN,
            title=title,
            course_id=course_id,
            instructor_id=instructor_id,
            schedule=schedule,
            capacity=capacity,
            package=package,
            price=price,
            created_at=at,
        )
        created.raise_(
            ClassCreated(class_id, class_type, course_id, instructor_id, title, package.meetings, at)
        )
        return created

    def activate(self, *, at: datetime) -> Result[None, DomainError]:
        """Begin. From now on a group takes nobody in. CLASS_NOT_OPEN; CLASS_EMPTY for a group of nobody."""
        if self.status is not ClassStatus.OPEN:
            return Failure(CLASS_NOT_OPEN)
        if self.type is ClassType.GROUP and not self.members:
            return Failure(CLASS_EMPTY)
        self.status, self.activated_at = ClassStatus.ACTIVE, at
        self.raise_(ClassActivated(self.id, self.instructor_id, at))
        return Success(None)

    def enroll(
        self,
        enrollment_id: EnrollmentId,
        student_id: StudentId,
        *,
        payment_amount: Money,
        by: str,
        at: datetime,
    ) -> Result[EnrollmentId, DomainError]:
        """Take a student in, with the whole package; what is unlocked already is open to them as well. Who
        comes back has the enrolment that they had, which the result is.

        ALREADY_ENROLLED, ENROLLMENT_CLOSED, CLASS_FULL.
        """
        allowed = may_enroll(
            self.type,
            self.status,
            is_enrolled=self.enrollment_of(student_id) is not None,
            enrolled=len(self.members),
            capacity=self.capacity,
        )
        if isinstance(allowed, Failure):
            return allowed
        before = next((one for one in self.enrollments if one.student_id == student_id), None)
        credit = MeetingCredit(self.package.meetings)
        joined = Enrollment(
            id=before.id if before else enrollment_id,
            class_id=self.id,
            student_id=student_id,
            payment_amount=payment_amount,
            credit=credit,
            enrolled_at=at,
        )
        self.enrollments = [*(one for one in self.enrollments if one is not before), joined]
        self.raise_(
            StudentEnrolled(
                self.id, joined.id, student_id, self.course_id, payment_amount, credit.meetings, by, at
            )
        )
        self._open_lessons(joined, by=by, at=at)
        return Success(joined.id)

    def suspend(self, student_id: StudentId, *, at: datetime) -> None:
        """A student's money has not come: they keep the place and their meetings, and use up none."""
        enrollment = self.enrollment_of(student_id)
        if enrollment is not None and enrollment.status is EnrollmentStatus.ACTIVE:
            self.raise_(enrollment.suspend(at=at))

    def resume(self, student_id: StudentId, *, by: str, at: datetime) -> None:
        """The money is here or on its way: what was unlocked meanwhile is open to the student as well."""
        enrollment = self.enrollment_of(student_id)
        if enrollment is not None and enrollment.status is EnrollmentStatus.SUSPENDED:
            self.raise_(enrollment.resume(at=at))
            self._open_lessons(enrollment, by=by, at=at)

    def cancel_enrollment(self, student_id: StudentId, reason: str, *, by: str, at: datetime) -> None:
        """A student has their money back: the meetings that are left go, and the place is free. What was is
        not undone when the class is over."""
        enrollment = self.enrollment_of(student_id)
        if enrollment is not None and self.status is not ClassStatus.COMPLETED:
            for event in enrollment.cancel(reason, by=by, at=at):
                self.raise_(event)

    def mark_attendance(
        self,
        student_id: StudentId,
        marked: Attendance,
        *,
        before: AttendanceStatus | None,
        held_at: datetime,
        by: str,
        at: datetime,
    ) -> Result[None, DomainError]:
        """Say whether a student was at a meeting; `before` is what was said of it before.

        The same again changes nothing. As `may_mark` and `Enrollment.mark`, and NOT_ENROLLED.
        """
        allowed = may_mark(
            marked.meeting,
            status=self.status,
            total_meetings=self.package.meetings,
            held_at=held_at,
            now=at,
        )
        if isinstance(allowed, Failure):
            return allowed
        if (enrollment := self.enrollment_of(student_id)) is None:
            return Failure(NOT_ENROLLED)
        if before is marked.status:
            return Success(None)
        happened = enrollment.mark(marked, before=before, held_at=held_at, by=by, at=at)
        if isinstance(happened, Failure):
            return happened
        self.last_meeting = max(self.last_meeting, marked.meeting)
        for event in happened.value:
            self.raise_(event)
        return Success(None)

    def adjust_credit(
        self, student_id: StudentId, delta: int, *, reason: Reason, by: str, at: datetime
    ) -> Result[EnrollmentId, DomainError]:
        """Give a student meetings, or take them away, and say why. NOT_ENROLLED, INVALID_CREDIT."""
        if (enrollment := self.enrollment_of(student_id)) is None:
            return Failure(NOT_ENROLLED)
        adjusted = enrollment.adjust(delta, reason=str(reason), by=by, at=at)
        if isinstance(adjusted, Failure):
            return adjusted
        self.raise_(adjusted.value)
        return Success(enrollment.id)

    def add_meetings(self, meetings: int, *, by: str, at: datetime) -> Result[None, DomainError]:
        """Make the package larger. As `change_package`, and INVALID_PACKAGE."""
        larger = Package.of(self.package.meetings + meetings)
        if meetings < 1 or isinstance(larger, Failure):
            return Failure(INVALID_MEETINGS)
        return self.change_package(larger.value, by=by, at=at)

    def change_package(self, package: Package, *, by: str, at: datetime) -> Result[None, DomainError]:
        """Have more or fewer meetings, everybody alike. As `may_change_package`; PACKAGE_LIMIT_REACHED when a
        student has used up more."""
        delta = package.meetings - self.package.meetings
        used = max(self.last_meeting, len(self.unlocks))
        allowed = may_change_package(self.type, self.status, package, used=used)
        if isinstance(allowed, Failure) or delta == 0:
            return allowed
        if any(isinstance(one.credit.changed(delta), Failure) for one in self.members):
            return Failure(PACKAGE_LIMIT_REACHED)
        self.package = package
        self.raise_(PackageChanged(self.id, package.meetings, at))
        for enrollment in self.members:
            adjusted = enrollment.adjust(delta, reason=PACKAGE_CHANGED, by=by, at=at)
            assert isinstance(adjusted, Success)
            self.raise_(adjusted.value)
        return Success(None)

    def unlock_lesson(
        self, lesson_id: LessonId, *, is_of_course: bool, by: str, at: datetime
    ) -> Result[None, DomainError]:
        """Open a lesson and all of its exercises to the class. Twice is once.

        UNAUTHORIZED_UNLOCK, CLASS_NOT_ACTIVE, LESSON_NOT_FOUND, PACKAGE_LIMIT_REACHED.
        """
        is_open = any(unlock.lesson_id == lesson_id for unlock in self.unlocks)
        allowed = may_unlock(
            is_instructor=by == str(self.instructor_id),
            status=self.status,
            is_of_course=is_of_course,
            unlocked=len(self.unlocks) - is_open,
            total_meetings=self.package.meetings,
        )
        if isinstance(allowed, Failure) or is_open:
            return allowed
        unlock = LessonUnlock(lesson_id, len(self.unlocks) + 1)
        self.unlocks.append(unlock)
        active = (one for one in self.members if one.status is EnrollmentStatus.ACTIVE)
        students = tuple(enrollment.student_id for enrollment in active)
        self.raise_(LessonUnlocked(self.id, self.course_id, lesson_id, unlock.place, students, by, at))
        return Success(None)

    def complete(self, *, at: datetime) -> Result[None, DomainError]:
        """Be over. CLASS_NOT_ACTIVE."""
        if self.status is not ClassStatus.ACTIVE:
            return Failure(CLASS_NOT_ACTIVE)
        self.status, self.completed_at = ClassStatus.COMPLETED, at
        self.raise_(ClassCompleted(self.id, at))
        return Success(None)

    @property
    def members(self) -> tuple[Enrollment, ...]:
        """Those who have not left."""
        return tuple(one for one in self.enrollments if one.status is not EnrollmentStatus.CANCELLED)

    def enrollment_of(self, student_id: StudentId) -> Enrollment | None:
        """A member's."""
        return next((one for one in self.members if one.student_id == student_id), None)

    def _open_lessons(self, enrollment: Enrollment, *, by: str, at: datetime) -> None:
        for unlock in self.unlocks:
            opened = LessonOpened(self.id, self.course_id, unlock.lesson_id, enrollment.student_id, by, at)
            self.raise_(opened)
