"""uvicorn's HTTP protocol, with bounds: for the size of a request's head, and the time to send a request."""

import asyncio
from typing import cast

import httptools
import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from plait_gateway.errors import HEAD_TOO_LARGE
from plait_gateway.server.one_write import OneWrite

HEAD_BYTES = 64 * 1024  # request line and headers; a GET has its operation there


class BoundedProtocol(HttpToolsProtocol):
    """One connection of a client, who may be slow, endless, or speak of other protocols."""

    request_seconds = 30.0  # until a request is complete, from its first byte or the connection's start

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._deadline: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._in_head = True
        self._await_the_end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        if self._in_head:
            self._head_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._go_on_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.send_400_response("Invalid HTTP request received.")
        else:
            if not self._in_head:
                self._await_the_end()
            elif self._head_bytes > HEAD_BYTES:
                self._refuse_head()
            elif self._head_bytes:  # nearly all requests come at once, and need no timer
                self._await_the_end()

    def on_headers_complete(self) -> None:
        self._in_head = False
        if not self.parser.should_upgrade():
            super().on_headers_complete()
            self.cycle.transport = cast(asyncio.Transport, OneWrite(self.transport, self.cycle))

    def on_message_complete(self) -> None:
        if not self.parser.should_upgrade():
            self._stop_waiting()
            self._in_head = True
            self._head_bytes = 0
            super().on_message_complete()

    def _go_on_without_upgrade(self, rest: bytes) -> None:
        """Who offers another protocol is answered in this one (RFC 9110, 7.8).

        The parser takes what follows for that protocol; another one gets the request without the offer.
        """
        if self.parser.get_method() == b"CONNECT":
            self.send_400_response("Invalid HTTP request received.")
            return
        head = b"%b %b HTTP/1.1\r\n" % (self.parser.get_method(), self.url)
        for name, value in self.headers:
            if name not in (b"upgrade", b"connection", b"http2-settings"):
                head += b"%b: %b\r\n" % (name, value)
        self.parser = httptools.HttpRequestParser(self)
        self._in_head = True
        self._head_bytes = 0
        self.data_received(head + b"\r\n" + rest)

    def _refuse_head(self) -> None:
        error = HEAD_TOO_LARGE.at(None, f"The request's head is larger than {HEAD_BYTES} bytes.")
        body = msgspec.json.encode({"errors": [error.as_json()]})
        head = (
            b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n"
            b"content-type: application/json; charset=utf-8\r\ncontent-length: %d\r\n\r\n" % len(body)
        )
        self.transport.write(head + body)
        self.transport.close()

    def _await_the_end(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.request_seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        """The request is not complete in time: what waits for the rest sees that the client has gone."""
        self._deadline = None
        self.transport.abort()
