"""A registry beside the gateway: each graph that was served, with what was asked of it, as in production.

It belongs to whoever sits at this machine: no token is asked for.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import click

from plait_gateway.server import AllowedHosts
from plait_gateway.usage import UsageRecorder
from plait_schema.registry.model import Origin, VariantId
from plait_schema.subgraph import SubgraphSource

VARIANT: Final = VariantId("local", "dev")

_REPORT_EVERY: Final = 5.0  # seconds
_BY: Final = "plait dev"
_LIBRARIES: Final = ("uvicorn", "plait_schema.registry.app", "plait_schema.registry.opening")


class DevRegistry:
    """Serves on a socket of its own until cancelled. `publish` may be called at any time."""

    def __init__(
        self, data_dir: Path, listening: socket.socket, usage: UsageRecorder, hosts: AllowedHosts
    ) -> None:
        self._database = f"sqlite:///{data_dir / 'registry.db'}"
        self._listening = listening
        self._usage = usage
        self._hosts = hosts
        self._wanted: tuple[SubgraphSource, ...] = ()
        self._news = asyncio.Event()

    def publish(self, subgraphs: Iterable[SubgraphSource]) -> None:
        """Have these subgraphs be the next version."""
        self._wanted = tuple(subgraphs)
        self._news.set()

    async def run(self) -> None:
        """What the registry is made of is loaded here, once the platform answers: nobody waits for it."""
        for library in _LIBRARIES:
            await asyncio.to_thread(import_module, library)
        from sqlalchemy.exc import SQLAlchemyError

        from plait_schema.registry.app import create_app
        from plait_schema.registry.opening import SigningKeyError, opened
        from plait_schema.registry.registry import system_clock
        from plait_schema.registry.store import DatabaseError
        from plait_schema.registry.tokens import Permission, Scope, Token
        from plait_schema.registry.webhooks.courier import Courier

        everyone = Token(0, _BY, (Scope(Permission.ADMIN),), datetime.now(UTC))
        try:
            async with opened(self._database) as held:
                app = self._hosts.guarding(create_app(held, everyone=everyone))
                webhooks = held.webhooks
                courier = Courier(webhooks.store, webhooks.seal, clock=system_clock, allow_private=True)
                ending = held.registry.delivery.end_waiting
                async with _served(app, self._listening, ending), courier.running():
                    await asyncio.gather(self._publish(held.registry), self._report(held.usage))
        except (DatabaseError, SigningKeyError, SQLAlchemyError, OSError) as error:
            reason = getattr(error, "orig", None) or error  # what the database said, without the statement
            click.secho(f"  there is no registry: {reason}", fg="yellow", err=True)

    async def _publish(self, registry: Any) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            await registry.publish(VARIANT, self._wanted, by=_BY, origin=Origin(message="an edit"))

    async def _report(self, usage: Any) -> None:
        while True:
            await asyncio.sleep(_REPORT_EVERY)
            if records := self._usage.take():
                await usage.add(VARIANT, uuid4().hex, records, now=datetime.now(UTC))


@asynccontextmanager
async def _served(app: Any, listening: socket.socket, ending: Callable[[], None]) -> AsyncIterator[None]:
    """Serve without minding signals, which are those of the gateway."""
    import uvicorn

    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, ws="none")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listening])
    running = asyncio.create_task(server.main_loop())
    try:
        yield
    finally:
        ending()
        server.should_exit = True
        await running
        await server.shutdown(sockets=[listening])
