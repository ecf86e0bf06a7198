"""The books follow the money: what goes back of an invoiced payment has its credit note.

A note is a transaction of its own, after the one that it follows from: in that the payment has changed.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from subgraphs.kernel.domain import DomainEvent, Money
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.domain.credit_note import CreditNote, correction
from subgraphs.payments.domain.events import (
    DisputeClosed,
    PaymentFailed,
    PaymentPartlyRefunded,
    PaymentRefunded,
    RefundDeclined,
)
from subgraphs.payments.domain.identifiers import CreditNoteId, PaymentId
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.payment_state import CHARGEBACK
from subgraphs.payments.event_log import PAYMENTS
from subgraphs.payments.repository.credit_notes import credited_of, next_number, store_credit_note
from subgraphs.payments.repository.invoices import find_invoice

CORRECT: Final = "payments.correct_invoice"


@dataclass(frozen=True, slots=True)
class CorrectInvoice(IntegrationEvent):
    """See to it that the invoice of a payment, if there is one, says no more than is owed; sent to ourselves.
    `amount_minor` is what has changed, below zero what is owed again, or null for all that ever has."""

    type: ClassVar[str] = "payments.correct_invoice"
    payment_id: str
    reason: str
    amount_minor: int | None = None


def ask_for_correction(work: UnitOfWork, payment: Payment, event: DomainEvent) -> None:
    """What an event changes of what is owed is credited, if it is invoiced."""
    match event:
        case PaymentPartlyRefunded(amount=amount, reason=reason):
            _ask(work, payment, reason, amount.amount_minor)
        case PaymentRefunded(reason=reason):
            _ask(work, payment, reason, payment.amount.amount_minor)
        case PaymentFailed(reason=reason):
            _ask(work, payment, reason, payment.amount.amount_minor)
        case DisputeClosed(is_lost=True):
            _ask(work, payment, CHARGEBACK, payment.amount.amount_minor)
        case RefundDeclined(code=code, came_back=Money(amount_minor=sent)) if sent:
            _ask(work, payment, code, -sent)


def ask_for_credit_so_far(work: UnitOfWork, payment: Payment) -> None:
    """What was not owed any more before there was an invoice is credited as well."""
    _ask(work, payment, payment.refund_reason or payment.failure_reason or CHARGEBACK, None)


def correction_of_invoices() -> Subscription[CorrectInvoice]:
    """The subscription that issues credit notes: one after another of each payment."""
    return Subscription(CORRECT, CorrectInvoice, _correct)


async def _correct(message: Envelope[CorrectInvoice], work: UnitOfWork) -> None:
    wanted = message.body
    payment = await PAYMENTS.find(work.connection, PaymentId(wanted.payment_id))
    invoice = await find_invoice(work.connection, PaymentId(wanted.payment_id))
    if payment is None or invoice is None:
        return
    credited = await credited_of(work.connection, invoice)
    minor = wanted.amount_minor
    change = None if minor is None else Money(minor, invoice.amount.currency)
    missing = correction(payment, credited=credited, change=change)
    if not missing.amount_minor:
        return
    note = CreditNote(
        id=CreditNoteId.new(work.ids),
        number=await next_number(work),
        invoice_id=invoice.id,
        amount=Money(abs(missing.amount_minor), missing.currency),
        is_reversal=missing.amount_minor < 0,
        reason=wanted.reason,
        issued_at=work.now,
    )
    await store_credit_note(work, note, invoice)


def _ask(work: UnitOfWork, payment: Payment, reason: str, minor: int | None) -> None:
    id_ = str(payment.id)
    work.send(CorrectInvoice(id_, reason, minor), to=CORRECT, key=id_)
