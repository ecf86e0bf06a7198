"""`plait worker`: run the loops of some roles, or of all."""

import asyncio
import signal
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click
import structlog

from subgraphs.cli.opening import data_dir_option, opened, run
from subgraphs.cli.serving import listen, serving
from subgraphs.kernel.logs import configure_logs
from subgraphs.kernel.running.api import Api
from subgraphs.kernel.running.loops import Loop, Role
from subgraphs.kernel.running.process import at_work
from subgraphs.kernel.running.sole_use import InUseError, kept
from subgraphs.kernel.running.supervision import Supervision
from subgraphs.kernel.running.watchdog import watched
from subgraphs.kernel.telemetry.tracing import export_traces
from subgraphs.platform import EdTechPlatform

_log = structlog.stdlib.get_logger("subgraphs.worker")

_ALL = "all"
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _names(_context: click.Context, option: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(part.strip() for part in value.split(",") if part.strip())


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--roles",
    callback=_names,
    default=_ALL,
    show_default=True,
    metavar="ROLE,...",
    help=f"What this process is for: {', '.join(Role)}.",
)
@click.option(
    "--contexts",
    callback=_names,
    metavar="NAME,...",
    help="Handle the messages of these contexts, and serve these; all of them by default.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Answer /livez, /readyz and /metrics there, and GraphQL with the role api; 0 takes a free one.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--shutdown-seconds",
    type=click.FloatRange(0),
    default=15.0,
    show_default=True,
    help="How long what is in hand may take once the process is told to stop.",
)
@click.option(
    "--stuck-seconds",
    type=click.FloatRange(1),
    default=60.0,
    show_default=True,
    help="How long the process may stand still, in a handler that never ends, say, before it is ended.",
)
@data_dir_option
def worker(
    roles: tuple[str, ...],
    contexts: tuple[str, ...] | None,
    port: int | None,
    host: str,
    shutdown_seconds: float,
    stuck_seconds: float,
    data_dir: Path,
) -> None:
    """Run the platform, or a part of it, until told to stop.

    \b
    api        answers GraphQL at /<context>/graphql (needs --port)
    worker     brings messages to their handlers
    sequencer  numbers what was committed, and deletes what is old; one process does so at a time
    projector  fills the read models, each in one process at a time

    SIGTERM and Ctrl-C stop it in order: nothing new is begun, what is in hand is finished, the rest is given
    back. A second one does not wait. The tables must be up to date: `plait migrate`.

    Logs go to standard error, as JSON with PLAIT_LOG_FORMAT=json. Traces go to OTEL_EXPORTER_OTLP_ENDPOINT.

    \b
    Examples:
      plait worker --port 9090
      plait worker --roles worker --contexts gamification
      plait worker --roles api --port 4100 --host 0.0.0.0

    \b
    Exit codes:
      0  stopped when it was told to
      1  ended because it stood still: where, is in the log
      3  bad usage, a database that cannot be used, or a file on which another process works
    """
    patience, stuck = timedelta(seconds=shutdown_seconds), timedelta(seconds=stuck_seconds)
    run(_work(_Assignment(data_dir, _roles(roles, port), contexts, host, port, patience, stuck)))


@dataclass(frozen=True, slots=True)
class _Assignment:
    """What a process is to do, and where; `contexts` None are all of them, `port` None is no HTTP."""

    data_dir: Path
    roles: frozenset[Role]
    contexts: tuple[str, ...] | None
    host: str
    port: int | None
    patience: timedelta
    stuck: timedelta


def _roles(names: tuple[str, ...], port: int | None) -> frozenset[Role]:
    if names == (_ALL,):
        return frozenset(Role) if port is not None else frozenset(Role) - {Role.API}
    unknown = sorted(set(names) - set(Role))
    if unknown or not names:
        known = ", ".join((_ALL, *Role))
        raise click.BadParameter(
            f"{', '.join(unknown) or 'nothing'}: choose from {known}", param_hint="--roles"
        )
    if Role.API in names and port is None:
        raise click.UsageError("The role api needs --port.")
    return frozenset(map(Role, names))


async def _work(assignment: _Assignment) -> None:
    configure_logs()
    export_traces()
    async with watched(assignment.stuck), opened(assignment.data_dir) as academy:
        _check_contexts(assignment.contexts, academy)
        with ExitStack() as held:
            listening = None
            if assignment.port is not None:
                listening = held.enter_context(listen(assignment.host, assignment.port))
            try:
                if academy.platform.settings.database_file:
                    held.enter_context(kept(assignment.data_dir))
                async with at_work(
                    academy.platform,
                    academy.contexts,
                    roles=assignment.roles,
                    handling=assignment.contexts,
                    also=[_serving(assignment, academy, listening)] if listening else [],
                    supervision=Supervision(patience=assignment.patience),
                ):
                    await _told_to_stop(assignment, port=listening.getsockname()[1] if listening else None)
            except InUseError as error:
                raise click.ClickException(f"{error} [DATABASE_IN_USE]") from None
            _log.info("stopped")


def _serving(assignment: _Assignment, academy: EdTechPlatform, listening: socket.socket) -> Loop:
    served = [
        context
        for context in academy.contexts
        if Role.API in assignment.roles
        and (assignment.contexts is None or context.name in assignment.contexts)
    ]
    api = Api(academy.platform, academy.contexts, served=served)
    return serving(api, listening, academy.platform.transactions.hints)


def _check_contexts(wanted: tuple[str, ...] | None, academy: EdTechPlatform) -> None:
    known = [one.name for one in academy.contexts]
    if wanted is not None and (unknown := sorted(set(wanted) - set(known)) or not wanted):
        named = ", ".join(unknown) if isinstance(unknown, list) else "nothing"
        raise click.BadParameter(f"{named}: choose from {', '.join(known)}", param_hint="--contexts")


async def _told_to_stop(assignment: _Assignment, *, port: int | None) -> None:
    """Wait for a signal. The next one does not wait for what is in hand: it cancels whatever waits for it."""
    loop, told, whole = asyncio.get_running_loop(), asyncio.Event(), asyncio.current_task()
    assert whole is not None

    def heard() -> None:
        if told.is_set():
            whole.cancel()
        told.set()

    for number in _SIGNALS:
        loop.add_signal_handler(number, heard)
    _log.info(
        "at work",
        roles=sorted(role.value for role in assignment.roles),
        contexts=assignment.contexts or _ALL,
        host=assignment.host,
        port=port,
    )
    await told.wait()
    _log.info("stopping", patience_seconds=assignment.patience.total_seconds())
