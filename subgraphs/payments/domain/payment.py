"""One payment: what may happen to it, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from subgraphs.kernel.domain import DomainError, Failure, Money, Result, Success
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
from subgraphs.payments.domain.payment_state import CHARGEBACK, REVOKED, PaymentState
from subgraphs.payments.domain.refunds import RefundAttempt, Standing, part_of
from subgraphs.payments.domain.values import PaymentMethod, PaymentStatus, Purpose

LATE_PAYMENT: Final = "LATE_PAYMENT"
"""Why money went back that came after the payment had failed."""
REFUNDED_BY_PROVIDER: Final = "REFUNDED_BY_PROVIDER"
"""Why money went back that nobody here has sent back."""


@dataclass(eq=False, kw_only=True)
class Payment(PaymentState):
    """What a student pays, once. Money that is here and not wanted goes back; none is kept or sent twice."""

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
            if not (self.refund_under_way or self.is_disputed):
                self._begin_refund(reason, at=at)
            elif self.revoked_because is None and not self._is_all_on_its_way:
                self.raise_(PaymentRevoked(self.id, reason, at))  # the rest follows, or what the bank leaves
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

    def hear_came_back(self, sent: Money, code: str, *, refund: str, told_at: datetime, at: datetime) -> None:
        """What somebody at the provider had sent back could not be given to the payer: it is here again.
        Twice is once."""
        if sent <= self.returned and refund not in self.came_back:
            self._keep(code, sent, attempt=None, at=at, told_at=told_at, refund=refund)

    def open_dispute(
        self, dispute: str, amount: Money, reason: str, *, respond_by: datetime | None = None, at: datetime
    ) -> None:
        """The payer's bank asks for so much back. Twice is once."""
        if dispute in self.disputes:
            return
        if self.status is PaymentStatus.PENDING:
            self.raise_(PaymentCompleted(self.id, self.reference, at))
        is_ours = amount.currency == self.amount.currency  # banks may count in another one
        about = min(amount, self.amount) if is_ours else self.amount
        self.raise_(DisputeOpened(self.id, dispute, about, reason, at, respond_by))

    def close_dispute(self, dispute: str, *, is_lost: bool, at: datetime) -> None:
        """The bank has decided. What it takes has gone back to the payer."""
        known = self.disputes.get(dispute)
        if known is None or not known.is_open:
            return
        self.raise_(DisputeClosed(self.id, dispute, is_lost, at))
        if self.has_money and self.left.amount_minor == 0:
            self.raise_(PaymentRefunded(self.id, CHARGEBACK, at))
        self._go_on_refunding(at=at)

    def _keep(
        self,
        code: str,
        came_back: Money,
        *,
        attempt: int | None,
        at: datetime,
        told_at: datetime | None,
        refund: str | None = None,
    ) -> None:
        status = PaymentStatus.COMPLETED if self.was_completed else PaymentStatus.FAILED
        if not (self.left + came_back).amount_minor:
            status = PaymentStatus.REFUNDED
        self.raise_(RefundDeclined(self.id, code, status, at, attempt, came_back, told_at, refund))

    def _go_on_refunding(self, *, at: datetime) -> None:
        is_possible = self.has_money and not (self.refund_under_way or self.is_disputed)
        if self.revoked_because is not None and is_possible:
            self._begin_refund(self.revoked_because, at=at)

    @property
    def _is_all_on_its_way(self) -> bool:
        return self.refund_under_way and self.attempts[-1].amount is None

    def _begin_refund(self, reason: str, *, at: datetime, amount: Money | None = None) -> None:
        attempt = len(self.attempts) + 1
        self.raise_(RefundInitiated(self.id, attempt, reason, at, amount))
        if self.method.is_manual:
            self.refund(attempt=attempt, at=at)  # whoever says so has the money in their hands
