"""The connections to one origin: who may use one, and which are kept."""

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass
from functools import partial
from time import monotonic

from plait_gateway.clients.http.connect import connect
from plait_gateway.clients.http.connection import Connection
from plait_gateway.clients.http.exchange import Ending, Exchange
from plait_gateway.clients.http.failures import (
    ExchangeFailed,
    IdleConnectionClosed,
    closed_without_an_answer,
)
from plait_gateway.clients.http.url import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolState:
    """Counts since the start, and how things are now."""

    exchanges: int
    opened: int  # connections
    repeated: int
    failed: int
    idle: int
    in_use: int
    waiting: int


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
        self._waiting: deque[Exchange] = deque()
        self._expiry: asyncio.TimerHandle | None = None
        self._closed = False
        self._exchanges = self._opened_connections = self._repeated = self._failed = 0

    @property
    def state(self) -> PoolState:
        """What it counts."""
        return PoolState(
            exchanges=self._exchanges,
            opened=self._opened_connections,
            repeated=self._repeated,
            failed=self._failed,
            idle=len(self._idle),
            in_use=self._in_use,
            waiting=sum(exchange.is_wanted for exchange in self._waiting),
        )

    def begin(self, exchange: Exchange) -> None:
        """Send the request as soon as there is a connection for it."""
        self._exchanges += 1
        if self._in_use >= self._limit:
            self._waiting.append(exchange)
            return
        self._in_use += 1
        while self._idle:
            if (connection := self._idle.pop()).usable:
                connection.begin(exchange)
                return
        self._open_for(exchange)

    def give_up(self, exchange: Exchange) -> None:
        """End an exchange whose outcome nobody wants to know."""
        exchange.give_up()
        if exchange.opening is not None:
            exchange.opening.cancel()
        elif exchange.connection is not None:
            exchange.connection.give_up()
            self._pass_on(None)

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

    def _open_for(self, exchange: Exchange) -> None:
        exchange.connection = None
        opening = asyncio.get_running_loop().create_task(connect(self._origin, self._tls, self._settle))
        exchange.opening = opening
        opening.add_done_callback(partial(self._opened, exchange))

    def _opened(self, exchange: Exchange, opening: "asyncio.Task[Connection]") -> None:
        exchange.opening = None
        failure = asyncio.CancelledError() if opening.cancelled() else opening.exception()
        connection = opening.result() if failure is None else None
        self._opened_connections += connection is not None
        if not exchange.is_wanted:
            self._pass_on(connection)
        elif connection is not None and connection.usable:
            connection.begin(exchange)
        else:
            self._failed += 1
            self._pass_on(None)
            match failure:
                case None:
                    exchange.end(closed_without_an_answer(kept=False))
                case ExchangeFailed():
                    exchange.end(failure)
                case _:
                    exchange.end(ExchangeFailed("no connection could be made", repr(failure)))

    def _settle(self, connection: Connection, exchange: Exchange, ending: Ending) -> None:
        if isinstance(ending, ExchangeFailed):
            if exchange.request.idempotent and isinstance(ending, IdleConnectionClosed):
                self._repeated += 1
                self._open_for(exchange)
                return
            self._failed += 1
        exchange.connection = None
        self._pass_on(connection if connection.usable else None)
        exchange.end(ending)

    def _pass_on(self, connection: Connection | None) -> None:
        """A place is free, with a connection or without."""
        while self._waiting:
            following = self._waiting.popleft()
            if not following.is_wanted:
                continue
            if connection is None:
                self._open_for(following)
            else:
                connection.begin(following)
            return
        self._in_use -= 1
        if connection is None:
            return
        if self._closed:
            connection.close()
            return
        connection.idle_since = monotonic()
        self._idle.append(connection)
        if self._expiry is None:
            self._expiry = asyncio.get_running_loop().call_later(self._idle_seconds, self._expire)

    def _expire(self) -> None:
        """Close what has idled too long, and come back for what has not."""
        self._expiry = None
        while self._idle:
            longest = self._idle[0]
            left = longest.idle_since + self._idle_seconds - monotonic()
            if longest.usable and left > 0:
                self._expiry = asyncio.get_running_loop().call_later(left, self._expire)
                return
            self._idle.popleft().close()
