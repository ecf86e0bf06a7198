"""A wrapper that sends a query once when several equal ones are in flight."""

from collections.abc import Callable
from typing import TypeAlias

from msgspec.structs import replace

from plait_gateway.clients.body import encode_body
from plait_gateway.clients.counts import Counts
from plait_gateway.clients.send import (
    Cancel,
    Outcome,
    Send,
    SubgraphRequest,
    SubgraphUnreachable,
    nothing_to_cancel,
)

#: Everything that can make a difference to the answer: subgraph (hence URL), body, forwarded headers. Less
#: than that would hand one user's answer to another.
_Key: TypeAlias = tuple[str, bytes, tuple[tuple[str, str], ...]]


def deduplicated(send: Send, counts: Counts) -> Send:
    """The same `send` to one graph's subgraphs, where equal queries in flight share one exchange.

    All of them get its response or its failure; it is given up when the last of them is. A mutation is
    always sent; a query that comes after the end of one does not share an exchange that began before, so
    that nobody misses what they have just written.
    """
    in_flight: dict[_Key, _Shared] = {}

    def once(request: SubgraphRequest, answered: Callable[[Outcome], None]) -> Cancel:
        if not request.idempotent:
            return _alone(send, request, answered, in_flight)
        body = request.body
        if body is None:
            try:
                body = encode_body(request)
            except SubgraphUnreachable as unreachable:
                answered(unreachable)
                return nothing_to_cancel
            request = replace(request, body=body)
        key = (request.subgraph, body, request.headers)
        shared = in_flight.get(key)
        if shared is not None:
            counts.shared[request.subgraph] += 1
            return shared.join(answered)
        shared = in_flight[key] = _Shared(key, in_flight)
        leave = shared.join(answered)
        shared.cancel = send(request, shared.settle)
        return leave

    return once


class _Shared:
    """One exchange, and those who wait for it."""

    __slots__ = ("cancel", "in_flight", "key", "number", "waiting")

    def __init__(self, key: _Key, in_flight: "dict[_Key, _Shared]") -> None:
        self.key = key
        self.in_flight = in_flight
        self.waiting: dict[int, Callable[[Outcome], None]] = {}
        self.number = 0
        self.cancel: Cancel = nothing_to_cancel

    def join(self, answered: Callable[[Outcome], None]) -> Cancel:
        self.number = number = self.number + 1
        self.waiting[number] = answered

        def leave() -> None:
            if self.waiting.pop(number, None) is not None and not self.waiting:
                self._close()
                self.cancel()

        return leave

    def settle(self, outcome: Outcome) -> None:
        self._close()
        for number in tuple(self.waiting):
            answered = self.waiting.pop(number, None)
            if answered is not None:  # nobody left while others were told
                answered(outcome)

    def _close(self) -> None:
        if self.in_flight.get(self.key) is self:  # a mutation may have closed it
            del self.in_flight[self.key]


def _alone(
    send: Send,
    request: SubgraphRequest,
    answered: Callable[[Outcome], None],
    in_flight: dict[_Key, _Shared],
) -> Cancel:
    """Send a mutation. What was asked before its end may be out of date from then on."""

    def settle(outcome: Outcome) -> None:
        in_flight.clear()
        answered(outcome)

    cancel = send(request, settle)

    def give_up() -> None:
        in_flight.clear()
        cancel()

    return give_up
