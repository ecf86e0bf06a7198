"""The HTTP client behind `Send`."""

import logging
import ssl
from collections.abc import Callable, Mapping
from functools import cached_property, partial

from plait_gateway.clients.body import encode_body
from plait_gateway.clients.http.exchange import Exchange
from plait_gateway.clients.http.failures import ExchangeFailed
from plait_gateway.clients.http.pool import Pool, PoolState
from plait_gateway.clients.http.request_head import RequestHead
from plait_gateway.clients.http.url import InvalidURL, Origin, read_url
from plait_gateway.clients.send import (
    Cancel,
    Outcome,
    Send,
    SubgraphRequest,
    SubgraphUnreachable,
    nothing_to_cancel,
)

_log = logging.getLogger(__name__)

_IDLE_SECONDS = 15.0  # servers close idle connections after 60 s or more, load balancers sometimes after 20


class HttpClient:
    """Kept connections to every subgraph, at most `connections` to each origin.

    Made anywhere, connected on first use, closed by `close`. It keeps no cookies, follows no redirect and
    reads no proxy settings from the environment: a request goes where the supergraph says. Certificates are
    checked against the system's, or those in SSL_CERT_FILE or SSL_CERT_DIR.
    """

    def __init__(self, *, connections: int, idle_seconds: float = _IDLE_SECONDS) -> None:
        self._connections = connections
        self._idle_seconds = idle_seconds
        self._pools: dict[Origin, Pool] = {}

    def to(self, url: str, *, max_response_bytes: int) -> Send:
        """A `send` to one URL that reads at most so many bytes of an answer, packed or unpacked."""
        try:
            endpoint = read_url(url)
        except InvalidURL as problem:
            return _nowhere(str(problem))
        pool = self._pool(endpoint.origin)
        request_head = RequestHead(endpoint)

        def send(request: SubgraphRequest, answered: Callable[[Outcome], None]) -> Cancel:
            try:
                body = request.body or encode_body(request)
                head = request_head.write(request.headers, len(body))
            except ExchangeFailed as failure:
                Exchange(request, b"", b"", 0, url, answered).end(failure)
                return nothing_to_cancel
            except SubgraphUnreachable as unreachable:
                answered(unreachable)
                return nothing_to_cancel
            exchange = Exchange(request, head, body, max_response_bytes, url, answered)
            pool.begin(exchange)
            return partial(pool.give_up, exchange)

        return send

    def states(self) -> Mapping[str, PoolState]:
        """What the pools count, by origin."""
        return {str(origin): pool.state for origin, pool in self._pools.items()}

    async def close(self) -> None:
        """Close every connection that idles; those in use close when their exchange is over."""
        for pool in self._pools.values():
            await pool.close()

    def _pool(self, origin: Origin) -> Pool:
        if origin not in self._pools:
            tls = self._tls if origin.tls else None
            self._pools[origin] = Pool(origin, tls, limit=self._connections, idle_seconds=self._idle_seconds)
        return self._pools[origin]

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        return context


def _nowhere(problem: str) -> Send:
    """For a URL that cannot be used. It is not logged: it may hold a password."""

    def send(request: SubgraphRequest, answered: Callable[[Outcome], None]) -> Cancel:
        reason = "its URL in the supergraph is not valid"
        _log.warning("subgraph %s: %s: %s", request.subgraph, reason, problem)
        answered(SubgraphUnreachable(request.subgraph, reason))
        return nothing_to_cancel

    return send
