"""A bill or a receipt, made by hand."""

from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.crediting import ask_for_credit_so_far
from subgraphs.payments.domain.errors import ALREADY_INVOICED, PAYMENT_NOT_FOUND
from subgraphs.payments.domain.identifiers import InvoiceId
from subgraphs.payments.domain.invoice import Invoice
from subgraphs.payments.recording import load_payment
from subgraphs.payments.repository.invoices import find_invoice, next_number, store_invoice


@dataclass(frozen=True, slots=True)
class IssueInvoice(Command[InvoiceId]):
    """Make the invoice of a payment, which gets the next number of its year."""

    payment_id: str


async def issue_invoice(
    command: IssueInvoice, work: UnitOfWork, _request: RequestContext
) -> Result[InvoiceId, DomainError]:
    payment = await load_payment(work, command.payment_id)
    if payment is None:
        return Failure(PAYMENT_NOT_FOUND)
    number = await next_number(work)  # before we look: nobody else is between the two
    if await find_invoice(work.connection, payment.id) is not None:
        return Failure(ALREADY_INVOICED)
    issued = Invoice.issue(InvoiceId.new(work.ids), payment, number=number, at=work.now)
    if isinstance(issued, Failure):
        return issued
    await store_invoice(work, issued.value)
    ask_for_credit_so_far(work, payment)
    return Success(issued.value.id)
