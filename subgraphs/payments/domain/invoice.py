"""Invoices. Their numbers have no gaps: who looks into the books sees that none is missing."""

from dataclasses import dataclass
from datetime import datetime

from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, Money, Result, Success, ValueObject
from subgraphs.payments.domain.errors import NOTHING_TO_INVOICE
from subgraphs.payments.domain.identifiers import InvoiceId, PaymentId, StudentId
from subgraphs.payments.domain.payment import Payment


@dataclass(frozen=True, slots=True)
class InvoiceNumber(ValueObject):
    """The place in the series of a year: 1, 2, 3, ..."""

    year: int
    place: int

    def __str__(self) -> str:
        return f"{self.year}-{self.place:06}"


@dataclass(eq=False, kw_only=True)
class Invoice(AggregateRoot[InvoiceId]):
    """A bill while the payment is open, a receipt once it is completed. It never changes."""

    number: InvoiceNumber
    payment_id: PaymentId
    student_id: StudentId
    amount: Money
    issued_at: datetime

    @classmethod
    def issue(
        cls, invoice_id: InvoiceId, payment: Payment, *, number: InvoiceNumber, at: datetime
    ) -> "Result[Invoice, DomainError]":
        """NOTHING_TO_INVOICE unless the payment is open, completed or was so until its refund."""
        if payment.student_id is None or not (payment.was_completed or payment.failed_at is None):
            return Failure(NOTHING_TO_INVOICE)
        return Success(
            cls(
                id=invoice_id,
                number=number,
                payment_id=payment.id,
                student_id=payment.student_id,
                amount=payment.amount,
                issued_at=at,
            )
        )
