"""How money goes back: in attempts, of which one is under way at a time, or by somebody at the provider."""

from dataclasses import dataclass
from enum import StrEnum

from subgraphs.kernel.domain import DomainError, Failure, Money, Result, Success, ValueObject
from subgraphs.payments.domain.errors import INVALID_AMOUNT, REFUND_EXCEEDS_PAYMENT


class Standing(StrEnum):
    """What has come of an attempt."""

    UNDER_WAY = "UNDER_WAY"
    DONE = "DONE"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True)
class RefundAttempt(ValueObject):
    """One attempt of ours to send so much back; all that is here, as long as it has no amount."""

    amount: Money | None
    standing: Standing = Standing.UNDER_WAY


def part_of(left: Money, wanted: Money | None) -> Result[Money | None, DomainError]:
    """The part that goes back of what is left; None for all of it. INVALID_AMOUNT, REFUND_EXCEEDS_PAYMENT."""
    if wanted is None:
        return Success(None)
    if wanted.currency != left.currency or wanted.amount_minor < 1:
        return Failure(INVALID_AMOUNT)
    if left < wanted:
        return Failure(REFUND_EXCEEDS_PAYMENT)
    return Success(None if wanted == left else wanted)
