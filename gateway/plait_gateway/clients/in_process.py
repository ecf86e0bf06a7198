"""Call a subgraph that is an ASGI app in this process, with no network in between."""

import asyncio
import logging
from typing import Any
from urllib.parse import unquote, urlsplit

from plait_gateway.asgi import ASGIApp, Message, Scope
from plait_gateway.clients.body import HEADERS, encode_body
from plait_gateway.clients.coroutines import sending
from plait_gateway.clients.http.failures import too_large
from plait_gateway.clients.send import Send, SubgraphRequest, SubgraphResponse, SubgraphUnreachable

_log = logging.getLogger(__name__)


def in_process(app: ASGIApp, url: str, *, max_response_bytes: int) -> Send:
    """A `send` that calls the app at the path of its URL, and gives up an answer of too many bytes.

    What the app raises is what a 500 is over HTTP: logged here, "it failed" to the client. Cancelling the
    call cancels the app. The app's lifespan is not run: it belongs to whoever made the app.
    """
    parts = urlsplit(url)
    path = parts.path or "/"

    async def call(request: SubgraphRequest) -> SubgraphResponse:
        body = encode_body(request)
        headers = (*HEADERS, ("content-length", str(len(body))), ("host", parts.netloc), *request.headers)
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": parts.query.encode(),
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            "client": None,
            "server": None,
            "state": {},
        }
        exchange = _Exchange(body, max_response_bytes)
        # Not a task we await with try: gather hands over whatever the app raised, and cancels it with us.
        (outcome,) = await asyncio.gather(app(scope, exchange.receive, exchange.send), return_exceptions=True)
        if exchange.is_too_large:
            raise SubgraphUnreachable(request.subgraph, too_large(max_response_bytes).reason)
        if isinstance(outcome, BaseException):
            _log.error("subgraph %s failed in process", request.subgraph, exc_info=outcome)
        if not exchange.complete.is_set():
            raise SubgraphUnreachable(request.subgraph, "it failed without an answer")
        return SubgraphResponse(exchange.status, exchange.content_type, b"".join(exchange.chunks))

    return sending(call)


class _Exchange:
    """The two ends of an ASGI call: one request body in, one response out."""

    def __init__(self, body: bytes, limit: int) -> None:
        self._request: Message | None = {"type": "http.request", "body": body, "more_body": False}
        self.status = 500
        self.content_type = ""
        self.chunks: list[bytes] = []
        self.complete = asyncio.Event()
        self.is_too_large = False
        self._left = limit

    async def receive(self) -> Message:
        if (message := self._request) is not None:
            self._request = None
            return message
        await self.complete.wait()  # this client leaves when it has its answer
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        match message:
            case {"type": "http.response.start", "status": int(status)}:
                self.status = status
                self.content_type = _content_type(message.get("headers", ()))
            case {"type": "http.response.body"}:
                self._left -= len(message.get("body", b""))
                if self._left < 0:
                    self.is_too_large = True
                    self.chunks.clear()
                    self.complete.set()
                    raise OSError("nobody reads such a large answer")  # as to a client that has left
                self.chunks.append(message.get("body", b""))
                if not message.get("more_body", False):
                    self.complete.set()


def _content_type(headers: Any) -> str:
    for name, value in headers:
        if bytes(name).lower() == b"content-type":
            return bytes(value).decode("latin-1")
    return ""
