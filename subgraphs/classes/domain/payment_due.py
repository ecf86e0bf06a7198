"""Whether what a student is to pay for a class is paid."""

from collections.abc import Iterable

from subgraphs.kernel.domain import Money


def is_paid(due: Money, received: Iterable[Money]) -> bool:
    """It may be paid in parts; what came in another currency is for people to see."""
    return sum(one.amount_minor for one in received if one.currency == due.currency) >= due.amount_minor
