"""A payer's bank that asks for money back, and decides about it: a chargeback."""

from dataclasses import dataclass

from subgraphs.kernel.domain import Money, ValueObject


@dataclass(frozen=True, slots=True)
class Dispute(ValueObject):
    """How much it is about, and whether it is decided."""

    amount: Money
    is_open: bool = True
