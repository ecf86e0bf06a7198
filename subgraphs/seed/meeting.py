"""Classes that meet: some in progress, one that is over, one that is still open, and private ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias

from subgraphs.classes.commands.enrolling import EnrollStudent
from subgraphs.classes.commands.opening import ActivateClass, AddMeetings, CompleteClass, CreateClass
from subgraphs.classes.commands.teaching import AdjustCredit, MarkAttendance, UnlockLesson
from subgraphs.classes.domain.schedule import Weekday
from subgraphs.classes.domain.values import AttendanceStatus, ClassType
from subgraphs.contracts.payments import PaymentMethod
from subgraphs.kernel.domain import Currency, Money
from subgraphs.seed.content import Course, Person
from subgraphs.seed.courses import Teach
from subgraphs.seed.people import Join
from subgraphs.seed.plot import Plot, at_minute
from subgraphs.seed.run import Run

_PER_MEETING: Final = 1500
_ATTENDANCE: Final = (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.ABSENT)
_WEIGHTS: Final = (16, 2, 3)
_HOUR: Final = 18
_OPENING_MINUTES: Final = 15  # between classes, so that nobody joins two of them at one instant


@dataclass(frozen=True, slots=True)
class Plan:
    """A class to be: it meets every so many days, from some days ago on."""

    title: str
    type: ClassType
    course: int
    begins_days_ago: int
    every_days: int
    meetings: int
    students: int = 1
    is_open: bool = False
    is_over: bool = False
    is_full: bool = False


_PLANS: Final = (
    Plan("Monday evening circle", ClassType.GROUP, 0, 25, 4, 10, students=6),
    Plan("The patient ones", ClassType.GROUP, 1, 15, 5, 8, students=4, is_full=True),
    Plan("Three weeks at the blackboard", ClassType.GROUP, 2, 28, 7, 4, students=3, is_over=True),
    Plan("New in spring", ClassType.GROUP, 3, -9, 7, 10, students=3, is_open=True),
    Plan("Six chairs, all taken", ClassType.GROUP, 5, -5, 7, 6, students=6, is_open=True, is_full=True),
    Plan("One to one", ClassType.PRIVATE, 0, 16, 3, 5),
    Plan("One to one, slowly", ClassType.PRIVATE, 4, 12, 5, 3),
)


@dataclass(frozen=True, slots=True)
class OpenClass:
    """The staff makes a class that teaches a course, with its tutor."""

    at: datetime
    plan: Plan
    course: Course
    begins: date
    staff: Person

    async def carry_out(self, run: Run) -> None:
        plan = self.plan
        command = CreateClass(
            type=plan.type,
            title=plan.title,
            course_id=run.ids["course", self.course.title],
            total_meetings=plan.meetings,
            price=_price(plan),
            weekdays=(list(Weekday)[self.begins.weekday()],),
            at=time(_HOUR),
            time_zone="UTC",
            starts_on=self.begins if plan.type is ClassType.GROUP else None,
            capacity=_capacity(plan),
        )
        class_id = await run.do("classes", command, run.people[self.staff.mailbox])
        run.ids["class", plan.title] = str(class_id)


@dataclass(frozen=True, slots=True)
class JoinClass:
    """The staff puts a student into a class. Transfers for one that has not begun are still on their way."""

    at: datetime
    plan: Plan
    student: Person
    staff: Person

    async def carry_out(self, run: Run) -> None:
        command = EnrollStudent(
            run.ids["class", self.plan.title],
            run.people[self.student.mailbox].id,
            _price(self.plan),
            PaymentMethod.BANK_TRANSFER if self.plan.is_open else PaymentMethod.CARD,
        )
        await run.do("classes", command, run.people[self.staff.mailbox])


@dataclass(frozen=True, slots=True)
class Begin:
    """The instructor begins."""

    at: datetime
    plan: Plan
    tutor: str

    async def carry_out(self, run: Run) -> None:
        command = ActivateClass(run.ids["class", self.plan.title])
        await run.do("classes", command, run.people[self.tutor])


@dataclass(frozen=True, slots=True)
class Meet:
    """A meeting: who was there, and the lesson that is open from now on, if there is another one."""

    at: datetime
    plan: Plan
    course: Course
    number: int
    attendance: tuple[tuple[Person, AttendanceStatus], ...]

    async def carry_out(self, run: Run) -> None:
        class_id, tutor = run.ids["class", self.plan.title], run.people[self.course.tutor]
        lessons = [lesson.title for section in self.course.sections for lesson in section.lessons]
        if (lesson := self.number // 2) < len(lessons) and self.number % 2:  # two meetings for each
            lesson_id = run.ids["lesson", self.course.title, lessons[lesson]]
            await run.do("classes", UnlockLesson(class_id, lesson_id), tutor)
        for student, status in self.attendance:
            mark = MarkAttendance(class_id, run.people[student.mailbox].id, self.number, status)
            await run.do("classes", mark, tutor)


@dataclass(frozen=True, slots=True)
class Compensate:
    """The staff gives a student a meeting back."""

    at: datetime
    plan: Plan
    student: Person
    staff: Person

    async def carry_out(self, run: Run) -> None:
        student_id = run.people[self.student.mailbox].id
        command = AdjustCredit(
            run.ids["class", self.plan.title], student_id, 1, "The heating was out of order"
        )
        await run.do("classes", command, run.people[self.staff.mailbox])


@dataclass(frozen=True, slots=True)
class Extend:
    """The staff adds meetings to a private class."""

    at: datetime
    plan: Plan
    staff: Person

    async def carry_out(self, run: Run) -> None:
        command = AddMeetings(run.ids["class", self.plan.title], 2)
        await run.do("classes", command, run.people[self.staff.mailbox])


@dataclass(frozen=True, slots=True)
class End:
    """The instructor says that it is over."""

    at: datetime
    plan: Plan
    tutor: str

    async def carry_out(self, run: Run) -> None:
        command = CompleteClass(run.ids["class", self.plan.title])
        await run.do("classes", command, run.people[self.tutor])


Meeting: TypeAlias = OpenClass | JoinClass | Begin | Meet | Compensate | Extend | End


def meeting(plot: Plot) -> Iterator[Meeting]:
    """All classes for which there are students by the time they begin."""
    joined = {step.person: step.at for step in plot.steps(Join)}
    for number, plan in enumerate(_PLANS):
        minute = 10 * 60 + number * _OPENING_MINUTES
        opened = at_minute(plot.day(max(plan.begins_days_ago, 0) + 3), minute)
        taught = [step.course for step in plot.steps(Teach) if step.at < opened and not step.course.is_draft]
        here = [student for student in plot.academy.students if joined[student] < opened]
        if taught and here:
            course = taught[plan.course % len(taught)]
            yield from _class(plan, course, here, opened, plot)


def _class(plan: Plan, course: Course, here: list[Person], opened: datetime, plot: Plot) -> Iterator[Meeting]:
    staff, begins = plot.academy.staff[-1], plot.day(plan.begins_days_ago)
    yield OpenClass(opened, plan, course, begins, staff)
    others = plot.random.sample(here[1:], k=min(plan.students - 1, len(here) - 1))
    students = [here[0], *others][: plan.students]  # whom one can log in as is nearly everywhere
    for number, student in enumerate(students, start=1):
        yield JoinClass(opened + timedelta(minutes=number), plan, student, staff)
    if plan.is_open:
        return
    yield Begin(opened + timedelta(days=1), plan, course.tutor)
    days_ago = range(plan.begins_days_ago, 0, -plan.every_days)
    held = list(enumerate(days_ago[: plan.meetings], start=1))
    for number, ago in held:
        marks = plot.random.choices(_ATTENDANCE, weights=_WEIGHTS, k=len(students))
        attendance = tuple(zip(students, marks, strict=True))
        at = at_minute(plot.day(ago), _HOUR * 60 + plot.random.randint(0, 5))
        yield Meet(at, plan, course, number, attendance)
    last = at_minute(plot.day(held[-1][1]), 20 * 60)
    if plan.type is ClassType.PRIVATE:
        yield Extend(last, plan, staff)
    else:
        yield Compensate(last, plan, students[-1], staff)
    if plan.is_over:
        yield End(last + timedelta(minutes=30), plan, course.tutor)


def _capacity(plan: Plan) -> int | None:
    if plan.type is ClassType.PRIVATE:
        return None
    return plan.students if plan.is_full else plan.students + 4


def _price(plan: Plan) -> Money:
    return Money(plan.meetings * _PER_MEETING, Currency("EUR"))
