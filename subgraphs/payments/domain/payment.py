"""One payment. Its state is what its events say, and nothing else."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final

from subgraphs.kernel.domain import (
    Currency,
    DomainError,
    DomainEvent,
    EventSourced,
    Failure,
    Money,
    Result,
    Success,
)
from subgraphs.payments.domain.errors import (
    ALREADY_REFUNDED,
    PAYMENT_NOT_COMPLETED,
    PAYMENT_NOT_PENDING,
    REFUND_UNDER_WAY,
)
from subgraphs.payments.domain.events import (
    ChargeAccepted,
    LatePaymentReceived,
    PaymentBarred,
    PaymentCompleted,
    PaymentCreated,
    PaymentFailed,
    PaymentRefunded,
    PaymentRevoked,
    RefundDeclined,
    RefundInitiated,
)
from subgraphs.payments.domain.identifiers import PaymentId, StudentId, TutorId
from subgraphs.payments.domain.values import PaymentMethod, PaymentStatus, Purpose

REVOKED: Final = "REVOKED"
"""Why a payment failed that nobody wanted any more."""
LATE_PAYMENT: Final = "LATE_PAYMENT"
"""Why money went back that came after the payment had failed."""
REFUNDED_BY_PROVIDER: Final = "REFUNDED_BY_PROVIDER"
"""Why money went back that nobody here has sent back."""

_NOTHING: Final = Money.zero(Currency("EUR"))


@dataclass(eq=False, kw_only=True)
class Payment(EventSourced[PaymentId]):
    """What a student pays, once. Money that is here and not wanted goes back; none is kept or sent twice."""

    stored_as: ClassVar[str] = "payments.payment"
    state_version: ClassVar[int] = 2

    status: PaymentStatus = PaymentStatus.PENDING
    amount: Money = field(default=_NOTHING)
    student_id: StudentId | None = None
    tutor_id: TutorId | None = None
    method: PaymentMethod = PaymentMethod.CARD
    purpose: Purpose = field(default_factory=Purpose)
    reference: str | None = None
    has_money: bool = False
    was_completed: bool = False
    refund_attempts: int = 0
    declined_attempts: int = 0
    """How many of them are known to have failed: all up to this one."""
    refund_under_way: bool = False
    refund_reason: str | None = None
    revoked_because: str | None = None
    failure_reason: str | None = None
    created_at: datetime | None = None
    completed_at: datetime | None = None
    failed_at: datetime | None = None
    refunded_at: datetime | None = None

    @classmethod
    def create(
        cls,
        payment_id: PaymentId,
        *,
        student_id: StudentId,
        amount: Money,
        method: PaymentMethod,
        purpose: Purpose,
        tutor_id: TutorId | None = None,
        at: datetime,
    ) -> "Payment":
        """Somebody is to pay."""
        payment = cls(id=payment_id)
        payment.raise_(PaymentCreated(payment_id, amount, student_id, tutor_id, method, purpose, at))
        return payment

    @property
    def is_created(self) -> bool:
        """Whether anybody has asked for it: one that was barred before is none."""
        return self.student_id is not None

    @property
    def stands(self) -> bool:
        """Whether it pays for something or is about to: nobody needs to pay for the same beside it."""
        return self.status is PaymentStatus.COMPLETED or (
            self.status is PaymentStatus.PENDING and self.revoked_because is None
        )

    def accept(self, reference: str, *, at: datetime) -> None:
        """The provider is at it. Says nothing new about a payment that is settled."""
        if self.status is PaymentStatus.PENDING and self.reference is None:
            self.raise_(ChargeAccepted(self.id, reference, at))

    def complete(self, reference: str | None, *, at: datetime) -> Result[None, DomainError]:
        """The money is here. It goes back at once when nobody wants it any more.

        Twice is once. PAYMENT_NOT_PENDING when it has gone back already.
        """
        match self.status:
            case PaymentStatus.PENDING:
                self.raise_(PaymentCompleted(self.id, reference, at))
                if self.revoked_because is not None:
                    self._begin_refund(self.revoked_because, at=at)
            case PaymentStatus.FAILED if not self.has_money and self.is_created:
                self.raise_(LatePaymentReceived(self.id, reference, at))
                self._begin_refund(LATE_PAYMENT, at=at)
            case PaymentStatus.REFUNDED:
                return Failure(PAYMENT_NOT_PENDING)
            case _:
                pass
        return Success(None)

    def fail(self, reason: str, *, at: datetime) -> Result[None, DomainError]:
        """There will be no money. PAYMENT_NOT_PENDING when it is here, or has been."""
        match self.status:
            case PaymentStatus.PENDING:
                self.raise_(PaymentFailed(self.id, reason, at))
                return Success(None)
            case PaymentStatus.FAILED:
                return Success(None)
            case _:
                return Failure(PAYMENT_NOT_PENDING)

    def initiate_refund(self, reason: str, *, at: datetime) -> Result[None, DomainError]:
        """Send all of the money back. PAYMENT_NOT_COMPLETED, ALREADY_REFUNDED, REFUND_UNDER_WAY."""
        if self.status is PaymentStatus.REFUNDED:
            return Failure(ALREADY_REFUNDED)
        if self.refund_under_way:
            return Failure(REFUND_UNDER_WAY)
        if not self.has_money:
            return Failure(PAYMENT_NOT_COMPLETED)
        self._begin_refund(reason, at=at)
        return Success(None)

    def revoke(self, reason: str, *, at: datetime) -> None:
        """See to it that this payment is not kept, whatever has become of it, or will."""
        if self.has_money:
            if not self.refund_under_way:
                self._begin_refund(reason, at=at)
        elif self.status is PaymentStatus.PENDING:
            if not self.is_created:
                self.raise_(PaymentBarred(self.id, reason, at))
            elif self.method.is_manual:
                self.raise_(PaymentFailed(self.id, REVOKED, at))
            elif self.revoked_because is None:
                self.raise_(PaymentRevoked(self.id, reason, at))

    def refund(self, *, at: datetime, attempt: int | None = None) -> None:
        """The money has gone back, by one of our attempts or by somebody at the provider.

        News of that may come before the news that it had been here, and after the news that it could not be
        given back after all, which is then the newer one.
        """
        if attempt is not None and attempt <= self.declined_attempts:
            return
        if self.status is PaymentStatus.PENDING:
            self.raise_(PaymentCompleted(self.id, self.reference, at))
        if self.has_money:
            reason = self.refund_reason if self.refund_under_way else None
            self.raise_(PaymentRefunded(self.id, reason or REFUNDED_BY_PROVIDER, at))

    def decline_refund(self, code: str, *, at: datetime) -> None:
        """The provider does not give the money back; somebody may try again."""
        if self.refund_under_way:
            self._keep(code, at=at)

    def undo_refund(self, code: str, *, at: datetime, attempt: int | None = None) -> None:
        """The money could not be given back after all: it is here again, whatever was said before. Unless it
        has been sent once more since."""
        if attempt is not None and attempt < self.refund_attempts:
            return
        if self.refund_under_way or (self.status is PaymentStatus.REFUNDED and not self.method.is_manual):
            self._keep(code, at=at)

    def _keep(self, code: str, *, at: datetime) -> None:
        status = PaymentStatus.COMPLETED if self.was_completed else PaymentStatus.FAILED
        self.raise_(RefundDeclined(self.id, code, status, at))

    def _begin_refund(self, reason: str, *, at: datetime) -> None:
        self.raise_(RefundInitiated(self.id, self.refund_attempts + 1, reason, at))
        if self.method.is_manual:
            self.raise_(PaymentRefunded(self.id, reason, at))  # whoever says so has the money in their hands

    def when(self, event: DomainEvent) -> None:
        match event:
            case PaymentCreated():
                self.amount, self.student_id, self.tutor_id = event.amount, event.student_id, event.tutor_id
                self.method, self.purpose = event.method, event.purpose
                self.created_at = event.occurred_at
            case ChargeAccepted():
                self.reference = event.reference
            case PaymentCompleted():
                self.status, self.completed_at = PaymentStatus.COMPLETED, event.occurred_at
                self.reference = event.reference or self.reference
                self.has_money = self.was_completed = True
            case PaymentFailed():
                self.status, self.failed_at = PaymentStatus.FAILED, event.occurred_at
                self.failure_reason = event.reason
            case LatePaymentReceived():
                self.reference, self.has_money = event.reference or self.reference, True
            case PaymentRevoked():
                self.revoked_because = event.reason
            case PaymentBarred():
                self.status, self.failed_at = PaymentStatus.FAILED, event.occurred_at
                self.failure_reason, self.revoked_because = REVOKED, event.reason
            case RefundInitiated():
                self.refund_attempts, self.refund_reason = event.attempt, event.reason
                self.refund_under_way = True
            case RefundDeclined():
                self.status, self.declined_attempts = event.status, self.refund_attempts
                self.refund_under_way, self.refunded_at, self.has_money = False, None, True
            case PaymentRefunded():
                self.status, self.refunded_at = PaymentStatus.REFUNDED, event.occurred_at
                self.refund_reason, self.refund_under_way, self.has_money = event.reason, False, False
