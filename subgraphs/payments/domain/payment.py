"""One payment. Its state is what its events say, and nothing else."""

from dataclasses import dataclass, field, replace
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
from subgraphs.payments.domain.dispute import Dispute
from subgraphs.payments.domain.errors import (
    ALREADY_REFUNDED,
    PAYMENT_DISPUTED,
    PAYMENT_NOT_COMPLETED,
    PAYMENT_NOT_PENDING,
    REFUND_UNDER_WAY,
)
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
from subgraphs.payments.domain.refunds import RefundAttempt, Standing, part_of
from subgraphs.payments.domain.values import PaymentMethod, PaymentStatus, Purpose

REVOKED: Final = "REVOKED"
"""Why a payment failed that nobody wanted any more."""
LATE_PAYMENT: Final = "LATE_PAYMENT"
"""Why money went back that came after the payment had failed."""
REFUNDED_BY_PROVIDER: Final = "REFUNDED_BY_PROVIDER"
"""Why money went back that nobody here has sent back."""
CHARGEBACK: Final = "CHARGEBACK"
"""Why money went back that the payer's bank has taken."""

_NOTHING: Final = Money.zero(Currency("EUR"))


@dataclass(eq=False, kw_only=True)
class Payment(EventSourced[PaymentId]):
    """What a student pays, once. Money that is here and not wanted goes back; none is kept or sent twice."""

    stored_as: ClassVar[str] = "payments.payment"
    state_version: ClassVar[int] = 3

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
    declined_at: datetime | None = None
    """When the provider says that it last took back what it had said of a refund."""
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

    def initiate_refund(
        self, reason: str, *, at: datetime, amount: Money | None = None
    ) -> Result[None, DomainError]:
        """Send so much of the money back, or all that is left. PAYMENT_NOT_COMPLETED, ALREADY_REFUNDED,
        REFUND_UNDER_WAY, PAYMENT_DISPUTED, INVALID_AMOUNT, REFUND_EXCEEDS_PAYMENT."""
        if self.status is PaymentStatus.REFUNDED:
            return Failure(ALREADY_REFUNDED)
        if self.refund_under_way:
            return Failure(REFUND_UNDER_WAY)
        if not self.has_money:
            return Failure(PAYMENT_NOT_COMPLETED)
        if self.is_disputed:
            return Failure(PAYMENT_DISPUTED)
        match part_of(self.left, amount):
            case Failure() as failure:
                return failure
            case Success(value=part):
                self._begin_refund(reason, at=at, amount=part)
                return Success(None)

    def revoke(self, reason: str, *, at: datetime) -> None:
        """See to it that this payment is not kept, whatever has become of it, or will."""
        if self.has_money:
            if not self.refund_under_way:
                self._begin_refund(reason, at=at)
            elif self.attempts[-1].amount is not None and self.revoked_because is None:
                self.raise_(PaymentRevoked(self.id, reason, at))  # the rest follows the part on its way
        elif self.status is PaymentStatus.PENDING:
            if not self.is_created:
                self.raise_(PaymentBarred(self.id, reason, at))
            elif self.method.is_manual:
                self.raise_(PaymentFailed(self.id, REVOKED, at))
            elif self.revoked_because is None:
                self.raise_(PaymentRevoked(self.id, reason, at))

    def refund(self, *, attempt: int, at: datetime) -> None:
        """The money of this attempt has gone back. News of what was declined later is old."""
        if not self.refund_under_way or attempt != len(self.attempts):
            return
        part, reason = self.attempts[-1].amount, self.refund_reason or ""
        if part is None:
            self.raise_(PaymentRefunded(self.id, reason, at))
        else:
            self.raise_(PaymentPartlyRefunded(self.id, part, attempt, reason, at))
            self._go_on_refunding(at=at)

    def hear_returned(self, total: Money, *, told_at: datetime, at: datetime) -> None:
        """The provider says that so much has gone back in all, by us or by somebody there.

        News of that may come before the news that it had been here. It is old when it is from before the
        news that something could not be given back after all.
        """
        if self.declined_at is not None and told_at <= self.declined_at:
            return
        if self.status is PaymentStatus.PENDING:
            self.raise_(PaymentCompleted(self.id, self.reference, at))
        if not self.has_money:
            return
        part = self.attempts[-1].amount if self.refund_under_way else None
        if part is not None and part <= total - self.returned:
            self.refund(attempt=len(self.attempts), at=at)
        if self.left <= total - self.returned:
            reason = self.refund_reason if self.refund_under_way else None
            self.raise_(PaymentRefunded(self.id, reason or REFUNDED_BY_PROVIDER, at))
        elif self.returned < total:
            news = total - self.returned
            self.raise_(PaymentPartlyRefunded(self.id, news, None, REFUNDED_BY_PROVIDER, at))

    def decline_refund(
        self, code: str, *, attempt: int, at: datetime, told_at: datetime | None = None
    ) -> None:
        """The provider does not send the money of an attempt back, or could not after all: it is here,
        whatever was said before. Somebody may try again."""
        if not 1 <= attempt <= len(self.attempts):
            return
        match self.attempts[attempt - 1]:
            case RefundAttempt(standing=Standing.UNDER_WAY, amount=part):
                self._keep(code, Money.zero(self.amount.currency), attempt=attempt, at=at, told_at=told_at)
                if part is not None:
                    self._go_on_refunding(at=at)
            case RefundAttempt(Money() as sent, Standing.DONE) if not self.method.is_manual:
                self._keep(code, sent, attempt=attempt, at=at, told_at=told_at)

    def hear_came_back(self, sent: Money, code: str, *, told_at: datetime, at: datetime) -> None:
        """What somebody at the provider had sent back could not be given to the payer: it is here again."""
        if sent <= self.returned:
            self._keep(code, sent, attempt=None, at=at, told_at=told_at)

    def open_dispute(self, dispute: str, amount: Money, reason: str, *, at: datetime) -> None:
        """The payer's bank asks for so much back. Twice is once."""
        if dispute in self.disputes:
            return
        if self.status is PaymentStatus.PENDING:
            self.raise_(PaymentCompleted(self.id, self.reference, at))
        is_ours = amount.currency == self.amount.currency  # banks may count in another one
        about = min(amount, self.amount) if is_ours else self.amount
        self.raise_(DisputeOpened(self.id, dispute, about, reason, at))

    def close_dispute(self, dispute: str, *, is_lost: bool, at: datetime) -> None:
        """The bank has decided. What it takes has gone back to the payer."""
        known = self.disputes.get(dispute)
        if known is None or not known.is_open:
            return
        self.raise_(DisputeClosed(self.id, dispute, is_lost, at))
        if self.has_money and self.left.amount_minor == 0:
            self.raise_(PaymentRefunded(self.id, CHARGEBACK, at))

    def _keep(
        self, code: str, came_back: Money, *, attempt: int | None, at: datetime, told_at: datetime | None
    ) -> None:
        status = PaymentStatus.COMPLETED if self.was_completed else PaymentStatus.FAILED
        if not (self.left + came_back).amount_minor:
            status = PaymentStatus.REFUNDED
        self.raise_(RefundDeclined(self.id, code, status, at, attempt, came_back, told_at))

    def _go_on_refunding(self, *, at: datetime) -> None:
        if self.revoked_because is not None and self.has_money:
            self._begin_refund(self.revoked_because, at=at)

    def _begin_refund(self, reason: str, *, at: datetime, amount: Money | None = None) -> None:
        attempt = len(self.attempts) + 1
        self.raise_(RefundInitiated(self.id, attempt, reason, at, amount))
        if self.method.is_manual:
            self.refund(attempt=attempt, at=at)  # whoever says so has the money in their hands

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
                self.refund_reason = event.reason
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
        self.status, self.declined_at = event.status, event.told_at or self.declined_at
        self.has_money = self.left.amount_minor > 0
        if self.status is not PaymentStatus.REFUNDED:
            self.refunded_at = None

    def _settle(self, attempt: int, standing: Standing) -> None:
        self.attempts[attempt - 1] = replace(self.attempts[attempt - 1], standing=standing)
