"""One `send` for a whole graph, from one per subgraph."""

from collections.abc import Callable, Mapping

from plait_gateway.clients.send import Cancel, Outcome, Send, SubgraphRequest


def by_subgraph(sends: Mapping[str, Send]) -> Send:
    """A `send` that hands each request to the client of its subgraph."""

    def send(request: SubgraphRequest, answered: Callable[[Outcome], None]) -> Cancel:
        return sends[request.subgraph](request, answered)

    return send
