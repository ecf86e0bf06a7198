"""Money goes back, all of it or a part."""

from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Money, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.domain.errors import PAYMENT_NOT_FOUND
from subgraphs.payments.domain.identifiers import PaymentId
from subgraphs.payments.domain.values import Reason
from subgraphs.payments.recording import load_payment, store_payment


@dataclass(frozen=True, slots=True)
class InitiateRefund(Command[PaymentId]):
    """Send the money of a payment back, or so much of it. To a card it goes by the provider, otherwise from
    hand to hand."""

    payment_id: str
    reason: str
    amount: Money | None = None


async def initiate_refund(
    command: InitiateRefund, work: UnitOfWork, _request: RequestContext
) -> Result[PaymentId, DomainError]:
    match Reason.parse(command.reason):
        case Failure() as failure:
            return failure
        case Success(value=reason):
            pass
    payment = await load_payment(work, command.payment_id)
    if payment is None:
        return Failure(PAYMENT_NOT_FOUND)
    initiated = payment.initiate_refund(str(reason), at=work.now, amount=command.amount)
    if isinstance(initiated, Failure):
        return initiated
    await store_payment(work, payment)
    return Success(payment.id)
