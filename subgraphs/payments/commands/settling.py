"""What has become of payments that people see come in: cash in hand, transfers on the account."""

from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Money, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.commands.paying import CreatePayment, purchasable
from subgraphs.payments.domain.errors import (
    INVALID_REFERENCE,
    METHOD_NOT_MANUAL,
    PAYMENT_NOT_FOUND,
    PAYMENT_NOT_MANUAL,
)
from subgraphs.payments.domain.identifiers import PaymentId
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.values import PaymentMethod, Reason, is_reference
from subgraphs.payments.recording import load_payment, store_payment


@dataclass(frozen=True, slots=True)
class CompletePayment(Command[PaymentId]):
    """The money of an open payment is here; `reference` is what the bank calls it."""

    payment_id: str
    reference: str | None = None

    def invalid(self) -> DomainError | None:
        return None if is_reference(self.reference) else INVALID_REFERENCE


@dataclass(frozen=True, slots=True)
class FailPayment(Command[PaymentId]):
    """The money of an open payment will not come."""

    payment_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecordManualPayment(Command[PaymentId]):
    """A student has paid, in cash or by bank transfer."""

    student_id: str
    amount: Money
    method: PaymentMethod
    course_id: str | None = None
    class_id: str | None = None
    subscription_id: str | None = None
    tutor_id: str | None = None
    reference: str | None = None

    def invalid(self) -> DomainError | None:
        if not self.method.is_manual:
            return METHOD_NOT_MANUAL
        return None if is_reference(self.reference) else INVALID_REFERENCE


async def complete_payment(
    command: CompletePayment, work: UnitOfWork, _request: RequestContext
) -> Result[PaymentId, DomainError]:
    match await _manual(command.payment_id, work):
        case Failure() as failure:
            return failure
        case Success(value=payment):
            completed = payment.complete(command.reference, at=work.now)
            return await _stored(payment, completed, work)


async def fail_payment(
    command: FailPayment, work: UnitOfWork, _request: RequestContext
) -> Result[PaymentId, DomainError]:
    match await _manual(command.payment_id, work), Reason.parse(command.reason):
        case (Failure() as failure, _) | (_, Failure() as failure):
            return failure
        case Success(value=payment), Success(value=reason):
            return await _stored(payment, payment.fail(str(reason), at=work.now), work)


async def record_manual_payment(
    command: RecordManualPayment, work: UnitOfWork, request: RequestContext
) -> Result[PaymentId, DomainError]:
    wanted = CreatePayment(
        command.amount,
        command.method,
        command.course_id,
        command.class_id,
        command.subscription_id,
        command.tutor_id,
        command.student_id,
    )
    match await purchasable(wanted, work, request):
        case Failure() as failure:
            return failure
        case Success(value=new):
            payment = new.create(PaymentId.new(work.ids), work)
            return await _stored(payment, payment.complete(command.reference, at=work.now), work)


async def _manual(payment_id: str, work: UnitOfWork) -> Result[Payment, DomainError]:
    payment = await load_payment(work, payment_id)
    if payment is None:
        return Failure(PAYMENT_NOT_FOUND)
    return Success(payment) if payment.method.is_manual else Failure(PAYMENT_NOT_MANUAL)


async def _stored(
    payment: Payment, settled: Result[None, DomainError], work: UnitOfWork
) -> Result[PaymentId, DomainError]:
    if isinstance(settled, Failure):
        return settled
    await store_payment(work, payment)
    return Success(payment.id)
