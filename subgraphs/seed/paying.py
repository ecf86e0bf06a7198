"""What students pay: most of it well. There are payments in every state, and invoices.

Each enrolment of a course that costs something has its payment, by card or by bank transfer (enrolling.py).
The first student, whom one can log in as, has seen everything that may happen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from subgraphs.kernel.application.request import SYSTEM
from subgraphs.kernel.domain import Currency, Money
from subgraphs.payments.commands.cards import RegisterCard
from subgraphs.payments.commands.invoicing import IssueInvoice
from subgraphs.payments.commands.paying import CreatePayment
from subgraphs.payments.commands.provider_news import RecordProviderNews
from subgraphs.payments.commands.refunding import InitiateRefund
from subgraphs.payments.commands.subscribing import CancelSubscription, StartSubscription
from subgraphs.payments.domain.plans import TERMS, Plan
from subgraphs.payments.domain.values import PaymentMethod
from subgraphs.payments.provider.stripe.events import DisputeNews, StripeEvent
from subgraphs.seed.content import Course, Person
from subgraphs.seed.courses import Teach
from subgraphs.seed.enrolling import Enroll
from subgraphs.seed.people import Join
from subgraphs.seed.plot import Plot, at_minute
from subgraphs.seed.run import Run

_ONE_IN: Final = 12
_DISPUTED: Final = 2
_A_BANK_WAITS: Final = timedelta(days=10)
_SUBSCRIBERS: Final = 4
_UNLUCKY: Final = ("tok_declined", "tok_no_money", "tok_expired")


@dataclass(frozen=True, slots=True)
class Try:
    """A student wants to pay for a course, by this card, or by bank transfer."""

    at: datetime
    student: Person
    course: Course
    card: str | None

    async def carry_out(self, run: Run) -> None:
        method = PaymentMethod.CARD if self.card else PaymentMethod.BANK_TRANSFER
        amount = Money(self.course.price, Currency(self.course.currency))
        command = CreatePayment(
            amount, method, course_id=run.ids["course", self.course.title], card=self.card
        )
        payment_id = await run.do("payments", command, run.people[self.student.mailbox])
        run.ids["payment", self.student.mailbox, self.course.title] = str(payment_id)


@dataclass(frozen=True, slots=True)
class Refund:
    """The staff sends back what a student has paid for a course, or a quarter of it."""

    at: datetime
    student: Person
    course: Course
    reason: str
    staff: Person
    is_part: bool = False

    async def carry_out(self, run: Run) -> None:
        payment_id = run.ids["payment", self.student.mailbox, self.course.title]
        amount = Money(self.course.price // 4, Currency(self.course.currency)) if self.is_part else None
        refund = InitiateRefund(payment_id, self.reason, amount)
        await run.do("payments", refund, run.people[self.staff.mailbox])


@dataclass(frozen=True, slots=True)
class Invoice:
    """The staff issues the invoice of a payment."""

    at: datetime
    student: Person
    course: Course
    staff: Person

    async def carry_out(self, run: Run) -> None:
        payment_id = run.ids["payment", self.student.mailbox, self.course.title]
        await run.do("payments", IssueInvoice(payment_id), run.people[self.staff.mailbox])


@dataclass(frozen=True, slots=True)
class Dispute:
    """A student's bank asks for the money of a course back, and waits for an answer."""

    at: datetime
    student: Person
    course: Course
    respond_by: datetime

    async def carry_out(self, run: Run) -> None:
        payment_id = run.ids["payment", self.student.mailbox, self.course.title]
        amount = Money(self.course.price, Currency(self.course.currency))
        asked = DisputeNews(f"dp_{self.student.mailbox}", amount, "FRAUDULENT", self.respond_by, None)
        event = StripeEvent(
            f"evt_{asked.dispute}", "charge.dispute.created", self.at, payment_id, None, asked
        )
        await run.do("payments", RecordProviderNews(event), SYSTEM)


@dataclass(frozen=True, slots=True)
class Subscribe:
    """A student registers a card, and subscribes with it."""

    at: datetime
    student: Person
    plan: Plan

    async def carry_out(self, run: Run) -> None:
        student = run.people[self.student.mailbox]
        await run.do("payments", RegisterCard("tok_visa"), student)
        subscription_id = str(await run.do("payments", StartSubscription(self.plan), student))
        price = TERMS[self.plan].price
        await run.do("payments", CreatePayment(price, subscription_id=subscription_id), student)
        run.ids["subscription", self.student.mailbox] = subscription_id


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """A student does not go on."""

    at: datetime
    student: Person

    async def carry_out(self, run: Run) -> None:
        command = CancelSubscription(run.ids["subscription", self.student.mailbox])
        await run.do("payments", command, run.people[self.student.mailbox])


Paying: TypeAlias = Try | Refund | Invoice | Dispute | Subscribe | Unsubscribe


def paying(plot: Plot) -> Iterator[Paying]:
    """What was paid besides what was paid well."""
    enrolled = {(step.student.mailbox, step.course.title) for step in plot.steps(Enroll)}
    joined = sorted(plot.steps(Join), key=lambda step: step.at)
    begin = {step.person: step.at for step in joined}
    for number, student in enumerate(plot.academy.students[::_ONE_IN]):
        new = [
            teach.course
            for teach in plot.steps(Teach)
            if not teach.course.is_draft
            and teach.at < begin[student]
            and (student.mailbox, teach.course.title) not in enrolled
        ]
        yield from _in_every_state(student, new, number, plot)
    for number, student in enumerate(plot.academy.students[:_SUBSCRIBERS]):
        begun = begin[student] + timedelta(minutes=30)
        yield Subscribe(begun, student, list(Plan)[number % len(Plan)])
        if number == 1:
            yield Unsubscribe(begun + timedelta(hours=1), student)
    for number, enrolment in enumerate(plot.steps(Enroll)):
        if enrolment.course.price and (staff := enrolment.recorded_by) is not None and number % 2:
            after = enrolment.at + timedelta(seconds=20)
            yield Invoice(after, enrolment.student, enrolment.course, staff)


def _in_every_state(student: Person, courses: list[Course], number: int, plot: Plot) -> Iterator[Paying]:
    """A card that is declined, an open transfer, and money that goes back, all or a part of it, or that a
    bank asks for: for courses that are not taken so far."""
    joined = next(step.at for step in plot.steps(Join) if step.person == student)
    hour = timedelta(hours=1)
    soon = min(joined + hour, at_minute(plot.today, 0))
    priced = [course for course in courses if course.price][:3]
    for course, what in zip(priced, ("declined", "refunded", "pending"), strict=False):
        match what:
            case "declined":
                yield Try(soon, student, course, _UNLUCKY[number % len(_UNLUCKY)])
            case "refunded":
                yield Try(soon, student, course, "tok_visa")
                later = max(soon, min(soon + 30 * hour, at_minute(plot.today, 0)))
                if later.date() > soon.date():  # by then the money is here
                    yield Invoice(soon + hour / 2, student, course, plot.academy.staff[0])
                    if number == _DISPUTED:
                        yield Dispute(later, student, course, at_minute(plot.today, 0) + _A_BANK_WAITS)
                        continue
                    is_part = number % 2 == 1
                    reason = "A lesson fell through" if is_part else "Not what they were looking for"
                    yield Refund(later, student, course, reason, plot.academy.staff[0], is_part)
            case _:
                yield Try(max(soon, at_minute(plot.day(2), 9 * 60)), student, course, None)
