"""The inputs of mutations, each of which is a command."""

from datetime import date, datetime, time

import strawberry

from subgraphs.classes.api.values import AttendanceStatus, ClassType, Weekday
from subgraphs.classes.commands.enrolling import EnrollStudent
from subgraphs.classes.commands.opening import (
    ActivateClass,
    AddMeetings,
    ChangePackage,
    CompleteClass,
    CreateClass,
)
from subgraphs.classes.commands.teaching import AdjustCredit, MarkAttendance, UnlockLesson
from subgraphs.contracts.payments import PaymentMethod
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.graphql.money import MoneyInput


@strawberry.input(description="A group meets from a day on; a private class may begin whenever it suits.")
class ScheduleInput:
    weekdays: list[Weekday]
    at: time = strawberry.field(description="By the clocks of the time zone.")
    minutes: int = 60
    time_zone: str = strawberry.field(default="UTC", description="A name of the IANA database.")
    starts_on: date | None = None


@strawberry.input
class CreateClassInput:
    type: ClassType
    title: str
    course_id: strawberry.ID
    total_meetings: int
    price: MoneyInput = strawberry.field(description="Of the whole package.")
    schedule: ScheduleInput
    capacity: int | None = strawberry.field(
        default=None, description="2 to 100 for a group; a private class has one place."
    )
    instructor_id: strawberry.ID | None = strawberry.field(
        default=None, description="The course's tutor, if nobody is named."
    )

    def command(self) -> Result[CreateClass, DomainError]:
        match self.price.to_domain():
            case Failure() as failure:
                return failure
            case Success(value=price):
                return Success(
                    CreateClass(
                        type=self.type,
                        title=self.title,
                        course_id=str(self.course_id),
                        total_meetings=self.total_meetings,
                        price=price,
                        weekdays=tuple(self.schedule.weekdays),
                        at=self.schedule.at,
                        minutes=self.schedule.minutes,
                        time_zone=self.schedule.time_zone,
                        starts_on=self.schedule.starts_on,
                        capacity=self.capacity,
                        instructor_id=None if self.instructor_id is None else str(self.instructor_id),
                    )
                )


@strawberry.input
class ActivateClassInput:
    class_id: strawberry.ID

    def command(self) -> ActivateClass:
        return ActivateClass(str(self.class_id))


@strawberry.input
class CompleteClassInput:
    class_id: strawberry.ID

    def command(self) -> CompleteClass:
        return CompleteClass(str(self.class_id))


@strawberry.input
class AddMeetingsInput:
    class_id: strawberry.ID
    meetings: int

    def command(self) -> AddMeetings:
        return AddMeetings(str(self.class_id), self.meetings)


@strawberry.input
class ChangePackageInput:
    class_id: strawberry.ID
    total_meetings: int

    def command(self) -> ChangePackage:
        return ChangePackage(str(self.class_id), self.total_meetings)


@strawberry.input
class EnrollStudentInClassInput:
    class_id: strawberry.ID
    student_id: strawberry.ID
    payment_amount: MoneyInput
    payment_method: PaymentMethod = strawberry.field(
        default=PaymentMethod.BANK_TRANSFER,
        description="A card, which has to be registered, is charged at once; the rest is open until the "
        "staff has seen the money.",
    )

    def command(self) -> Result[EnrollStudent, DomainError]:
        match self.payment_amount.to_domain():
            case Failure() as failure:
                return failure
            case Success(value=amount):
                return Success(
                    EnrollStudent(str(self.class_id), str(self.student_id), amount, self.payment_method)
                )


@strawberry.input
class MarkAttendanceInput:
    class_id: strawberry.ID
    student_id: strawberry.ID
    meeting: int = strawberry.field(description="Meetings count from 1.")
    status: AttendanceStatus
    held_at: datetime | None = strawberry.field(default=None, description="Just now, unless it says when.")

    def command(self) -> MarkAttendance:
        return MarkAttendance(
            str(self.class_id), str(self.student_id), self.meeting, self.status, self.held_at
        )


@strawberry.input
class UnlockLessonInput:
    class_id: strawberry.ID
    lesson_id: strawberry.ID

    def command(self) -> UnlockLesson:
        return UnlockLesson(str(self.class_id), str(self.lesson_id))


@strawberry.input
class AdjustCreditInput:
    class_id: strawberry.ID
    student_id: strawberry.ID
    delta: int = strawberry.field(description="So many meetings more, or, below zero, less.")
    reason: str

    def command(self) -> AdjustCredit:
        return AdjustCredit(str(self.class_id), str(self.student_id), self.delta, self.reason)
