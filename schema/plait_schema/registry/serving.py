"""A registry as a process: it answers HTTP, and forgets what is old."""

import asyncio
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from plait_schema.garbage_collection import collect_rarely
from plait_schema.registry.app import create_app
from plait_schema.registry.opening import OpenRegistry, opened
from plait_schema.registry.registry import Registry, system_clock
from plait_schema.registry.webhooks.courier import Courier

_QUEUE: Final = 2048
_SHUTDOWN_SECONDS: Final = 30
_PRUNE_EVERY: Final = 3600.0  # seconds
_HOURLY_USAGE: Final = timedelta(days=7)  # what is older is kept by the day

_log = logging.getLogger("plait.registry")


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days versions, checks and deliveries are kept, how many versions at least, and usage."""

    days: int
    versions: int
    usage_days: int


async def run(
    database: str,
    host: str,
    port: int,
    *,
    key_file: Path | None,
    retention: Retention,
    private_webhooks: bool,
    tell: Callable[[str], None],
) -> None:
    """Serve until SIGINT or SIGTERM. Raises DatabaseError, SigningKeyError, and OSError for the address."""
    collect_rarely()
    async with opened(database, key_file=key_file) as held:
        app = create_app(held)
        with _listen(host, port) as listening:
            port = listening.getsockname()[1]

            def ready() -> None:
                tell(f"Registry  http://{f'[{host}]' if ':' in host else host}:{port}  (API: /openapi.json)")
                if held.first_secret is not None:
                    tell(f"Token     {held.first_secret}  (admin; it is not shown again)")
                tell("Ready; Ctrl-C stops it.")

            config = uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            )
            pruning = asyncio.create_task(_prune(held, retention))
            courier = Courier(
                held.webhooks.store, held.webhooks.seal, clock=system_clock, allow_private=private_webhooks
            )
            try:
                async with courier.running():
                    await _Server(config, held.registry, ready).serve(sockets=[listening])
            finally:
                pruning.cancel()
                with suppress(asyncio.CancelledError):
                    await pruning


class _Server(uvicorn.Server):
    """Sends those home who wait for news, rather than waiting for them; a signal is an end, not a death."""

    def __init__(self, config: uvicorn.Config, registry: Registry, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._registry = registry
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._registry.delivery.end_waiting()
        await super().shutdown(sockets)


def _listen(host: str, port: int) -> socket.socket:
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


async def _prune(held: OpenRegistry, retention: Retention) -> None:
    while True:
        try:
            age = timedelta(days=retention.days)
            gone = await held.registry.prune(older_than=age, keep=retention.versions)
            now = system_clock()
            await held.usage.roll_up(before=now - _HOURLY_USAGE)
            await held.usage.prune(before=now - timedelta(days=retention.usage_days), now=now)
            await held.checks.store.prune(before=now - age)
            await held.webhooks.store.prune(before=now - age)
            if gone:
                _log.info("%d old versions are forgotten", gone)
        except (SQLAlchemyError, OSError) as error:
            _log.warning("old versions are kept for now: %s", getattr(error, "orig", None) or error)
        await asyncio.sleep(_PRUNE_EVERY)
