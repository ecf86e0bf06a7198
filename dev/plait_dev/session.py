"""One run of the platform: from the application's code to Ctrl-C, or to a reload."""

import asyncio
import os
import signal
import socket
import time
from asyncio import Queue, Task
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import click

from plait_dev.application import Application
from plait_dev.composing import bring_files_up_to_date, in_one_line, report, subgraph_sources
from plait_dev.exploring import exploring
from plait_dev.following import Following
from plait_dev.listening import address_of
from plait_dev.loading import APPLICATION_REFUSES, load
from plait_dev.registry import DevRegistry
from plait_dev.settings import Settings
from plait_dev.telling import tell
from plait_dev.watching import Edit, watched
from plait_dev.welcome import welcome
from plait_gateway.app import create_app
from plait_gateway.commands.policies import policies_of
from plait_gateway.config import GatewayConfig
from plait_gateway.server import AllowedHosts
from plait_gateway.server.run import event_loop, serve
from plait_gateway.supergraph import Notices, SupergraphHolder
from plait_gateway.usage import UsageRecorder
from plait_schema.diagnostics import Diagnostic
from plait_schema.garbage_collection import settle
from plait_schema.subgraph import SubgraphSource


@dataclass(frozen=True, slots=True)
class Session:
    """What a run is given. `hosts` are names under which it may be called, besides those that are always
    allowed; `is_reload` says that it takes over from one with older code."""

    settings: Settings
    gateway: GatewayConfig
    data_dir: Path
    listening: socket.socket
    registry: socket.socket | None
    hosts: tuple[str, ...]
    is_reload: bool


def run(session: Session) -> bool:
    """Run until told to stop. True when edited code is to take over, False after Ctrl-C.

    KeyboardInterrupt when told to stop before anything is served. Raises click.ClickException.
    """
    with asyncio.Runner(loop_factory=event_loop()) as runner:
        return runner.run(_Run(session).until_stopped())


class _Run:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._began = time.monotonic()
        self._holder = SupergraphHolder()
        self._notices = Notices()
        self._usage = UsageRecorder()
        self._registry = (
            None
            if session.registry is None
            else DevRegistry(session.data_dir, session.registry, self._usage, AllowedHosts(session.hosts))
        )

    async def until_stopped(self) -> bool:
        settings, data_dir = self._session.settings, self._session.data_dir
        async with watched(*settings.folders) as edits:  # before the code is read, so that no edit is missed
            address = address_of(self._session.listening)
            loaded = load(settings.application, data_dir, tell, root=settings.root, address=address)
            if isinstance(loaded, Diagnostic):
                await self._until_mended(loaded, edits)
                return True
            bring_files_up_to_date(subgraph_sources(settings.supergraph), loaded.sdl)
            following = Following(settings, data_dir, self._holder, self._notices, self._tell_composed)
            await following.compose(loaded.sdl)
            settle()  # a first start is to make a great many objects, none of which are these
            async with loaded.application.running():
                return await self._serve(loaded.application, following, edits)

    async def _until_mended(self, problem: Diagnostic, edits: Queue[Edit]) -> None:
        """Code that was edited again after its rehearsal is waited for; at a first start it is an error."""
        if not self._session.is_reload:
            is_its_own = problem.code == APPLICATION_REFUSES
            raise click.ClickException(problem.message if is_its_own else in_one_line(problem))
        report([problem], self._notices)
        tell("waiting for the next edit ...")
        await edits.get()

    async def _serve(self, application: Application, following: Following, edits: Queue[Edit]) -> bool:
        """Serve until a signal; true when it was our own, because edited code should take over."""
        session = self._session
        graphiql = exploring(session.gateway.graphiql, application)
        authentication = session.gateway.authentication
        if authentication.jwks is None and application.jwks is not None:
            authentication = replace(authentication, jwks=str(application.jwks))
        config = replace(
            session.gateway,
            dev=True,
            graphiql=graphiql,
            authentication=authentication,
            allowed_hosts=session.hosts,
        )
        gateway = create_app(
            config,
            self._holder,
            clients=application.subgraphs,
            notices=self._notices,
            usage=None if self._registry is None else self._usage,
            decide_policies=policies_of(config.authorization, root=session.settings.root),
            pages=application.pages,
        )
        serving = asyncio.Event()
        following_edits = asyncio.create_task(following.follow(edits, once=serving))
        following_edits.add_done_callback(_stop_serving)
        registry = asyncio.create_task(self._run_registry(once=serving))
        try:
            signals = await serve(
                gateway,
                session.listening.dup(),  # serving ends with closing it; a reload goes on with the original
                shutdown_seconds=config.shutdown_seconds,
                started=partial(self._started, application, serving),
            )
        finally:
            following_edits.cancel()
            registry.cancel()
            await asyncio.wait({following_edits, registry})
        if following_edits.cancelled():
            return False
        following_edits.result()
        return signals == 1  # one more is somebody else's

    def _tell_composed(self, subgraphs: tuple[SubgraphSource, ...]) -> None:
        if self._registry is not None:
            self._registry.publish(subgraphs)

    async def _run_registry(self, *, once: asyncio.Event) -> None:
        await once.wait()
        if self._registry is not None:
            await self._registry.run()

    def _started(self, application: Application, serving: asyncio.Event) -> None:
        settle()
        serving.set()
        seconds = time.monotonic() - self._began
        if self._session.is_reload:
            tell(f"reloaded ({seconds:.1f} s)")
        else:
            welcome(application, self._session.listening, self._session.registry, seconds=seconds)


def _stop_serving(following: Task[None]) -> None:
    if not following.cancelled():
        os.kill(os.getpid(), signal.SIGTERM)  # finishes what is in flight
