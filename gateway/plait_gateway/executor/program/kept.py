"""Answers that have arrived, so that the interpreter sends only what is missing."""

from collections import defaultdict, deque
from collections.abc import Callable, Coroutine
from typing import Any

from msgspec import Struct, field

from plait_gateway.clients.body import encode_body
from plait_gateway.clients.coroutines import asking
from plait_gateway.clients.send import Outcome, Send, SubgraphRequest, SubgraphResponse, SubgraphUnreachable


class Kept(Struct, eq=False):
    """What the subgraphs answered to one execution, failures included."""

    outcomes: list[tuple[SubgraphRequest, Outcome]] = field(default_factory=list)

    def add(self, request: SubgraphRequest, outcome: Outcome) -> None:
        """Keep the outcome of a request."""
        self.outcomes.append((request, outcome))

    def before(self, send: Send) -> Callable[[SubgraphRequest], Coroutine[Any, Any, SubgraphResponse]]:
        """Asks by `send` what was never asked, and answers the rest from what is kept, each answer once."""
        kept: defaultdict[tuple[str, bytes], deque[Outcome]] = defaultdict(deque)
        for request, outcome in self.outcomes:
            kept[_same(request)].append(outcome)
        ask = asking(send)

        async def answered(request: SubgraphRequest) -> SubgraphResponse:
            outcomes = kept.get(_same(request))
            if not outcomes:
                return await ask(request)
            outcome = outcomes.popleft()
            if isinstance(outcome, SubgraphUnreachable):
                raise outcome
            return outcome

        return answered


def _same(request: SubgraphRequest) -> tuple[str, bytes]:
    """What tells requests apart: all that is sent, but of a mutation, which a plan has once, its text alone.

    However its variables might be written, it is never sent twice.
    """
    return request.subgraph, encode_body(request) if request.idempotent else request.query.encode()
