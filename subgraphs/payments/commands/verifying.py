"""What has become of a payment, as its provider says."""

from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.domain.errors import PAYMENT_NOT_FOUND
from subgraphs.payments.domain.identifiers import PaymentId
from subgraphs.payments.recording import load_payment, look_up


@dataclass(frozen=True, slots=True)
class VerifyPayment(Command[PaymentId]):
    """Ask the provider for what it has not told yet of a charge or a refund, if there is anything: its news
    may be lost. What it answers is recorded a little later."""

    payment_id: str


async def verify_payment(
    command: VerifyPayment, work: UnitOfWork, _request: RequestContext
) -> Result[PaymentId, DomainError]:
    payment = await load_payment(work, command.payment_id)
    if payment is None:
        return Failure(PAYMENT_NOT_FOUND)
    await look_up(work, payment)
    return Success(payment.id)
