"""What a webhook says: https://docs.stripe.com/api/events/types. They come repeatedly, in any order."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from subgraphs.kernel.domain import Money
from subgraphs.payments.provider.stripe.amounts import money_of
from subgraphs.payments.provider.stripe.gateway import ATTEMPT, PAYMENT_ID
from subgraphs.payments.provider.stripe.refusals import declined_code

_LONGEST_NAME: Final = 100
_END_OF_TIME: Final = 253_402_300_800  # the year 10000, in seconds
_DECISIONS: Final = {"lost": True, "won": False, "warning_closed": False, "prevented": False}
"""What a dispute's status says of who has the money, once that is decided."""


class NoEventError(Exception):
    """This is not an event."""


@dataclass(frozen=True, slots=True)
class ChargeSucceeded:
    """So much has come."""

    reference: str
    amount: Money


@dataclass(frozen=True, slots=True)
class ChargeFailed:
    code: str


@dataclass(frozen=True, slots=True)
class MoneyReturned:
    """So much of a charge has gone back in all, whoever has sent it."""

    total: Money


@dataclass(frozen=True, slots=True)
class RefundSucceeded:
    """An attempt of ours has come to its end."""

    attempt: int


@dataclass(frozen=True, slots=True)
class RefundFailed:
    """The money that was on its way back has come back to us; `attempt` is ours, if it was one. `refund` is
    what Stripe calls it: more than one event tells of its end."""

    refund: str
    code: str
    amount: Money
    attempt: int | None


@dataclass(frozen=True, slots=True)
class DisputeNews:
    """A bank asks for money back, and waits for an answer until then; `is_lost` once it has decided."""

    dispute: str
    amount: Money
    reason: str
    respond_by: datetime | None
    is_lost: bool | None


News: TypeAlias = (
    ChargeSucceeded | ChargeFailed | MoneyReturned | RefundSucceeded | RefundFailed | DisputeNews
)


@dataclass(frozen=True, slots=True)
class StripeEvent:
    """An event. Without `news` it is none of our business.

    It is about the payment that its metadata names, or else about the one of this reference.
    """

    id: str
    type: str
    created_at: datetime
    payment_id: str | None
    reference: str | None
    news: News | None


def parse(payload: bytes) -> StripeEvent:
    """NoEventError."""
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        raise NoEventError("the body is not JSON") from None
    match content:
        case {"id": str(id_), "type": str(type_), "created": int(at), "data": {"object": dict(subject)}} if (
            _is_name(id_) and _is_name(type_) and 0 <= at < _END_OF_TIME
        ):
            created_at = datetime.fromtimestamp(at, UTC)
            payment_id = _text(_metadata(subject).get(PAYMENT_ID))
            reference = _text(subject.get("payment_intent"))
            return StripeEvent(id_, type_, created_at, payment_id, reference, _news(type_, subject))
        case _:
            raise NoEventError("the body is not an event")


def _news(type_: str, subject: dict[str, Any]) -> News | None:
    currency = subject.get("currency")
    match type_, subject:
        case "payment_intent.succeeded", {"id": str(reference)} if (
            amount := money_of(subject.get("amount_received"), currency)
        ) and _is_name(reference):
            return ChargeSucceeded(reference, amount)
        case "payment_intent.payment_failed" | "payment_intent.canceled", _:
            return ChargeFailed(declined_code(subject.get("last_payment_error")))
        case "charge.refunded", _ if total := money_of(subject.get("amount_refunded"), currency):
            return MoneyReturned(total)
        case (("refund.updated" | "charge.refund.updated" | "refund.failed"), {"id": str(refund)}) if (
            _is_name(refund)
        ):
            return _refund(refund, subject)
        case (("charge.dispute.created" | "charge.dispute.closed"), {"id": str(dispute)}) if _is_name(
            dispute
        ):
            return _dispute(dispute, subject)
        case _:
            return None


def _refund(refund: str, subject: dict[str, Any]) -> News | None:
    """What is under way still is no news."""
    attempt = _attempt(subject)
    match subject.get("status"):
        case "succeeded" if attempt is not None:
            return RefundSucceeded(attempt)
        case "failed" | "canceled" if amount := money_of(subject.get("amount"), subject.get("currency")):
            return RefundFailed(refund, "REFUND_DECLINED", amount, attempt)
        case _:
            return None


def _dispute(dispute: str, subject: dict[str, Any]) -> News | None:
    amount = money_of(subject.get("amount"), subject.get("currency"))
    if amount is None:
        return None
    is_lost = _DECISIONS.get(str(subject.get("status")))
    reason = (_text(subject.get("reason")) or "general").upper()
    return DisputeNews(dispute, amount, reason, _respond_by(subject), is_lost)


def _respond_by(dispute: dict[str, Any]) -> datetime | None:
    match dispute:
        case {"evidence_details": {"due_by": int(at)}} if 0 < at < _END_OF_TIME:
            return datetime.fromtimestamp(at, UTC)
        case _:
            return None


def _attempt(refund: dict[str, Any]) -> int | None:
    text = _text(_metadata(refund).get(ATTEMPT))
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def _metadata(subject: dict[str, Any]) -> dict[str, Any]:
    metadata = subject.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and _is_name(value) else None


def _is_name(text: str) -> bool:
    """Whether something can be called so, there and here."""
    return 1 <= len(text) <= _LONGEST_NAME and text.isprintable()
