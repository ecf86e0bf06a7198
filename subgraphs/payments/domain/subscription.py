"""Somebody's subscription to the academy. It runs for as long as it is paid."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, Money, Result, Success
from subgraphs.payments.domain.errors import NOT_THE_PLANS_PRICE, SUBSCRIPTION_ENDED
from subgraphs.payments.domain.identifiers import StudentId, SubscriptionId
from subgraphs.payments.domain.plans import TERMS, Plan, after_months


class SubscriptionStatus(StrEnum):
    """Whether it has been paid for yet, and whether it goes on."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    CANCELLED = "CANCELLED"


@dataclass(eq=False, kw_only=True)
class Subscription(AggregateRoot[SubscriptionId]):
    """Begins with its first payment; each payment adds the plan's months to it."""

    student_id: StudentId
    plan: Plan
    status: SubscriptionStatus
    started_at: datetime
    paid_until: datetime | None = None
    cancelled_at: datetime | None = None

    @classmethod
    def start(
        cls, subscription_id: SubscriptionId, *, student_id: StudentId, plan: Plan, at: datetime
    ) -> "Subscription":
        """A subscription that waits for its first payment."""
        return cls(
            id=subscription_id,
            student_id=student_id,
            plan=plan,
            status=SubscriptionStatus.PENDING,
            started_at=at,
        )

    def may_be_paid(self, amount: Money) -> Result[None, DomainError]:
        """SUBSCRIPTION_ENDED; NOT_THE_PLANS_PRICE."""
        if self.status is SubscriptionStatus.CANCELLED:
            return Failure(SUBSCRIPTION_ENDED)
        if amount != TERMS[self.plan].price:
            return Failure(NOT_THE_PLANS_PRICE)
        return Success(None)

    def paid(self, *, at: datetime) -> None:
        """Go on for as long as was paid: from the end of what is paid, or from now."""
        begin = at if self.paid_until is None else max(at, self.paid_until)
        self.paid_until = after_months(begin, TERMS[self.plan].months)
        if self.status is SubscriptionStatus.PENDING:
            self.status = SubscriptionStatus.ACTIVE

    def cancel(self, *, at: datetime) -> Result[None, DomainError]:
        """Do not go on: what is paid is still had. SUBSCRIPTION_ENDED."""
        if self.status is SubscriptionStatus.CANCELLED:
            return Failure(SUBSCRIPTION_ENDED)
        self.status, self.cancelled_at = SubscriptionStatus.CANCELLED, at
        return Success(None)

    def refunded(self, *, at: datetime) -> None:
        """The money of one payment has gone back, and so have its months. When none are left it ends here."""
        left = after_months(self.paid_until or at, -TERMS[self.plan].months)
        if left > at:
            self.paid_until = left
            return
        self.status, self.cancelled_at = SubscriptionStatus.CANCELLED, self.cancelled_at or at
        self.paid_until = at
