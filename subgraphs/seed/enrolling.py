"""Students take a course before they begin with it: some on the spot, others when they have slept on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from subgraphs.kernel.application.request import SYSTEM
from subgraphs.kernel.domain import Currency, Money
from subgraphs.learning.commands.enrolling import CreateEnrollment
from subgraphs.payments.commands.paying import CreatePayment
from subgraphs.payments.commands.settling import RecordManualPayment
from subgraphs.payments.domain.values import PaymentMethod
from subgraphs.seed.content import Course, Person
from subgraphs.seed.courses import Teach
from subgraphs.seed.people import Join
from subgraphs.seed.plot import Plot
from subgraphs.seed.run import Run
from subgraphs.seed.studying import Complete

_BY_CARD: Final = 0.3


@dataclass(frozen=True, slots=True)
class Enroll:
    """A student takes a course, paid for if it costs something."""

    at: datetime
    student: Person
    course: Course
    recorded_by: Person | None
    """Who has seen the money come by bank transfer; nobody when it is taken from a card."""

    async def carry_out(self, run: Run) -> None:
        payment_id = await self._pay(run) if self.course.price else None
        command = CreateEnrollment(
            run.ids["course", self.course.title], run.people[self.student.mailbox].id, payment_id
        )
        enrollment_id = await run.do("learning", command, SYSTEM)
        run.ids["enrollment", self.student.mailbox, self.course.title] = str(enrollment_id)

    async def _pay(self, run: Run) -> str:
        amount = Money(self.course.price, Currency(self.course.currency))
        course_id, student = run.ids["course", self.course.title], run.people[self.student.mailbox]
        if self.recorded_by is None:
            payment_id = await run.do("payments", CreatePayment(amount, course_id=course_id), student)
        else:
            transfer = RecordManualPayment(
                student.id, amount, PaymentMethod.BANK_TRANSFER, course_id=course_id
            )
            payment_id = await run.do("payments", transfer, run.people[self.recorded_by.mailbox])
        run.ids["payment", self.student.mailbox, self.course.title] = str(payment_id)
        return str(payment_id)


def enrolling(plot: Plot) -> Iterator[Enroll]:
    """Everybody who completes something, some time between coming to the academy and the first exercise."""
    joined = {step.person.mailbox: step.at for step in plot.steps(Join)}
    taught = {step.course.title: step.at for step in plot.steps(Teach)}
    begun: dict[tuple[str, str], Complete] = {}
    for step in sorted(plot.steps(Complete), key=lambda step: step.at):
        begun.setdefault((step.student.mailbox, step.course.title), step)
    for (mailbox, title), first in begun.items():
        earliest = max(joined[mailbox], taught[title])
        slept_on_it = first.at - timedelta(minutes=plot.random.choice((2, 5, 90, 24 * 60)))
        by_card = plot.random.random() < _BY_CARD
        recorded_by = None if by_card else plot.random.choice(plot.academy.staff)
        yield Enroll(max(earliest, slept_on_it), first.student, first.course, recorded_by)
