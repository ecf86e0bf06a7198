"""What payments tells the other contexts, and what it can be asked to do.

Amounts are in the currency's smallest unit: 4900 EUR are 49.00 euros. Every event's key is the payment's id.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.requests import Request


class PaymentStatus(StrEnum):
    """How far a payment has come."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    REFUNDED = "REFUNDED"


class PaymentMethod(StrEnum):
    """How somebody pays."""

    CARD = "CARD"
    BANK_TRANSFER = "BANK_TRANSFER"
    CASH = "CASH"


@dataclass(frozen=True, slots=True)
class PaymentInitiated(IntegrationEvent):
    """Somebody has begun to pay. Exactly one of course, class and subscription says what for."""

    type: ClassVar[str] = "payments.payment_initiated"
    payment_id: str
    student_id: str
    amount_minor: int
    currency: str
    initiated_at: datetime
    tutor_id: str | None = None
    course_id: str | None = None
    class_id: str | None = None
    subscription_id: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentCompleted(IntegrationEvent):
    """The money is here. Messages from before it was told have no `method`."""

    type: ClassVar[str] = "payments.payment_completed"
    payment_id: str
    student_id: str
    amount_minor: int
    currency: str
    completed_at: datetime
    tutor_id: str | None = None
    course_id: str | None = None
    class_id: str | None = None
    subscription_id: str | None = None
    method: PaymentMethod | None = None


@dataclass(frozen=True, slots=True)
class PaymentFailed(IntegrationEvent):
    """There will be no money. `reason` is a stable code, such as CARD_DECLINED."""

    type: ClassVar[str] = "payments.payment_failed"
    payment_id: str
    student_id: str
    reason: str
    failed_at: datetime
    course_id: str | None = None
    class_id: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentPartlyRefunded(IntegrationEvent):
    """So much of the money has gone back. What is left pays for what it was paid for."""

    type: ClassVar[str] = "payments.payment_partly_refunded"
    payment_id: str
    student_id: str
    amount_minor: int
    currency: str
    refunded_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PaymentDisputed(IntegrationEvent):
    """The payer's bank asks for so much of the money back, and waits for an answer until `respond_by`.
    PaymentRefunded follows if it takes all of it."""

    type: ClassVar[str] = "payments.payment_disputed"
    payment_id: str
    student_id: str
    amount_minor: int
    currency: str
    disputed_at: datetime
    reason: str
    respond_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaymentRefunded(IntegrationEvent):
    """The money has gone back, all of it: `amount_minor` is the whole payment, also if parts went before."""

    type: ClassVar[str] = "payments.payment_refunded"
    payment_id: str
    student_id: str
    amount_minor: int
    currency: str
    refunded_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class InvoiceIssued(IntegrationEvent):
    """A bill, or the receipt of a payment."""

    type: ClassVar[str] = "payments.invoice_issued"
    invoice_id: str
    number: str
    payment_id: str
    student_id: str
    amount_minor: int
    currency: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class CreditNoteIssued(IntegrationEvent):
    """So much of an invoice is not owed, or has gone back; or, for a reversal, is owed all the same."""

    type: ClassVar[str] = "payments.credit_note_issued"
    credit_note_id: str
    number: str
    invoice_id: str
    invoice_number: str
    payment_id: str
    student_id: str
    amount_minor: int
    currency: str
    is_reversal: bool
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentProcessed(IntegrationEvent):
    """The answer to ProcessPayment: how it went. `reason` is there when it failed. Which saga has asked, the
    message says: it comes under its key."""

    type: ClassVar[str] = "payments.payment_processed"
    payment_id: str
    student_id: str
    status: PaymentStatus
    reason: str | None = None
    course_id: str | None = None
    class_id: str | None = None


@dataclass(frozen=True, slots=True)
class ProcessPayment(Request[PaymentProcessed]):
    """Take this money, once for each payment id; sent to `payments.process`.

    The asker chooses the payment's id (a UUID), so that asking twice is asking once.
    """

    type: ClassVar[str] = "payments.process_payment"
    payment_id: str
    student_id: str
    amount_minor: int
    currency: str
    method: PaymentMethod
    tutor_id: str | None = None
    course_id: str | None = None
    class_id: str | None = None


@dataclass(frozen=True, slots=True)
class RefundProcessed(IntegrationEvent):
    """The answer to RefundPayment: the payment is not paid, or no longer. `refunded` if money moved."""

    type: ClassVar[str] = "payments.refund_processed"
    payment_id: str
    refunded: bool


@dataclass(frozen=True, slots=True)
class RefundPayment(Request[RefundProcessed]):
    """See to it that this payment is not kept, once; sent to `payments.refund`.

    A payment that is still pending is refunded should it be completed after all; one that nobody has heard
    of can never be made any more.
    """

    type: ClassVar[str] = "payments.refund_payment"
    payment_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class PaymentVerified(IntegrationEvent):
    """The answer to VerifyPayment. `status` is null when there is no such payment."""

    type: ClassVar[str] = "payments.payment_verified"
    payment_id: str
    is_paid: bool
    status: PaymentStatus | None = None
    student_id: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    course_id: str | None = None
    class_id: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyPayment(Request[PaymentVerified]):
    """Is this paid, by whom and for what; sent to `payments.verify`. It changes nothing."""

    type: ClassVar[str] = "payments.verify_payment"
    payment_id: str


@dataclass(frozen=True, slots=True)
class PaymentStatusTold(IntegrationEvent):
    """The answer to GetPaymentStatus; `status` is null when there is no such payment."""

    type: ClassVar[str] = "payments.payment_status_told"
    payment_id: str
    status: PaymentStatus | None = None


@dataclass(frozen=True, slots=True)
class GetPaymentStatus(Request[PaymentStatusTold]):
    """How far has this payment come; sent to `payments.get_status`. It changes nothing."""

    type: ClassVar[str] = "payments.get_payment_status"
    payment_id: str
