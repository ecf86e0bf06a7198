"""Somebody pays."""

from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Money, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.access import is_staff
from subgraphs.payments.commands.cards import find_card
from subgraphs.payments.commands.naming import named_payer, named_tutor
from subgraphs.payments.domain.identifiers import PaymentId, StudentId, TutorId
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.purchase_policy import may_purchase
from subgraphs.payments.domain.values import Card, PaymentMethod, Purpose, payable
from subgraphs.payments.recording import store_payment
from subgraphs.payments.repository.purchases import standing_payments
from subgraphs.payments.repository.subscriptions import may_pay_for


@dataclass(frozen=True, slots=True)
class CreatePayment(Command[PaymentId]):
    """A student is to pay for one course, class or subscription; whoever acts, if nobody is named.

    A card is charged at once: this one, or the one that is registered. Other methods stay open until the
    staff has seen the money (`completePayment`).
    """

    amount: Money
    method: PaymentMethod = PaymentMethod.CARD
    course_id: str | None = None
    class_id: str | None = None
    subscription_id: str | None = None
    tutor_id: str | None = None
    student_id: str | None = None
    card: str | None = None


@dataclass(frozen=True, slots=True)
class ProcessPayment(Command[PaymentId]):
    """Take the money for a course from a student's card."""

    amount: Money
    course_id: str
    student_id: str | None = None
    card: str | None = None


@dataclass(frozen=True, slots=True)
class NewPayment:
    """A payment that may be made, and the card that it is made with."""

    student_id: StudentId
    amount: Money
    method: PaymentMethod
    purpose: Purpose
    tutor_id: TutorId | None
    card: Card | None

    def create(self, payment_id: PaymentId, work: UnitOfWork) -> Payment:
        return Payment.create(
            payment_id,
            student_id=self.student_id,
            amount=self.amount,
            method=self.method,
            purpose=self.purpose,
            tutor_id=self.tutor_id,
            at=work.now,
        )


async def create_payment(
    command: CreatePayment, work: UnitOfWork, request: RequestContext
) -> Result[PaymentId, DomainError]:
    match await purchasable(command, work, request):
        case Failure() as failure:
            return failure
        case Success(value=new):
            payment = new.create(PaymentId.new(work.ids), work)
            await store_payment(work, payment, card=new.card)
            return Success(payment.id)


async def process_payment(
    command: ProcessPayment, work: UnitOfWork, request: RequestContext
) -> Result[PaymentId, DomainError]:
    payment = CreatePayment(
        command.amount, course_id=command.course_id, student_id=command.student_id, card=command.card
    )
    return await create_payment(payment, work, request)


async def purchasable(
    command: CreatePayment, work: UnitOfWork, request: RequestContext
) -> Result[NewPayment, DomainError]:
    """What a command makes, if it is allowed and not paid twice."""
    match await checked(command, work, request):
        case Success(value=new):
            refused = await refusal(new, work, by_staff=is_staff(request.actor))
            return Failure(refused) if refused else Success(new)
        case failure:
            return failure


async def refusal(new: NewPayment, work: UnitOfWork, *, by_staff: bool) -> DomainError | None:
    """Why it would be paid twice, if it would. PAYMENT_UNDER_WAY, ALREADY_PAID."""
    standing = await standing_payments(work, new.student_id, new.purpose)
    match may_purchase(new.purpose, standing, by_staff=by_staff):
        case Failure(error=error):
            return error
        case Success():
            return None


async def checked(
    command: CreatePayment, work: UnitOfWork, request: RequestContext
) -> Result[NewPayment, DomainError]:
    """What a command makes, if it makes sense and its actor may do it."""
    student = await named_payer(command.student_id, work, request)
    amount = payable(command.amount)
    purpose = Purpose.of(command.course_id, command.class_id, command.subscription_id)
    tutor = await named_tutor(command.tutor_id, work, request)
    card = Success(None) if command.card is None else Card.parse(command.card)
    for parsed in (student, amount, purpose, tutor, card):
        if isinstance(parsed, Failure):
            return parsed
    assert isinstance(student, Success) and isinstance(purpose, Success)  # noqa: PT018 -- as is the rest
    assert isinstance(tutor, Success) and isinstance(card, Success)  # noqa: PT018
    if isinstance(refused := await may_pay_for(purpose.value, student.value, command.amount, work), Failure):
        return refused
    with_card = card.value
    if with_card is None and command.method is PaymentMethod.CARD:
        with_card = await find_card(work.connection, student.value)
    return Success(
        NewPayment(student.value, command.amount, command.method, purpose.value, tutor.value, with_card)
    )
