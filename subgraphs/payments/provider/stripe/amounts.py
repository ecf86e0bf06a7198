"""Amounts as Stripe counts them: https://docs.stripe.com/currencies.

It counts the smallest unit, as we do, but for a few currencies.
"""

from typing import Final

from subgraphs.kernel.domain import Currency, Money, Success
from subgraphs.kernel.effects.outcome import RequestRejectedError

_IN_HUNDREDTHS: Final = frozenset({"ISK", "UGX"})
"""Currencies without a smaller unit, of which it counts hundredths all the same."""

_IN_TENS: Final = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
"""Currencies with thousandths, of which it takes only whole tens."""


def money_of(stripe_amount: object, currency: object) -> Money | None:
    """An amount as it counts it, as we do; None for what is none."""
    if not (isinstance(stripe_amount, int) and isinstance(currency, str)):
        return None
    match Currency.parse(currency.upper()):
        case Success(value=known) if known.code in _IN_HUNDREDTHS:
            return Money(stripe_amount // 100, known)
        case Success(value=known):
            return Money(stripe_amount, known)
        case _:
            return None


def stripe_amount(amount_minor: int, currency: str) -> int:
    """RequestRejectedError when it does not take an amount like that."""
    if currency in _IN_HUNDREDTHS:
        return amount_minor * 100
    if currency in _IN_TENS and amount_minor % 10:
        raise RequestRejectedError(f"{amount_minor} {currency} is finer than Stripe takes")
    return amount_minor
