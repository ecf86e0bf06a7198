"""uvicorn's HTTP protocol, with bounds: for the size of a request's head, and the time to send a request."""

import asyncio
import logging
from http import HTTPStatus
from typing import cast

import httptools
import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from plait_gateway.errors import BAD_REQUEST, HEAD_TOO_LARGE, INTERNAL_SERVER_ERROR, ResponseError
from plait_gateway.server.one_write import OneWrite
from plait_gateway.server.sound_head import UnsoundHead, check_head

_log = logging.getLogger(__name__)

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
        except httptools.HttpParserCallbackError as raised:
            self._refuse_for(raised.__context__)
        except httptools.HttpParserError as error:
            self._refuse(400, BAD_REQUEST.at(None, f"The request is not HTTP/1.1: {error}."))
        else:
            if not self._in_head:
                self._await_the_end()
            elif self._head_bytes > HEAD_BYTES:
                self._refuse_head()
            elif self._head_bytes:  # nearly all requests come at once, and need no timer
                self._await_the_end()

    def on_headers_complete(self) -> None:
        check_head(self.parser.get_http_version(), self.headers)
        self._in_head = False
        self.on_sound_head()

    def on_sound_head(self) -> None:
        """A request begins whose head was checked."""
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
            self._refuse(400, BAD_REQUEST.at(None, "CONNECT is for proxies."))
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
        message = f"The request's head is larger than {HEAD_BYTES} bytes."
        self._refuse(431, HEAD_TOO_LARGE.at(None, message))

    def _refuse_for(self, raised: BaseException | None) -> None:
        """End with what one of the methods raised that the parser calls."""
        if isinstance(raised, UnsoundHead):
            self._refuse(raised.status, BAD_REQUEST.at(None, raised.reason))
        else:
            _log.error("a request could not be read", exc_info=raised)
            self._refuse(500, INTERNAL_SERVER_ERROR.at(None, "Internal server error."))

    def _refuse(self, status: int, error: ResponseError) -> None:
        """Answer with this, if it is the request's turn, and take nothing more from the connection."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        if cycle is not None and not cycle.response_complete:
            if self._in_head:  # of a request behind that one
                cycle.keep_alive = False  # its answer is the last one
                self.transport.pause_reading()
                return
            if self.pipeline or cycle.response_started:
                self.transport.abort()
                return
        body = msgspec.json.encode({"errors": [error.as_json()]})
        head = (
            b"HTTP/1.1 %d %b\r\nconnection: close\r\n"
            b"content-type: application/json; charset=utf-8\r\ncontent-length: %d\r\n\r\n"
            % (status, HTTPStatus(status).phrase.encode(), len(body))
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
