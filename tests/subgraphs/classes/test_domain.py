"""What the rules of classes say (section 3), without a database."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from subgraphs.classes.domain.credit_calculator import cost_of
from subgraphs.classes.domain.enrollment import ATTENDANCE_CORRECTED, Attendance
from subgraphs.classes.domain.errors import (
    ALREADY_ENROLLED,
    CLASS_COMPLETED,
    CLASS_EMPTY,
    CLASS_FULL,
    CLASS_NOT_ACTIVE,
    CLASS_NOT_OPEN,
    ENROLLMENT_CLOSED,
    HELD_IN_THE_FUTURE,
    INVALID_CAPACITY,
    INVALID_CREDIT,
    INVALID_MEETING,
    INVALID_MEETINGS,
    INVALID_PACKAGE,
    INVALID_REASON,
    INVALID_SCHEDULE,
    INVALID_TITLE,
    LESSON_NOT_FOUND,
    NOT_ENROLLED,
    PACKAGE_FROZEN,
    PACKAGE_LIMIT_REACHED,
    START_REQUIRED,
    UNAUTHORIZED_UNLOCK,
)
from subgraphs.classes.domain.events import (
    AttendanceMarked,
    ClassActivated,
    ClassCompleted,
    ClassCreated,
    CreditAdjusted,
    CreditDeducted,
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
from subgraphs.classes.domain.schedule import Schedule, Weekday
from subgraphs.classes.domain.school_class import PACKAGE_CHANGED, Class
from subgraphs.classes.domain.values import (
    AttendanceStatus,
    ClassStatus,
    ClassType,
    MeetingCredit,
    Package,
    Reason,
    Title,
    places,
)
from subgraphs.kernel.domain import Currency, DomainError, Failure, Money, Result, Success
from subgraphs.kernel.testing.scenario import given

NOW = datetime(2025, 9, 1, 8, tzinfo=UTC)
PAID = Money(12000, Currency("EUR"))
ID, COURSE, TUTOR = ClassId(str(UUID(int=1))), CourseId("course"), InstructorId("tutor")
ADA, BEN, CLEO = (StudentId(name) for name in ("ada", "ben", "cleo"))
PRESENT, LATE, ABSENT = AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.ABSENT
GROUP, PRIVATE = ClassType.GROUP, ClassType.PRIVATE


def new(class_type: ClassType = GROUP, meetings: int = 3) -> Class:
    return Class.create(
        ID,
        class_type=class_type,
        title=Title("Knots on Monday"),
        course_id=COURSE,
        instructor_id=TUTOR,
        schedule=Schedule((Weekday.MONDAY,), time(18), 60, "UTC", date(2025, 9, 8)),
        capacity=2 if class_type is GROUP else 1,
        package=Package(meetings),
        price=PAID,
        at=NOW,
    )


def enroll(one: Class, student: StudentId = ADA) -> Result[EnrollmentId, DomainError]:
    return one.enroll(EnrollmentId(f"e-{student}"), student, payment_amount=PAID, by="staff", at=NOW)


def active(class_type: ClassType = GROUP, meetings: int = 3) -> Class:
    one = new(class_type, meetings)
    enroll(one)
    one.activate(at=NOW)
    return one


def mark(
    one: Class,
    status: AttendanceStatus,
    *,
    meeting: int = 1,
    before: AttendanceStatus | None = None,
    student: StudentId = ADA,
    held_at: datetime = NOW,
) -> Result[None, DomainError]:
    marked = Attendance(meeting, status)
    return one.mark_attendance(student, marked, before=before, held_at=held_at, by="tutor", at=NOW)


def unlock(
    lesson: str, by: str = "tutor", *, is_of_course: bool = True
) -> Callable[[Class], Result[None, DomainError]]:
    return lambda one: one.unlock_lesson(LessonId(lesson), is_of_course=is_of_course, by=by, at=NOW)


def marked(status: AttendanceStatus, before: AttendanceStatus | None = None) -> AttendanceMarked:
    return AttendanceMarked(ID, EnrollmentId("e-ada"), ADA, 1, before, status, NOW, "tutor", NOW)


def adjusted(delta: int, balance: int, reason: str, by: str = "staff") -> CreditAdjusted:
    return CreditAdjusted(ID, EnrollmentId("e-ada"), ADA, delta, balance, reason, by, NOW)


def test_a_class_begins_open() -> None:
    one = new()
    assert one.pull_events() == (ClassCreated(ID, GROUP, COURSE, TUTOR, one.title, 3, NOW),)
    assert one.status is ClassStatus.OPEN


def test_enrolling_is_worth_the_enrolments_id_and_the_whole_package() -> None:
    enrolled = StudentEnrolled(ID, EnrollmentId("e-ada"), ADA, COURSE, PAID, 3, "staff", NOW)
    one = given(new()).when(enroll).then(enrolled)
    assert one.enrollments[0].credit == MeetingCredit(3)
    assert enroll(new()) == Success(EnrollmentId("e-ada"))


def test_a_student_belongs_to_a_class_once_and_a_class_has_so_many_places() -> None:
    one = new()
    enroll(one)
    given(one).when(enroll).then_refused(ALREADY_ENROLLED)
    enroll(one, BEN)
    given(one).when(lambda full: enroll(full, CLEO)).then_refused(CLASS_FULL)


def test_a_group_takes_nobody_in_once_it_is_active() -> None:
    given(active()).when(lambda one: enroll(one, BEN)).then_refused(ENROLLMENT_CLOSED)


def test_a_private_class_takes_its_student_in_until_it_is_over() -> None:
    one = new(PRIVATE)
    one.activate(at=NOW)
    assert isinstance(enroll(one), Success)
    given(one).when(lambda full: enroll(full, BEN)).then_refused(CLASS_FULL)
    one.complete(at=NOW)
    given(one).when(lambda over: enroll(over, BEN)).then_refused(ENROLLMENT_CLOSED)


def test_a_class_is_activated_once_and_a_group_not_without_students() -> None:
    given(new()).when(lambda one: one.activate(at=NOW)).then_refused(CLASS_EMPTY)
    one = new()
    enroll(one)
    given(one).when(lambda ready: ready.activate(at=NOW)).then(ClassActivated(ID, TUTOR, NOW))
    given(one).when(lambda ready: ready.activate(at=NOW)).then_refused(CLASS_NOT_OPEN)


@pytest.mark.parametrize(("status", "cost"), [(PRESENT, 1), (LATE, 1), (ABSENT, 0)])
def test_present_and_late_deduct_exactly_one_and_absent_nothing(status: AttendanceStatus, cost: int) -> None:
    assert cost_of(status) == cost
    deducted = CreditDeducted(ID, EnrollmentId("e-ada"), ADA, 1, 2, "tutor", NOW)
    one = given(active()).when(lambda it: mark(it, status)).then(marked(status), *[deducted] * cost)
    assert one.enrollments[0].credit == MeetingCredit(3 - cost)


def test_the_same_mark_again_changes_nothing() -> None:
    one = active()
    mark(one, PRESENT)
    given(one).when(lambda it: mark(it, PRESENT, before=PRESENT)).then()


def test_a_corrected_mark_gives_the_credit_back_or_takes_it() -> None:
    one = active()
    mark(one, PRESENT)
    back = adjusted(1, 3, ATTENDANCE_CORRECTED, "tutor")
    given(one).when(lambda it: mark(it, ABSENT, before=PRESENT)).then(marked(ABSENT, PRESENT), back)
    deducted = CreditDeducted(ID, EnrollmentId("e-ada"), ADA, 1, 2, "tutor", NOW)
    given(one).when(lambda it: mark(it, LATE, before=ABSENT)).then(marked(LATE, ABSENT), deducted)
    given(one).when(lambda it: mark(it, PRESENT, before=LATE)).then(marked(PRESENT, LATE))


def test_attendance_is_marked_while_a_class_meets_for_those_who_belong_to_it() -> None:
    given(new()).when(lambda one: mark(one, PRESENT)).then_refused(CLASS_NOT_ACTIVE)
    given(active()).when(lambda one: mark(one, PRESENT, student=BEN)).then_refused(NOT_ENROLLED)
    given(active()).when(lambda one: mark(one, PRESENT, meeting=0)).then_refused(INVALID_MEETING)
    later = NOW + timedelta(seconds=1)
    given(active()).when(lambda one: mark(one, PRESENT, held_at=later)).then_refused(HELD_IN_THE_FUTURE)


def test_there_are_no_more_meetings_than_the_package_has() -> None:
    given(active()).when(lambda one: mark(one, PRESENT, meeting=4)).then_refused(PACKAGE_LIMIT_REACHED)
    spent = active()
    spent.adjust_credit(ADA, -3, reason=Reason("left"), by="staff", at=NOW)
    given(spent).when(lambda one: mark(one, PRESENT)).then_refused(PACKAGE_LIMIT_REACHED)
    given(spent).when(lambda one: mark(one, ABSENT)).then(marked(ABSENT))


def test_credit_is_adjusted_by_hand_with_a_reason() -> None:
    one = active()
    act = given(one).when(lambda it: it.adjust_credit(ADA, 2, reason=Reason("ill"), by="staff", at=NOW))
    act.then(adjusted(2, 5, "ill"))

    def by(delta: int, student: StudentId = ADA) -> Any:
        return lambda it: it.adjust_credit(student, delta, reason=Reason("x"), by="staff", at=NOW)

    given(one).when(by(0)).then_refused(INVALID_CREDIT)
    given(one).when(by(-6)).then_refused(INVALID_CREDIT)
    given(one).when(by(400)).then_refused(INVALID_CREDIT)
    given(one).when(by(1, BEN)).then_refused(NOT_ENROLLED)


def test_the_package_of_a_group_is_frozen_once_it_is_active() -> None:
    def change(one: Class) -> Result[None, DomainError]:
        return one.change_package(Package(5), by="staff", at=NOW)

    one = new()
    enroll(one)
    changed = (PackageChanged(ID, 5, NOW), adjusted(2, 5, PACKAGE_CHANGED))
    given(one).when(change).then(*changed)
    given(one).when(change).then()
    given(active()).when(change).then_refused(PACKAGE_FROZEN)
    given(active()).when(lambda it: it.add_meetings(1, by="staff", at=NOW)).then_refused(PACKAGE_FROZEN)


def test_meetings_may_be_added_to_a_private_class_any_time_until_it_is_over() -> None:
    one = active(PRIVATE)

    def add(it: Class) -> Result[None, DomainError]:
        return it.add_meetings(2, by="staff", at=NOW)

    given(one).when(add).then(PackageChanged(ID, 5, NOW), adjusted(2, 5, PACKAGE_CHANGED))
    given(one).when(lambda it: it.add_meetings(0, by="staff", at=NOW)).then_refused(INVALID_MEETINGS)
    given(one).when(lambda it: it.add_meetings(200, by="staff", at=NOW)).then_refused(INVALID_MEETINGS)
    mark(one, PRESENT, meeting=2)
    less = given(one).when(lambda it: it.change_package(Package(1), by="staff", at=NOW))
    less.then_refused(PACKAGE_LIMIT_REACHED)
    one.complete(at=NOW)
    given(one).when(add).then_refused(CLASS_COMPLETED)


def test_a_lesson_is_unlocked_by_the_instructor_alone_once_and_for_everybody() -> None:
    one = active()
    unlocked = LessonUnlocked(ID, COURSE, LessonId("l1"), 1, (ADA,), "tutor", NOW)
    given(one).when(unlock("l1")).then(unlocked)
    given(one).when(unlock("l1")).then()
    for somebody in ("staff", "ada", "another tutor"):
        given(one).when(unlock("l2", by=somebody)).then_refused(UNAUTHORIZED_UNLOCK)
    given(new()).when(unlock("l1")).then_refused(CLASS_NOT_ACTIVE)


def test_only_lessons_of_the_classes_own_course_are_unlocked() -> None:
    given(active()).when(unlock("elsewhere", is_of_course=False)).then_refused(LESSON_NOT_FOUND)


def test_who_joins_later_finds_open_what_was_unlocked_before() -> None:
    one = new(PRIVATE)
    one.activate(at=NOW)
    unlock("l1")(one)
    joined = StudentEnrolled(ID, EnrollmentId("e-ada"), ADA, COURSE, PAID, 3, "staff", NOW)
    given(one).when(enroll).then(joined, LessonOpened(ID, COURSE, LessonId("l1"), ADA, "staff", NOW))


def test_never_more_lessons_are_unlocked_than_there_are_meetings() -> None:
    one = active(meetings=2)
    for lesson in ("l1", "l2"):
        unlock(lesson)(one)
    given(one).when(unlock("l3")).then_refused(PACKAGE_LIMIT_REACHED)
    given(one).when(unlock("l2")).then()


def test_a_class_is_over_once() -> None:
    one = active()
    given(one).when(lambda it: it.complete(at=NOW)).then(ClassCompleted(ID, NOW))
    given(one).when(lambda it: it.complete(at=NOW)).then_refused(CLASS_NOT_ACTIVE)
    given(one).when(lambda it: mark(it, PRESENT)).then_refused(CLASS_NOT_ACTIVE)


@pytest.mark.parametrize(
    ("parsed", "error"),
    [
        (Title.parse(" "), INVALID_TITLE),
        (Title.parse("x" * 121), INVALID_TITLE),
        (Title.parse("Knots\0"), INVALID_TITLE),
        (Reason.parse(""), INVALID_REASON),
        (Reason.parse("ill\0"), INVALID_REASON),
        (Package.of(0), INVALID_PACKAGE),
        (Package.of(201), INVALID_PACKAGE),
        (places(GROUP, None), INVALID_CAPACITY),
        (places(GROUP, 1), INVALID_CAPACITY),
        (places(GROUP, 101), INVALID_CAPACITY),
        (places(PRIVATE, 2), INVALID_CAPACITY),
    ],
)
def test_what_makes_no_sense_is_no_value(parsed: object, error: DomainError) -> None:
    assert parsed == Failure(error)


def test_a_schedule_says_when_and_a_group_from_when_on() -> None:
    monday = {"weekdays": (Weekday.MONDAY,), "at": time(18), "minutes": 60, "time_zone": "Europe/Berlin"}

    def schedule(class_type: ClassType, **change: Any) -> Result[Schedule, DomainError]:
        return Schedule.of(class_type, **{**monday, "starts_on": None, **change})

    assert schedule(GROUP) == Failure(START_REQUIRED)
    assert isinstance(schedule(PRIVATE), Success)
    for change in ({"weekdays": ()}, {"minutes": 10}, {"minutes": 481}, {"time_zone": "Mars/North"}):
        assert schedule(PRIVATE, **change) == Failure(INVALID_SCHEDULE)
    twice = schedule(PRIVATE, weekdays=(Weekday.FRIDAY, Weekday.MONDAY, Weekday.FRIDAY))
    assert isinstance(twice, Success)
    assert twice.value.weekdays == (Weekday.MONDAY, Weekday.FRIDAY)


_MARK = st.tuples(st.sampled_from(AttendanceStatus), st.integers(1, 4))
_CHANGE = st.one_of(_MARK, st.integers(-4, 4))


@examples(st.lists(_CHANGE, max_size=20))
def test_the_balance_is_what_the_ledger_adds_up_to(changes: list[Any]) -> None:
    """Whatever is marked, corrected and adjusted, and never below nothing."""
    one = active(PRIVATE, meetings=3)
    statuses: dict[int, AttendanceStatus] = {}
    for change in changes:
        match change:
            case (AttendanceStatus() as status, int(meeting)):
                done = mark(one, status, meeting=meeting, before=statuses.get(meeting))
                if isinstance(done, Success):
                    statuses[meeting] = status
            case int(delta):
                one.adjust_credit(ADA, delta, reason=Reason("x"), by="staff", at=NOW)
    events = one.pull_events()
    granted = sum(event.credit for event in events if isinstance(event, StudentEnrolled))
    deducted = sum(isinstance(event, CreditDeducted) for event in events)
    adjusted_by = sum(event.delta for event in events if isinstance(event, CreditAdjusted))
    balance = one.enrollments[0].credit.meetings
    assert balance == granted - deducted + adjusted_by >= 0
    by_hand = sum(
        event.delta
        for event in events
        if isinstance(event, CreditAdjusted) and event.reason != ATTENDANCE_CORRECTED
    )
    assert balance == granted + by_hand - sum(map(cost_of, statuses.values()))
