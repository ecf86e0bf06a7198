"""The connections to one origin: who may use one, and which are kept."""

import asyncio
import ssl
from collections import deque

from plait_gateway.clients.http.connect import connect
from plait_gateway.clients.http.connection import Connection
from plait_gateway.clients.http.failures import IdleConnectionClosed
from plait_gateway.clients.http.url import Origin
from plait_gateway.clients.send import SubgraphResponse


class Pool:
    """At most `limit` connections at a time; who comes later waits, and is served in order.

    A place is held from the wait to the end of the exchange. It is passed on with its connection, or without
    one when that cannot be used again. Connections that idle and those in use are never more than `limit`
    together: one is opened only when none is idle.
    """

    def __init__(
        self, origin: Origin, tls: ssl.SSLContext | None, *, limit: int, idle_seconds: float
    ) -> None:
        self._origin = origin
        self._tls = tls
        self._limit = limit
        self._idle_seconds = idle_seconds
        self._in_use = 0
        self._idle: deque[Connection] = deque()  # the one used last is at the end, and is used next
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
        self._expiry: asyncio.TimerHandle | None = None
        self._closed = False

    async def exchange(self, head: bytes, body: bytes, *, limit: int, repeatable: bool) -> SubgraphResponse:
        """Send a request and wait for its response; raises ExchangeFailed.

        A request that is `repeatable` is sent once more, on a new connection, if it met a kept one that had
        been closed.
        """
        connection = await self._take()
        try:
            if connection is None:
                connection = await connect(self._origin, self._tls)
            try:
                return await connection.exchange(head, body, limit=limit)
            except IdleConnectionClosed:
                if not repeatable:
                    raise
            connection = await connect(self._origin, self._tls)
            return await connection.exchange(head, body, limit=limit)
        finally:
            self._give_back(connection)

    async def close(self) -> None:
        """Close the idle connections now, and from now on each one after its exchange."""
        self._closed = True
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None
        idle = tuple(self._idle)
        self._idle.clear()
        for connection in idle:
            connection.close()
        for connection in idle:
            await connection.wait_closed()

    async def _take(self) -> Connection | None:
        """A place, with a connection if one is idle."""
        if self._in_use < self._limit:
            self._in_use += 1
            while self._idle:
                if (connection := self._idle.pop()).usable:
                    return connection
            return None
        turn: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            passed_on = await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # its turn had come in the meantime
                self._give_back(turn.result())
            raise
        return passed_on if passed_on is not None and passed_on.usable else None

    def _give_back(self, connection: Connection | None) -> None:
        if connection is not None and not connection.usable:
            connection = None
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return
        self._in_use -= 1
        if connection is not None:
            self._keep(connection)

    def _keep(self, connection: Connection) -> None:
        if self._closed:
            connection.close()
            return
        loop = asyncio.get_running_loop()
        connection.idle_since = loop.time()
        self._idle.append(connection)
        if self._expiry is None:
            self._expiry = loop.call_later(self._idle_seconds, self._expire)

    def _expire(self) -> None:
        """Close what has idled too long, and come back for what has not."""
        loop = asyncio.get_running_loop()
        self._expiry = None
        while self._idle:
            longest = self._idle[0]
            expires = longest.idle_since + self._idle_seconds
            if longest.usable and expires > loop.time():
                self._expiry = loop.call_at(expires, self._expire)
                return
            self._idle.popleft().close()
