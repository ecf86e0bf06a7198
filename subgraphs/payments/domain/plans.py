"""What a subscription costs, and how long it lasts."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from subgraphs.kernel.domain import Currency, Money

_EUR: Final = Currency("EUR")
_MONTHS: Final = 12


class Plan(StrEnum):
    """How often one pays."""

    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, slots=True)
class Terms:
    """A plan's price for so many months."""

    price: Money
    months: int


TERMS: Final = {
    Plan.MONTHLY: Terms(Money(1900, _EUR), 1),
    Plan.YEARLY: Terms(Money(19000, _EUR), _MONTHS),
}


def after_months(start: datetime, months: int) -> datetime:
    """The same day so many months later (or, below zero, earlier), or the last one of a month that is too
    short."""
    count = start.month - 1 + months
    year, month = start.year + count // _MONTHS, count % _MONTHS + 1
    return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))
