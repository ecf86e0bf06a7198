"""Requests that wait for nothing but subgraphs, answered without ASGI: no scope, no messages, no task."""

import asyncio
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from time import monotonic
from typing import Any, Protocol, cast, runtime_checkable

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from plait_gateway.clients.send import Cancel
from plait_gateway.server.exchange import Headers, HttpResponse, constant_headers
from plait_gateway.server.http_protocol import BoundedProtocol
from plait_gateway.server.known_heads import Begin, KnownHeads
from plait_gateway.server.one_write import write_at_once
from plait_gateway.server.request_headers import RequestHeaders, by_name

_LARGEST_BODY = 64 * 1024
_REMEMBERED = 64  # heads of responses without what changes; there are a handful


@runtime_checkable
class DirectApp(Protocol):
    """An app that answers some POSTs directly."""

    def direct(self, target: bytes, headers: RequestHeaders) -> Begin | None:
        """What begins to answer requests with this head; None where they all are to come by ASGI."""


class _Cycle:
    """What a connection answers directly, one request at a time, as far as uvicorn has to do with it."""

    __slots__ = ("disconnected", "give_up", "keep_alive", "message_event", "more_body", "response_complete")

    def __init__(self) -> None:
        self.keep_alive = True
        self.response_complete = True
        self.more_body = False
        self.disconnected = False
        self.message_event = _NOBODY_WAITS
        self.give_up: Cancel | None = None


class _NobodyWaits:
    def set(self) -> None:
        """Nothing."""


_NOBODY_WAITS = _NobodyWaits()


class DirectProtocol(BoundedProtocol):
    """One connection. Whatever is not a plain POST with a small body goes on to ASGI, body and all.

    Connections of one server share what they know of heads.
    """

    def __init__(self, *arguments: Any, known_heads: KnownHeads | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._known_heads = known_heads or KnownHeads()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app = cast(object, self.config.app)
        self._app = app if isinstance(app, DirectApp) else None
        self._in_message = False  # between a request's first byte and its last one
        self._begin: Begin | None = None  # what may answer the request that is being read
        self._body = b""  # of that
        self._to_remember: Begin | None = None
        self._is_for_asgi = False
        self._direct = _Cycle()
        self._idle_since: float | None = None  # after an answer that was given directly
        self._watch: asyncio.TimerHandle | None = None
        self._default_headers: list[tuple[bytes, bytes]] = []
        self._default_text = b""

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        give_up, self._direct.give_up = self._direct.give_up, None
        if give_up is not None:
            give_up()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_message or self._app is None or not self._may_answer():
            super().data_received(data)
            return
        known = self._known_heads.of(data)
        if known is not None:
            self._unset_keepalive_if_required()
            if self._answer_directly(known.begin, data[known.length :], keep_alive=True):
                self._stop_waiting()
                return
            self._is_for_asgi = True
        super().data_received(data)
        self._is_for_asgi = False
        begin, self._to_remember = self._to_remember, None
        if begin is not None and self._direct.keep_alive:
            self._known_heads.remember(data, len(self._body), begin)

    def on_message_begin(self) -> None:
        self._in_message = True
        super().on_message_begin()

    def on_sound_head(self) -> None:
        if self._app is not None and not self._is_for_asgi and self._is_plain():
            headers = by_name(self.headers)
            length = headers.get(b"content-length", b"")
            if length.isdigit() and int(length) <= _LARGEST_BODY:
                self._begin = self._app.direct(self.url, headers)
        if self._begin is None:
            super().on_sound_head()
        else:
            self._body = b""

    def on_body(self, body: bytes) -> None:
        if self._begin is None:
            super().on_body(body)
        else:
            self._body += body

    def on_message_complete(self) -> None:
        self._in_message = False
        begin, self._begin = self._begin, None
        if begin is not None:
            if self._answer_directly(begin, self._body, keep_alive=self.parser.should_keep_alive()):
                self._to_remember = begin
            else:
                super().on_sound_head()
                super().on_body(self._body)
        super().on_message_complete()

    def _is_plain(self) -> bool:
        return (
            self.parser.get_method() == b"POST"
            and self.parser.get_http_version() == "1.1"
            and not self.expect_100_continue
            and not self.parser.should_upgrade()
            and self._may_answer()
        )

    def _may_answer(self) -> bool:
        """Whether nothing is being answered, and the client takes answers."""
        before = cast("RequestResponseCycle | None", self.cycle)
        return (before is None or before.response_complete) and not self.flow.write_paused

    def _answer_directly(self, begin: Begin, body: bytes, *, keep_alive: bool) -> bool:
        direct = self._direct
        direct.keep_alive = keep_alive
        direct.response_complete = False
        before, self.cycle = self.cycle, cast(Any, direct)
        give_up = begin(body, self.client and self.client[0], self._respond)
        if give_up is None:
            direct.response_complete = True
            self.cycle = before
            return False
        if not direct.response_complete:
            direct.give_up = give_up
        return True

    def _respond(self, response: HttpResponse) -> None:
        direct = self._direct
        direct.give_up = None
        if direct.disconnected or self.transport.is_closing():
            return
        direct.response_complete = True
        head = b"%b%b%bcontent-length: %d\r\n\r\n" % (
            _constant_head(response.status, response.content_type, response.headers),
            self._default_lines(),
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

    def _default_lines(self) -> bytes:
        """The server's own headers: uvicorn replaces them, with the date, every second."""
        headers = self.server_state.default_headers
        if headers is not self._default_headers:
            self._default_headers, self._default_text = headers, _lines(headers)
        return self._default_text

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
def _constant_head(status: int, content_type: str, headers: Headers) -> bytes:
    phrase = HTTPStatus(status).phrase.encode()
    return b"HTTP/1.1 %d %b\r\n%b" % (status, phrase, _lines(constant_headers(content_type, headers)))


def _lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join([b"%b: %b\r\n" % header for header in headers])
