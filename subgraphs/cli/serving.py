"""A loop that answers HTTP, as long as the other loops of the process run."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import click
import structlog
import uvicorn

from subgraphs.kernel.running.api import Api
from subgraphs.kernel.running.loops import Loop, Role
from subgraphs.kernel.store.hints import Hints

_log = structlog.stdlib.get_logger("subgraphs.http")

_QUEUE = 2048


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; click.ClickException when the address cannot be had. Port 0 is any free one."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host}: {error.strerror} [ADDRESS_UNAVAILABLE]"
        ) from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_QUEUE)
    except OSError as error:
        listening.close()
        raise click.ClickException(
            f"cannot listen on {host}:{port}: {error.strerror} [ADDRESS_UNAVAILABLE]"
        ) from None
    return listening


def serving(api: Api, listening: socket.socket, hints: Hints) -> Loop:
    """Answers until the hints say stop; then takes no more connections and finishes what is in flight."""

    async def run() -> None:
        config = uvicorn.Config(
            api, ws="none", lifespan="off", log_config=None, access_log=False, server_header=False
        )
        server = _Server(config)
        running = asyncio.create_task(server.serve(sockets=[listening.dup()]))
        stopping = asyncio.create_task(hints.stopped())
        try:
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            server.should_exit = True
            await running
        finally:
            for task in (running, stopping):
                task.cancel()

    return Loop("http", Role.API, run)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are for the whole process, not for its server."""
        yield
