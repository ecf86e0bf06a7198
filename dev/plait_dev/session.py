"""One run of the platform: from the built application to Ctrl-C, or to a reload."""

import asyncio
import os
import signal
import socket
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import click

from plait_dev.application import Application, application
from plait_dev.composing import bring_files_up_to_date, report, serve_composed, subgraph_sources
from plait_dev.rehearsal import rehearse
from plait_dev.settings import Settings
from plait_dev.watching import Edit, edits
from plait_dev.welcome import welcome
from plait_gateway.app import create_app
from plait_gateway.config import GatewayConfig
from plait_gateway.server.garbage_collection import settle
from plait_gateway.server.run import event_loop, serve
from plait_gateway.supergraph import Notices, SupergraphHolder
from plait_schema.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Session:
    """What a run is given."""

    settings: Settings
    gateway: GatewayConfig
    data_dir: Path
    listening: socket.socket


def run(session: Session) -> bool:
    """Run until told to stop. True when edited code is to take over, False after Ctrl-C."""
    with asyncio.Runner(loop_factory=event_loop()) as runner:
        return runner.run(_Run(session).until_stopped())


class _Run:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._started = time.monotonic()
        self._holder = SupergraphHolder()
        self._notices = Notices()
        self._reload = False

    async def until_stopped(self) -> bool:
        settings = self._session.settings
        platform = application(settings.application)(self._session.data_dir, _tell)
        bring_files_up_to_date(subgraph_sources(settings.supergraph), platform.sdl)
        serve_composed(subgraph_sources(settings.supergraph, platform.sdl), self._holder, self._notices)
        async with platform.running():
            watching = asyncio.create_task(self._watch())
            try:
                await self._serve(platform)
            finally:
                watching.cancel()
                await asyncio.wait({watching})
        if not watching.cancelled() and (error := watching.exception()):
            raise error
        return self._reload

    async def _serve(self, platform: Application) -> None:
        session = self._session
        config = replace(
            session.gateway,
            dev=True,
            graphiql=replace(session.gateway.graphiql, default_query=platform.default_query),
        )
        gateway = create_app(config, self._holder, clients=platform.subgraphs, notices=self._notices)
        await serve(
            gateway,
            session.listening.dup(),  # serving ends with closing it; a reload goes on with the original
            shutdown_seconds=config.shutdown_seconds,
            started=partial(self._welcome, platform),
        )

    def _welcome(self, platform: Application) -> None:
        settle()
        welcome(platform, self._session.listening, seconds=time.monotonic() - self._started)

    async def _watch(self) -> None:
        folder = self._session.settings.supergraph.parent
        async for edit, files in edits(folder):
            _tell(f"edited: {', '.join(_relative(file) for file in files)}")
            match edit:
                case Edit.CODE:
                    await self._take_over_code()
                case Edit.SCHEMA:
                    await self._take_over_schemas()

    async def _take_over_code(self) -> None:
        settings = self._session.settings
        schemas = await rehearse(settings.application, self._session.data_dir)
        if isinstance(schemas, Diagnostic):
            report([schemas], self._notices)
            return
        composed = await asyncio.to_thread(
            serve_composed, subgraph_sources(settings.supergraph, schemas), SupergraphHolder(), self._notices
        )
        if composed:
            _tell("composed; reloading ...")
            self._reload = True
            os.kill(os.getpid(), signal.SIGTERM)  # finish what is in flight, then hand over

    async def _take_over_schemas(self) -> None:
        current = subgraph_sources(self._session.settings.supergraph)
        if await asyncio.to_thread(serve_composed, current, self._holder, self._notices):
            _tell("composed; now serving the new graph")


def _tell(line: str) -> None:
    click.secho(f"  {line}", dim=True)


def _relative(file: Path) -> str:
    return str(file.relative_to(Path.cwd())) if file.is_relative_to(Path.cwd()) else str(file)
