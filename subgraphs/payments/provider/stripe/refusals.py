"""What Stripe's errors mean for us: https://docs.stripe.com/api/errors."""

from collections.abc import Mapping
from typing import Any, Final

from subgraphs.kernel.effects.outcome import (
    NotDoneError,
    OutcomeUnknownError,
    Refused,
    RequestRejectedError,
)

_PLAIN: Final = frozenset({"generic_decline", "do_not_honor", "card_declined"})


def refusal(status: int, body: Mapping[str, Any]) -> Refused:
    """A decline. What else is wrong is raised: NotDoneError, OutcomeUnknownError, RequestRejectedError."""
    error = body.get("error")
    error = error if isinstance(error, dict) else {}
    code, message = str(error.get("code") or ""), str(error.get("message") or f"HTTP {status}")
    match status:
        case 402:
            return Refused(declined_code(error), message)
        case 401 | 403:
            raise NotDoneError(f"Stripe does not know us: {message}")  # until somebody mends the key
        case 429:
            raise NotDoneError("Stripe has had too many requests")
        case 409:
            raise OutcomeUnknownError(f"Stripe is still at it: {message}")  # the same key, just now
        case _ if status >= 500:
            raise OutcomeUnknownError(f"Stripe is in trouble: {message}")
        case _:
            raise RequestRejectedError(f"Stripe: {code or error.get('type') or status}: {message}")


def declined_code(error: object) -> str:
    """Why a card was declined. What has no reason of its own is what everybody calls a declined card."""
    match error:
        case {"decline_code": str(code)} | {"code": str(code)} if code not in _PLAIN:
            return code.upper()
        case _:
            return "CARD_DECLINED"
