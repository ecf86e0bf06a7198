"""Credit notes: an invoice never changes, so what it says too much a document of its own takes back.

Their numbers have no gaps, as those of invoices.
"""

from dataclasses import dataclass
from datetime import datetime

from subgraphs.kernel.domain import AggregateRoot, Money, ValueObject
from subgraphs.payments.domain.identifiers import CreditNoteId, InvoiceId
from subgraphs.payments.domain.payment import Payment


@dataclass(frozen=True, slots=True)
class CreditNoteNumber(ValueObject):
    """The place in the series of a year: 1, 2, 3, ..."""

    year: int
    place: int

    def __str__(self) -> str:
        return f"CN-{self.year}-{self.place:06}"


@dataclass(eq=False, kw_only=True)
class CreditNote(AggregateRoot[CreditNoteId]):
    """So much of an invoice is not owed, or has gone back. It never changes: a credit that turns out to be
    none, since the money could not be given back, is taken back by a note that `is_reversal`."""

    number: CreditNoteNumber
    invoice_id: InvoiceId
    amount: Money
    is_reversal: bool
    reason: str
    issued_at: datetime


def correction(payment: Payment, *, credited: Money, change: Money | None) -> Money:
    """What has to be credited of a payment's invoice besides what is; below zero what has to be taken back.

    What has gone back is credited, and all of it when the money will never come: nobody owes it any more. It
    is no more than the `change` that is to be credited, for each of which there is a note; without one it is
    all that has come together before there was an invoice.
    """
    will_never_come = payment.failed_at is not None and not payment.was_completed
    owed_back = payment.amount if will_never_come else payment.returned + payment.charged_back
    missing = owed_back - credited
    if change is None:
        return missing
    nothing = Money.zero(missing.currency)
    return max(nothing, min(missing, change)) if nothing < change else min(nothing, max(missing, change))
