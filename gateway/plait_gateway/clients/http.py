"""Reach subgraphs over HTTP, with aiohttp behind `Send`."""

import logging
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import aiohttp

from plait_gateway.clients.body import HEADERS, encode_body
from plait_gateway.clients.send import Send, SubgraphRequest, SubgraphResponse, SubgraphUnreachable

_log = logging.getLogger(__name__)

_CHUNK = 64 * 1024
_KEEP_ALIVE_SECONDS = 15.0


@dataclass(slots=True)
class _Exchange:
    """What the tracer notes of one exchange."""

    reused_connection: bool = False


class HttpClient:
    """Keep-alive connections to every subgraph, at most `connections` to each origin.

    Made anywhere, connected on first use, closed by `close`. It keeps no cookies, follows no redirect and
    reads no proxy settings from the environment: a request goes where the supergraph says.
    """

    def __init__(self, *, connections: int) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    def to(self, url: str, *, max_response_bytes: int) -> Send:
        """A `send` to one URL that reads at most so many (decompressed) bytes of an answer."""

        async def send(request: SubgraphRequest) -> SubgraphResponse:
            exchange = _Exchange()
            try:
                return await self._post(url, request, exchange, max_response_bytes)
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
                # An idle connection may be closed while the request is on its way to it. Nothing was answered
                # then, yet something may have been done: only what is safe to repeat is repeated.
                if not (exchange.reused_connection and request.idempotent):
                    raise
            return await self._post(url, request, _Exchange(), max_response_bytes)

        return _as_unreachable(send, url)

    async def close(self) -> None:
        """Close every connection. The client connects anew if it is used again."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def _post(
        self, url: str, request: SubgraphRequest, exchange: _Exchange, limit: int
    ) -> SubgraphResponse:
        async with self._connected().post(
            url,
            data=encode_body(request),
            headers=[*HEADERS, *request.headers],
            allow_redirects=False,
            trace_request_ctx=exchange,
        ) as response:
            if 300 <= response.status < 400:
                redirect = f"it answered with a redirect ({response.status}), which is not followed"
                raise SubgraphUnreachable(request.subgraph, redirect)
            chunks: list[bytes] = []
            size = 0
            async for chunk in response.content.iter_chunked(_CHUNK):
                size += len(chunk)
                if size > limit:
                    too_large = f"its answer is larger than {limit} bytes"
                    raise SubgraphUnreachable(request.subgraph, too_large)
                chunks.append(chunk)
            return SubgraphResponse(
                response.status, response.headers.get("content-type", ""), b"".join(chunks)
            )

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, limit_per_host=self._connections, keepalive_timeout=_KEEP_ALIVE_SECONDS
                ),
                cookie_jar=aiohttp.DummyCookieJar(),  # one user's cookie must not go with another's request
                timeout=aiohttp.ClientTimeout(total=None),  # `with_timeout` bounds the whole exchange
                headers={"user-agent": f"plait/{version('plait')}"},
                trace_configs=[_noting_reuse()],
            )
        return self._session


def _as_unreachable(send: Send, url: str) -> Send:
    """What goes wrong on the way: logged with the address, told to the client without it."""

    async def reaching(request: SubgraphRequest) -> SubgraphResponse:
        try:
            return await send(request)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            _log.warning("subgraph %s at %s: %s", request.subgraph, url, str(error) or type(error).__name__)
            raise SubgraphUnreachable(request.subgraph, _reason(error)) from error

    return reaching


def _reason(error: Exception) -> str:
    match error:
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return "its URL in the supergraph is not valid"
        case aiohttp.ClientConnectorError():
            return "no connection could be made"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            return "it closed the connection without an answer"
        case aiohttp.ClientPayloadError():
            return "its answer broke off"
        case _:
            return "it answered with something that is not HTTP"


def _noting_reuse() -> aiohttp.TraceConfig:
    async def note(_session: aiohttp.ClientSession, context: Any, _params: Any) -> None:
        exchange: _Exchange = context.trace_request_ctx
        exchange.reused_connection = True

    tracing = aiohttp.TraceConfig()
    tracing.on_connection_reuseconn.append(note)
    return tracing
