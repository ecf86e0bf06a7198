"""Answers that have arrived, so that the interpreter sends only what is missing."""

from collections import defaultdict, deque

from plait_gateway.clients.body import encode_body
from plait_gateway.clients.coroutines import Ask, asking
from plait_gateway.clients.send import Outcome, Send, SubgraphRequest, SubgraphResponse, SubgraphUnreachable


class Kept:
    """What the subgraphs answered to one execution, failures included."""

    def __init__(self) -> None:
        self._outcomes: list[tuple[str, bytes, Outcome]] = []

    def add(self, subgraph: str, body: bytes, outcome: Outcome) -> None:
        """Keep the outcome of a request."""
        self._outcomes.append((subgraph, body, outcome))

    def before(self, send: Send) -> Ask:
        """Asks by `send` what was never asked, and answers the rest from what is kept, each answer once."""
        kept: defaultdict[tuple[str, bytes], deque[Outcome]] = defaultdict(deque)
        for subgraph, body, outcome in self._outcomes:
            kept[subgraph, body].append(outcome)
        ask = asking(send)

        async def answered(request: SubgraphRequest) -> SubgraphResponse:
            outcomes = kept.get((request.subgraph, encode_body(request)))
            if not outcomes:
                return await ask(request)
            outcome = outcomes.popleft()
            if isinstance(outcome, SubgraphUnreachable):
                raise outcome
            return outcome

        return answered
