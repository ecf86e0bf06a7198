"""A payer's bank that asks for money back, and decides about it: a chargeback."""

from dataclasses import dataclass
from enum import StrEnum

from subgraphs.kernel.domain import Money, ValueObject


class DisputeStatus(StrEnum):
    """What the bank has decided."""

    OPEN = "OPEN"
    WON = "WON"
    LOST = "LOST"


@dataclass(frozen=True, slots=True)
class Dispute(ValueObject):
    """How much it is about, and whether it is decided."""

    amount: Money
    is_open: bool = True
