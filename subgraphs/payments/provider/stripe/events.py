"""What a webhook says: https://docs.stripe.com/api/events/types. They come repeatedly, in any order."""

import json
from dataclasses import dataclass
from typing import Any, TypeAlias

from subgraphs.payments.provider.stripe.gateway import ATTEMPT, PAYMENT_ID
from subgraphs.payments.provider.stripe.refusals import declined_code


class NoEventError(Exception):
    """This is not an event."""


@dataclass(frozen=True, slots=True)
class ChargeSucceeded:
    payment_id: str
    reference: str


@dataclass(frozen=True, slots=True)
class ChargeFailed:
    payment_id: str
    code: str


@dataclass(frozen=True, slots=True)
class ChargeReturned:
    """All of the money has gone back; `attempt` is ours, if it was one."""

    payment_id: str
    attempt: int | None = None


@dataclass(frozen=True, slots=True)
class RefundFailed:
    """The money that was on its way back has come back to us."""

    payment_id: str
    code: str
    attempt: int | None = None


News: TypeAlias = ChargeSucceeded | ChargeFailed | ChargeReturned | RefundFailed


@dataclass(frozen=True, slots=True)
class StripeEvent:
    """An event. Without `news` it is none of our business."""

    id: str
    type: str
    news: News | None


def parse(payload: bytes) -> StripeEvent:
    """NoEventError."""
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        raise NoEventError("the body is not JSON") from None
    match content:
        case {"id": str(id_), "type": str(type_), "data": {"object": dict(subject)}} if id_ and type_:
            return StripeEvent(id_, type_, _news(type_, subject))
        case _:
            raise NoEventError("the body is not an event")


def _news(type_: str, subject: dict[str, Any]) -> News | None:
    metadata = subject.get("metadata")
    payment_id = metadata.get(PAYMENT_ID) if isinstance(metadata, dict) else None
    if not isinstance(payment_id, str):
        return None
    match type_, subject:
        case "payment_intent.succeeded", {"id": str(reference)}:
            return ChargeSucceeded(payment_id, reference)
        case "payment_intent.payment_failed" | "payment_intent.canceled", _:
            return ChargeFailed(payment_id, declined_code(subject.get("last_payment_error")))
        case "charge.refunded", {"amount": int(amount), "amount_refunded": int(refunded)} if (
            amount == refunded
        ):
            return ChargeReturned(payment_id)
        case "refund.updated", {"status": "succeeded"}:
            return ChargeReturned(payment_id, _attempt(subject))
        case "refund.failed", _:
            return RefundFailed(payment_id, "REFUND_DECLINED", _attempt(subject))
        case _:
            return None


def _attempt(refund: dict[str, Any]) -> int | None:
    text = refund["metadata"].get(ATTEMPT)
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else None
