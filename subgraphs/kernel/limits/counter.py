"""Who counts: the port."""

from datetime import timedelta
from typing import Protocol

from subgraphs.kernel.limits.rules import Limit


class CounterDownError(Exception):
    """Nobody can count now."""


class Counter(Protocol):
    """Counts what is allowed in a moving window. What is refused does not count, and prolongs nothing."""

    async def hit(self, limit: Limit, key: str) -> timedelta | None:
        """Count one more, if it may be: None. Else how long it takes until one may. CounterDownError."""
        ...
