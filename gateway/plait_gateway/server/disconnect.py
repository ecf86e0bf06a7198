"""Stop working for a client that has gone."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from plait_gateway.asgi import Receive
from plait_gateway.server.exchange import ClientLeft

T = TypeVar("T")


async def unless_client_leaves(work: Coroutine[Any, Any, T], receive: Receive) -> T:
    """What the work gives; when the client closes its connection first, the work is cancelled: ClientLeft."""
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_left(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientLeft
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
