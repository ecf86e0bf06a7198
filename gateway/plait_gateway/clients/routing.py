"""One `send` for a whole graph, from one per subgraph."""

from collections.abc import Mapping

from plait_gateway.clients.send import Send, SubgraphRequest, SubgraphResponse


def by_subgraph(sends: Mapping[str, Send]) -> Send:
    """A `send` that hands each request to the client of its subgraph."""

    async def send(request: SubgraphRequest) -> SubgraphResponse:
        return await sends[request.subgraph](request)

    return send
