"""What can happen to a payment. These are stored for ever: they are the payment.

What other contexts may know of it is in contracts/payments.py.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from subgraphs.kernel.domain import DomainEvent, Money
from subgraphs.payments.domain.identifiers import PaymentId, StudentId, TutorId
from subgraphs.payments.domain.values import PaymentMethod, PaymentStatus, Purpose


@dataclass(frozen=True, slots=True)
class PaymentCreated(DomainEvent):
    """Somebody is to pay. Version 1 knew neither method nor purpose."""

    name: ClassVar[str] = "payments.payment_created"
    version: ClassVar[int] = 2
    payment_id: PaymentId
    amount: Money
    student_id: StudentId
    tutor_id: TutorId | None
    method: PaymentMethod
    purpose: Purpose
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ChargeAccepted(DomainEvent):
    """The provider has taken the charge on and will say later what came of it."""

    name: ClassVar[str] = "payments.charge_accepted"
    payment_id: PaymentId
    reference: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentCompleted(DomainEvent):
    """The money is here. `reference` is what the provider calls it; manual payments may have none."""

    name: ClassVar[str] = "payments.payment_completed"
    payment_id: PaymentId
    reference: str | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentFailed(DomainEvent):
    """There will be no money."""

    name: ClassVar[str] = "payments.payment_failed"
    payment_id: PaymentId
    reason: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class LatePaymentReceived(DomainEvent):
    """Money has come for a payment that has failed. It goes back."""

    name: ClassVar[str] = "payments.late_payment_received"
    payment_id: PaymentId
    reference: str | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentRevoked(DomainEvent):
    """Nobody wants the money of an open payment any more: should it come, it goes back."""

    name: ClassVar[str] = "payments.payment_revoked"
    payment_id: PaymentId
    reason: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentBarred(DomainEvent):
    """A payment of this id was given up before anybody asked for it: it will never be made."""

    name: ClassVar[str] = "payments.payment_barred"
    payment_id: PaymentId
    reason: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class RefundInitiated(DomainEvent):
    """So much is to go back; all that is left, if there is no amount. Attempts count from 1."""

    name: ClassVar[str] = "payments.refund_initiated"
    payment_id: PaymentId
    attempt: int
    reason: str
    occurred_at: datetime
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class RefundDeclined(DomainEvent):
    """The provider does not give the money back. `status` is what that leaves the payment in.

    `came_back` is what had been sent and is here again, and `told_at` when the provider says that it was; the
    oldest ones say neither, and are about the last attempt. Without one somebody at the provider had sent it,
    as what is called `refund` there.
    """

    name: ClassVar[str] = "payments.refund_declined"
    payment_id: PaymentId
    code: str
    status: PaymentStatus
    occurred_at: datetime
    attempt: int | None = None
    came_back: Money | None = None
    told_at: datetime | None = None
    refund: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentPartlyRefunded(DomainEvent):
    """A part of the money has gone back, by this attempt of ours, or by somebody at the provider."""

    name: ClassVar[str] = "payments.payment_partly_refunded"
    payment_id: PaymentId
    amount: Money
    attempt: int | None
    reason: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentRefunded(DomainEvent):
    """The money has gone back, all of it."""

    name: ClassVar[str] = "payments.payment_refunded"
    payment_id: PaymentId
    reason: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class DisputeOpened(DomainEvent):
    """The payer's bank asks for so much of the money back, and waits for an answer until `respond_by`."""

    name: ClassVar[str] = "payments.dispute_opened"
    payment_id: PaymentId
    dispute: str
    amount: Money
    reason: str
    occurred_at: datetime
    respond_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class DisputeClosed(DomainEvent):
    """The bank has decided; when it is lost, it has the money."""

    name: ClassVar[str] = "payments.dispute_closed"
    payment_id: PaymentId
    dispute: str
    is_lost: bool
    occurred_at: datetime
