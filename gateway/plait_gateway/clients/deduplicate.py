"""A wrapper that sends a query once when several equal ones are in flight."""

import asyncio
from dataclasses import replace
from typing import TypeAlias

from plait_gateway.clients.body import encode_body
from plait_gateway.clients.send import Send, SubgraphRequest, SubgraphResponse, SubgraphUnreachable

#: Everything that can make a difference to the answer: subgraph (hence URL), body, forwarded headers. Less
#: than that would hand one user's answer to another.
_Key: TypeAlias = tuple[str, bytes, tuple[tuple[str, str], ...]]

#: None: whoever was sending left before there was an outcome.
_Outcome: TypeAlias = SubgraphResponse | SubgraphUnreachable | None

#: Those who wait for somebody else's exchange; each its own future, since cancelling one ends the future.
_Followers: TypeAlias = "list[asyncio.Future[_Outcome]]"


def deduplicated(send: Send) -> Send:
    """The same `send` to one graph's subgraphs, where equal queries in flight share one exchange.

    The first one sends, in its own task; the others get its response or its failure. When it is cancelled,
    the next one sends instead. A mutation is always sent; a query that comes after the end of one does not
    share an exchange that began before, so that nobody misses what they have just written.
    """
    in_flight: dict[_Key, _Followers] = {}

    async def lead(request: SubgraphRequest, key: _Key) -> SubgraphResponse:
        followers = in_flight[key] = []
        outcome: _Outcome = None
        try:
            outcome = await send(request)
        except SubgraphUnreachable as failure:
            outcome = failure
            raise
        else:
            return outcome
        finally:
            if in_flight.get(key) is followers:  # a mutation may have closed it
                del in_flight[key]
            for follower in followers:
                if not follower.done():
                    follower.set_result(outcome)

    async def once(request: SubgraphRequest) -> SubgraphResponse:
        if not request.idempotent:
            try:
                return await send(request)
            finally:
                in_flight.clear()
        body = encode_body(request)
        key = (request.subgraph, body, request.headers)
        while (followers := in_flight.get(key)) is not None:
            turn: asyncio.Future[_Outcome] = asyncio.get_running_loop().create_future()
            followers.append(turn)
            match await turn:
                case SubgraphResponse() as response:
                    return response
                case SubgraphUnreachable(subgraph=subgraph, reason=reason, code=code):
                    raise SubgraphUnreachable(
                        subgraph, reason, code
                    )  # its own: a traceback grows when raised
                case None:
                    pass
        return await lead(request if request.body is not None else replace(request, body=body), key)

    return once
