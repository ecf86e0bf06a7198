"""One connection to a subgraph: a request, its response, the next request."""

import asyncio
from typing import cast

from plait_gateway.clients.http.failures import ExchangeFailed, broke_off, closed_without_an_answer
from plait_gateway.clients.http.response_reader import ResponseReader
from plait_gateway.clients.send import SubgraphResponse

_JOINED_BYTES = 16 * 1024  # up to here a copy is cheaper than a second system call


class Connection(asyncio.Protocol):
    """Serves one exchange at a time, as long as it is `usable`.

    It is not once anything went wrong, the server said so or left, or bytes came that nobody had asked for:
    they could pass for the next answer.
    """

    idle_since: float  # the pool's note

    def __init__(self) -> None:
        self.usable = True
        self._reader = ResponseReader()
        self._answer: asyncio.Future[SubgraphResponse] | None = None
        self._kept = False
        self._gone = asyncio.Event()
        self._transport: asyncio.Transport

    async def exchange(self, head: bytes, body: bytes, *, limit: int) -> SubgraphResponse:
        """Send a request and wait for its response; raises ExchangeFailed.

        When that fails, or is cancelled, the connection is closed: its answer may still be coming.
        """
        self._reader.expect(limit)
        answer: asyncio.Future[SubgraphResponse] = asyncio.get_running_loop().create_future()
        self._answer = answer
        if len(body) > _JOINED_BYTES:
            self._transport.writelines((head, body))
        else:
            self._transport.write(head + body)
        answered = False
        try:
            response = await answer
            answered = True
            return response
        finally:
            self._answer = None
            self._kept = True
            if not answered:
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
        answer = self._waiting()
        if answer is None:
            self._abort()
            return
        try:
            complete = self._reader.feed(data)
        except ExchangeFailed as failure:
            self._abort()
            answer.set_exception(failure)
            return
        if complete:
            # A request that is still being written will not be read to its end by a server that has answered.
            self.usable = self._reader.reusable and self._transport.get_write_buffer_size() == 0
            if not self.usable:
                self._transport.close()
            answer.set_result(self._reader.take())

    def eof_received(self) -> None:
        self.usable = False
        if (answer := self._waiting()) is not None and self._reader.received:
            try:
                self._reader.end()
            except ExchangeFailed as failure:
                answer.set_exception(failure)
            else:
                answer.set_result(self._reader.take())

    def connection_lost(self, error: Exception | None) -> None:
        self.usable = False
        self._gone.set()
        if (answer := self._waiting()) is not None:
            lost = broke_off() if self._reader.received else closed_without_an_answer(kept=self._kept)
            lost.__cause__ = error
            answer.set_exception(lost)

    def _waiting(self) -> "asyncio.Future[SubgraphResponse] | None":
        return None if self._answer is None or self._answer.done() else self._answer

    def _abort(self) -> None:
        self.usable = False
        self._transport.abort()
