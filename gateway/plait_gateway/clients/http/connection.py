"""One connection to a subgraph: a request, its response, the next request."""

import asyncio
from collections.abc import Callable
from typing import TypeAlias, cast

from plait_gateway.clients.http.exchange import Ending, Exchange
from plait_gateway.clients.http.failures import ExchangeFailed, broke_off, closed_without_an_answer
from plait_gateway.clients.http.response_reader import ResponseReader

_JOINED_BYTES = 16 * 1024  # up to here a copy is cheaper than a second system call

#: Is told how an exchange on a connection ended.
Settle: TypeAlias = "Callable[[Connection, Exchange, Ending], None]"


class Connection(asyncio.Protocol):
    """Serves one exchange at a time, as long as it is `usable`; `settle` is told when one has ended.

    It is not once anything went wrong, the server said so or left, or bytes came that nobody had asked for:
    they could pass for the next answer.
    """

    idle_since: float  # the pool's note

    def __init__(self, settle: Settle) -> None:
        self.usable = True
        self._settle = settle
        self._reader = ResponseReader()
        self._exchange: Exchange | None = None
        self._kept = False
        self._gone = asyncio.Event()
        self._transport: asyncio.Transport

    def begin(self, exchange: Exchange) -> None:
        """Send a request."""
        self._exchange = exchange
        exchange.connection = self
        self._reader.expect(exchange.limit)
        if len(exchange.body) > _JOINED_BYTES:
            self._transport.writelines((exchange.head, exchange.body))
        else:
            self._transport.write(exchange.head + exchange.body)

    def give_up(self) -> None:
        """Nobody wants the answer any more, which may still be coming: the connection is closed."""
        self._exchange = None
        self._abort()

    def close(self) -> None:
        """Take leave of the server."""
        self.usable = False
        self._transport.close()

    async def wait_closed(self) -> None:
        """Until the connection is gone."""
        await self._gone.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's are none, but do the same

    def data_received(self, data: bytes) -> None:
        if self._exchange is None:
            self._abort()
            return
        try:
            response = self._reader.feed(data)
        except ExchangeFailed as failure:
            self._abort()
            self._end(failure)
            return
        if response is not None:
            # A request that is still being written will not be read to its end by a server that has answered.
            self.usable = self._reader.reusable and self._transport.get_write_buffer_size() == 0
            if not self.usable:
                self._transport.close()
            self._end(response)

    def eof_received(self) -> None:
        self.usable = False
        if self._exchange is not None and self._reader.received:
            try:
                response = self._reader.end()
            except ExchangeFailed as failure:
                self._end(failure)
            else:
                self._end(response)

    def connection_lost(self, error: Exception | None) -> None:
        self.usable = False
        self._gone.set()
        if self._exchange is not None:
            lost = broke_off() if self._reader.received else closed_without_an_answer(kept=self._kept)
            lost.__cause__ = error
            self._end(lost)

    def _end(self, ending: Ending) -> None:
        exchange, self._exchange = self._exchange, None
        self._kept = True
        assert exchange is not None
        self._settle(self, exchange, ending)

    def _abort(self) -> None:
        self.usable = False
        self._transport.abort()
