"""Requests that wait for nothing but subgraphs, answered without ASGI: no scope, no messages, no task."""

import asyncio
from collections.abc import Callable, Iterable
from functools import lru_cache
from http import HTTPStatus
from time import monotonic
from typing import Any, Protocol, cast, runtime_checkable

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from plait_gateway.clients.send import Cancel
from plait_gateway.server.exchange import Headers, HttpResponse
from plait_gateway.server.http_protocol import BoundedProtocol
from plait_gateway.server.one_write import write_at_once
from plait_gateway.server.request_headers import RequestHeaders, by_name

_LARGEST_BODY = 64 * 1024
_REMEMBERED = 64  # heads without what changes; there are a handful


@runtime_checkable
class DirectApp(Protocol):
    """An app that answers some POSTs directly."""

    def begin(
        self,
        target: bytes,
        headers: RequestHeaders,
        body: bytes,
        respond: Callable[[HttpResponse], None],
        *,
        peer: str | None,
    ) -> Cancel | None:
        """Begin to answer the client at the address `peer`, and give what gives it up.

        None for a request that is to come by ASGI.
        """


class _Cycle:
    """A request that is answered directly, as far as uvicorn has to do with it."""

    __slots__ = ("disconnected", "give_up", "keep_alive", "message_event", "more_body", "response_complete")

    def __init__(self, *, keep_alive: bool) -> None:
        self.keep_alive = keep_alive
        self.response_complete = False
        self.more_body = False
        self.disconnected = False
        self.message_event = _NOBODY_WAITS
        self.give_up: Cancel | None = None


class _NobodyWaits:
    def set(self) -> None:
        """Nothing."""


_NOBODY_WAITS = _NobodyWaits()


class DirectProtocol(BoundedProtocol):
    """One connection. Whatever is not a plain POST with a small body goes on to ASGI, body and all."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app = cast(object, self.config.app)
        self._begin = app.begin if isinstance(app, DirectApp) else None
        self._body: bytes | None = None  # of a request that may be answered directly
        self._by_name: RequestHeaders = {}  # its headers
        self._direct: _Cycle | None = None
        self._idle_since: float | None = None  # after an answer that was given directly
        self._watch: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        direct, self._direct = self._direct, None
        if direct is not None and direct.give_up is not None:
            direct.give_up()
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        if self._begin is not None and self._is_plain():
            self._in_head = False
            self._body = b""
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self._body is None:
            super().on_body(body)
        else:
            self._body += body

    def on_message_complete(self) -> None:
        body, self._body = self._body, None
        if body is not None and not self._answer_directly(body):
            super().on_headers_complete()
            super().on_body(body)
        super().on_message_complete()

    def _is_plain(self) -> bool:
        if self.parser.get_method() != b"POST" or self.parser.get_http_version() != "1.1":
            return False
        if self.expect_100_continue or self.parser.should_upgrade() or self.flow.write_paused:
            return False
        before = cast("RequestResponseCycle | None", self.cycle)
        if before is not None and not before.response_complete:
            return False
        self._by_name = by_name(self.headers)
        length = self._by_name.get(b"content-length", b"")
        return length.isdigit() and int(length) <= _LARGEST_BODY

    def _answer_directly(self, body: bytes) -> bool:
        assert self._begin is not None
        direct = _Cycle(keep_alive=self.parser.should_keep_alive())
        before, self.cycle = self.cycle, cast(Any, direct)

        def respond(response: HttpResponse) -> None:
            self._respond(direct, response)

        give_up = self._begin(self.url, self._by_name, body, respond, peer=self.client and self.client[0])
        if give_up is None:
            self.cycle = before
            return False
        if not direct.response_complete:
            direct.give_up = give_up
            self._direct = direct
        return True

    def _respond(self, direct: _Cycle, response: HttpResponse) -> None:
        self._direct = direct.give_up = None
        if direct.disconnected or self.transport.is_closing():
            return
        direct.response_complete = True
        head = b"%b%b%bcontent-length: %d\r\n\r\n" % (
            _constant_head(response.status, response.constant_headers),
            _lines(self.server_state.default_headers),
            b"" if direct.keep_alive else b"connection: close\r\n",
            len(response.body),
        )
        write_at_once(self.transport, head, response.body)
        if direct.keep_alive and not self.pipeline:
            self.server_state.total_requests += 1
            self._idle()
        else:
            if not direct.keep_alive:
                self.transport.close()
            self.on_response_complete()

    def _idle(self) -> None:
        """Wait for the next request: uvicorn's timer for each answer takes as long as reading a request."""
        self._idle_since = monotonic()
        if self._watch is None:
            self._watch = self.loop.call_later(self.timeout_keep_alive, self._close_if_idle)

    def _unset_keepalive_if_required(self) -> None:
        self._idle_since = None
        super()._unset_keepalive_if_required()

    def _close_if_idle(self) -> None:
        self._watch = None
        if self._idle_since is None:  # at work, or after an answer by ASGI
            return
        left = self._idle_since + self.timeout_keep_alive - monotonic()
        if left > 0:
            self._watch = self.loop.call_later(left, self._close_if_idle)
        else:
            self.transport.close()


@lru_cache(_REMEMBERED)
def _constant_head(status: int, headers: Headers) -> bytes:
    return b"HTTP/1.1 %d %b\r\n%b" % (status, HTTPStatus(status).phrase.encode(), _lines(headers))


def _lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join([b"%b: %b\r\n" % header for header in headers])
