"""A wrapper that bounds how long a subgraph may take."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from msgspec import Struct

from plait_gateway.clients.counts import Counts
from plait_gateway.clients.send import (
    Cancel,
    Outcome,
    Send,
    SubgraphRequest,
    SubgraphUnreachable,
    nothing_to_cancel,
)
from plait_gateway.errors import SUBGRAPH_TIMEOUT


def with_timeout(send: Send, seconds: float, counts: Counts) -> Send:
    """The same `send`, given up with SUBGRAPH_TIMEOUT after so many seconds."""
    deadlines = _Deadlines(seconds, counts)

    def bounded(request: SubgraphRequest, answered: Callable[[Outcome], None]) -> Cancel:
        exchange = _Exchange(deadlines, request, answered, monotonic() + seconds)
        deadlines.begin(exchange)
        exchange.cancel = send(request, exchange.settle)
        return exchange.give_up

    return bounded


class _Exchange(Struct, eq=False):
    """One exchange under way."""

    deadlines: "_Deadlines"
    request: SubgraphRequest
    answered: Callable[[Outcome], None]
    expires: float
    cancel: Cancel = nothing_to_cancel

    def settle(self, outcome: Outcome) -> None:
        del self.deadlines.under_way[self]
        answered = self.answered
        del self.answered, self.cancel  # they may lead back here
        answered(outcome)

    def give_up(self) -> None:
        if self.deadlines.under_way.pop(self, self) is None:
            self.cancel()
            del self.answered, self.cancel


@dataclass(slots=True)
class _Deadlines:
    """All exchanges that have so many seconds, the oldest first: one timer, for that one, is enough.

    A timer for each exchange would cost more than all else about it that is not input or output.
    """

    seconds: float
    counts: Counts
    under_way: dict[_Exchange, None] = field(default_factory=dict)
    _timer: asyncio.TimerHandle | None = None

    def begin(self, exchange: _Exchange) -> None:
        self.under_way[exchange] = None
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self.seconds, self._expire)

    def _expire(self) -> None:
        """End what has taken too long, and come back for the next one."""
        self._timer = None
        now = monotonic()
        expired = []
        for exchange in self.under_way:
            if exchange.expires > now:
                self._timer = asyncio.get_running_loop().call_later(exchange.expires - now, self._expire)
                break
            expired.append(exchange)
        for exchange in expired:
            if exchange in self.under_way:  # the end of one may be the end of others
                answered = exchange.answered
                exchange.give_up()
                self.counts.timeouts[exchange.request.subgraph] += 1
                reason = f"no answer within {self.seconds:g} s"
                answered(SubgraphUnreachable(exchange.request.subgraph, reason, SUBGRAPH_TIMEOUT.name))
