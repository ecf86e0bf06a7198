"""What a payment is by what has happened to it. Which of that may happen, payment.py says."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Final

from subgraphs.kernel.domain import Currency, DomainEvent, EventSourced, Money
from subgraphs.payments.domain.dispute import Dispute
from subgraphs.payments.domain.events import (
    ChargeAccepted,
    DisputeClosed,
    DisputeOpened,
    LatePaymentReceived,
    PaymentBarred,
    PaymentCompleted,
    PaymentCreated,
    PaymentFailed,
    PaymentPartlyRefunded,
    PaymentRefunded,
    PaymentRevoked,
    RefundDeclined,
    RefundInitiated,
)
from subgraphs.payments.domain.identifiers import PaymentId, StudentId, TutorId
from subgraphs.payments.domain.refunds import RefundAttempt, Standing
from subgraphs.payments.domain.values import PaymentMethod, PaymentStatus, Purpose

REVOKED: Final = "REVOKED"
"""Why a payment failed that nobody wanted any more."""
CHARGEBACK: Final = "CHARGEBACK"
"""Why money went back that the payer's bank has taken."""

_NOTHING: Final = Money.zero(Currency("EUR"))


@dataclass(eq=False, kw_only=True)
class PaymentState(EventSourced[PaymentId]):
    """The state of a payment is what its events say, and nothing else."""

    stored_as: ClassVar[str] = "payments.payment"
    state_version: ClassVar[int] = 5

    status: PaymentStatus = PaymentStatus.PENDING
    amount: Money = field(default=_NOTHING)
    student_id: StudentId | None = None
    tutor_id: TutorId | None = None
    method: PaymentMethod = PaymentMethod.CARD
    purpose: Purpose = field(default_factory=Purpose)
    reference: str | None = None
    has_money: bool = False
    was_completed: bool = False
    returned: Money = field(default=_NOTHING)
    """What has been sent back in all."""
    charged_back: Money = field(default=_NOTHING)
    """What banks have taken in all."""
    attempts: list[RefundAttempt] = field(default_factory=list)
    disputes: dict[str, Dispute] = field(default_factory=dict)
    came_back: list[str] = field(default_factory=list)
    """What the provider calls the refunds that somebody there has sent, and that could not be given back."""
    declined_at: datetime | None = None
    """When the provider says that it last took back what it had said of a refund."""
    refund_reason: str | None = None
    refund_failure_reason: str | None = None
    revoked_because: str | None = None
    failure_reason: str | None = None
    created_at: datetime | None = None
    completed_at: datetime | None = None
    failed_at: datetime | None = None
    refunded_at: datetime | None = None

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

    @property
    def left(self) -> Money:
        """What has not gone back, if the money has been here."""
        return self.amount - self.returned - self.charged_back

    @property
    def refund_under_way(self) -> bool:
        """Whether money is on its way back."""
        return self.has_money and bool(self.attempts) and self.attempts[-1].standing is Standing.UNDER_WAY

    @property
    def is_disputed(self) -> bool:
        """Whether a bank asks for the money back, and has not decided yet."""
        return any(one.is_open for one in self.disputes.values())

    def when(self, event: DomainEvent) -> None:
        match event:
            case PaymentCreated():
                self.amount, self.student_id, self.tutor_id = event.amount, event.student_id, event.tutor_id
                self.method, self.purpose = event.method, event.purpose
                self.returned = self.charged_back = Money.zero(event.amount.currency)
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
                self.attempts.append(RefundAttempt(event.amount))
                self.refund_reason, self.refund_failure_reason = event.reason, None
            case PaymentPartlyRefunded():
                self.returned += event.amount
                if event.attempt is not None:
                    self._settle(event.attempt, Standing.DONE)
            case RefundDeclined():
                self._take_back(event)
            case PaymentRefunded():
                if self.refund_under_way and event.reason != CHARGEBACK:
                    self.attempts[-1] = RefundAttempt(self.left, Standing.DONE)
                self.status, self.refunded_at = PaymentStatus.REFUNDED, event.occurred_at
                self.returned += self.left
                self.refund_reason, self.has_money = event.reason, False
            case DisputeOpened():
                self.disputes[event.dispute] = Dispute(event.amount)
            case DisputeClosed():
                dispute = self.disputes[event.dispute]
                self.disputes[event.dispute] = replace(dispute, is_open=False)
                if event.is_lost:
                    self.charged_back += min(dispute.amount, self.left)

    def _take_back(self, event: RefundDeclined) -> None:
        is_of_the_oldest = event.came_back is None
        self.returned -= self.returned if event.came_back is None else event.came_back
        if (attempt := len(self.attempts) if is_of_the_oldest else event.attempt or 0) > 0:
            self._settle(attempt, Standing.DECLINED)
        self.refund_failure_reason = event.code
        if event.refund is not None:
            self.came_back.append(event.refund)
        self.status, self.declined_at = event.status, event.told_at or self.declined_at
        self.has_money = self.left.amount_minor > 0
        if self.status is not PaymentStatus.REFUNDED:
            self.refunded_at = None

    def _settle(self, attempt: int, standing: Standing) -> None:
        self.attempts[attempt - 1] = replace(self.attempts[attempt - 1], standing=standing)
