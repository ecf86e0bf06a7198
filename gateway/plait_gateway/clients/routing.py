"""One `send` for a whole graph, from one per subgraph."""

from collections.abc import Callable, Mapping

from plait_gateway.clients.counts import Counts
from plait_gateway.clients.send import Cancel, Outcome, Send, SubgraphRequest


def by_subgraph(sends: Mapping[str, Send], counts: Counts) -> Send:
    """A `send` that hands each request to the client of its subgraph, and counts it."""
    requests = counts.requests

    def send(request: SubgraphRequest, answered: Callable[[Outcome], None]) -> Cancel:
        requests[request.subgraph] += 1
        return sends[request.subgraph](request, answered)

    return send
