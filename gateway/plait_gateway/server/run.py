"""Run an ASGI app in this process until it is told to stop."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any, cast

import uvicorn

from plait_gateway.asgi import ASGIApp
from plait_gateway.server.direct import DirectProtocol
from plait_gateway.server.known_heads import KnownHeads

_QUEUE = 2048
_LAST_REQUESTS_SECONDS = 0.1  # who has just been let in gets to say what for


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises OSError when the address cannot be had. Port 0 is any free one."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_QUEUE)
    except OSError:
        listening.close()
        raise
    return listening


def event_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes the fastest event loop that is installed; None for asyncio's own."""
    try:
        import uvloop
    except ModuleNotFoundError:  # not on every platform
        return None
    return uvloop.new_event_loop


async def serve(
    app: ASGIApp, listening: socket.socket, *, shutdown_seconds: int, started: Callable[[], None]
) -> int:
    """Serve until SIGINT or SIGTERM; then take no more connections, finish what is in flight, and return.

    `started` is called once requests are being answered. A second signal does not wait for anything.
    Returns how many signals came.
    """
    config = uvicorn.Config(
        app,
        http=cast(Any, partial(DirectProtocol, known_heads=KnownHeads())),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # the peer is who is connected, whatever a header says
        server_header=False,
        timeout_graceful_shutdown=shutdown_seconds,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_no_cancellation)
    server = _Server(config, started)
    await server.serve(sockets=[listening])
    return server.signals


def _is_no_cancellation(record: logging.LogRecord) -> bool:
    """Requests that are given up at the end are no errors in the app, as uvicorn would have it."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_started = started
        self.signals = 0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._when_started()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.signals += 1
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, which would close a new connection before it has read the request."""
        for server in self.servers:
            server.close()
        await asyncio.sleep(_LAST_REQUESTS_SECONDS)
        await super().shutdown(sockets)
        if self.force_exit:  # not even then is the app left without its end
            await self.lifespan.shutdown()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, but does not raise the signal again after it has been obeyed."""
        previous = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
