"""A wrapper that bounds how long a subgraph may take."""

import asyncio

from plait_gateway.clients.send import Send, SubgraphRequest, SubgraphResponse, SubgraphUnreachable


def with_timeout(send: Send, seconds: float) -> Send:
    """The same `send`, given up with SUBGRAPH_TIMEOUT after so many seconds."""

    async def bounded(request: SubgraphRequest) -> SubgraphResponse:
        try:
            async with asyncio.timeout(seconds):
                return await send(request)
        except TimeoutError:
            reason = f"no answer within {seconds:g} s"
            raise SubgraphUnreachable(request.subgraph, reason, "SUBGRAPH_TIMEOUT") from None

    return bounded
