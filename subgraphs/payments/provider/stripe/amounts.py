"""Amounts as Stripe counts them: https://docs.stripe.com/currencies.

It counts the smallest unit, as we do, but for a few currencies.
"""

from typing import Final

from subgraphs.kernel.effects.outcome import RequestRejectedError

_IN_HUNDREDTHS: Final = frozenset({"ISK", "UGX"})
"""Currencies without a smaller unit, of which it counts hundredths all the same."""

_IN_TENS: Final = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
"""Currencies with thousandths, of which it takes only whole tens."""


def stripe_amount(amount_minor: int, currency: str) -> int:
    """RequestRejectedError when it does not take an amount like that."""
    if currency in _IN_HUNDREDTHS:
        return amount_minor * 100
    if currency in _IN_TENS and amount_minor % 10:
        raise RequestRejectedError(f"{amount_minor} {currency} is finer than Stripe takes")
    return amount_minor
