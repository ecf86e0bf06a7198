"""`plait gateway`: serve a supergraph file over HTTP."""

import asyncio
import errno
import logging
import sys
from dataclasses import replace
from pathlib import Path

import click

from plait_gateway.app import create_app
from plait_gateway.config import GatewayConfig
from plait_gateway.config_file import ConfigProblem, read_config
from plait_gateway.server import GatewayApplication
from plait_gateway.server.garbage_collection import settle
from plait_gateway.server.run import event_loop, listen, serve
from plait_gateway.supergraph import Notices, SupergraphFile, SupergraphHolder
from plait_gateway.supergraph.file import one_line
from plait_gateway.supergraph.holder import as_diagnostic
from plait_schema.supergraph import SupergraphError

_log = logging.getLogger(__name__)


@click.command()
@click.option(
    "--supergraph",
    "path",
    required=True,
    type=click.Path(path_type=Path),
    help="Supergraph SDL, from plait or another composer; served anew whenever it changes.",
)
@click.option("--port", type=click.IntRange(0, 65535), help="Default 4000; 0 for any free port.")
@click.option("--host", help="Default 127.0.0.1.")
@click.option("--config", "config_path", type=click.Path(path_type=Path), help="Settings, as plait.yaml.")
@click.option(
    "--override-label",
    "labels",
    multiple=True,
    help="A label of @override that is on for every request, besides those of the settings; may be repeated.",
)
@click.option("--dev", is_flag=True, help="Show query plans to clients that ask, and notices in GraphiQL.")
def gateway(
    path: Path,
    port: int | None,
    host: str | None,
    config_path: Path | None,
    labels: tuple[str, ...],
    *,
    dev: bool,
) -> None:
    """Serve a supergraph at /graphql until told to stop (Ctrl-C)."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stderr)
    for library in ("uvicorn", "watchfiles"):
        logging.getLogger(library).setLevel(logging.WARNING)
    config = _config(config_path)
    config = replace(config, host=host or config.host, port=config.port if port is None else port, dev=dev)
    config = replace(config, override_labels=config.override_labels.with_active(labels))
    holder, notices = SupergraphHolder(), Notices()
    file = SupergraphFile(path, holder, notices)
    _load(file, path)
    app = create_app(config, holder, notices=notices, documents=_documents(config, config_path))
    with asyncio.Runner(loop_factory=event_loop()) as runner:
        runner.run(_serve(config, holder, app, file))
    click.echo("Stopped.")


def _config(path: Path | None) -> GatewayConfig:
    if path is None:
        return GatewayConfig()
    try:
        return read_config(path)
    except OSError as error:
        raise click.ClickException(f"cannot read {path}: {error.strerror}") from None
    except ConfigProblem as problem:
        raise click.ClickException(str(problem)) from None


def _load(file: SupergraphFile, path: Path) -> None:
    try:
        file.load()
    except OSError as error:
        raise click.ClickException(f"cannot read the supergraph {path}: {error.strerror}") from None
    except UnicodeError:
        raise click.ClickException(f"the supergraph {path} is not UTF-8") from None
    except SupergraphError as error:
        raise click.ClickException(one_line(as_diagnostic(error, file=str(path)))) from None


def _documents(config: GatewayConfig, config_path: Path | None) -> dict[str, str]:
    """The documents to warm up with, by file; a relative folder is beside the settings."""
    if config.warm_up.documents is None or config_path is None:
        return {}
    folder = config_path.parent / config.warm_up.documents
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix in (".graphql", ".gql"))
        return {str(file): file.read_text(encoding="utf-8") for file in files}
    except OSError as error:
        message = f"cannot read the documents to warm up with: {error.filename}: {error.strerror}"
        raise click.ClickException(message) from None
    except UnicodeError:
        raise click.ClickException(f"a document in {folder} is not UTF-8") from None


async def _serve(
    config: GatewayConfig, holder: SupergraphHolder, app: GatewayApplication, file: SupergraphFile
) -> None:
    try:
        listening = listen(config.host, config.port)
    except OSError as error:
        raise click.ClickException(_why_not_listening(error, config)) from None
    with listening:
        port: int = listening.getsockname()[1]
        if holder.current is not None:
            await app.warm_up(holder.current)
        watching = asyncio.create_task(file.watch(settle, app.warm_up))
        watching.add_done_callback(_tell_end)
        try:
            await serve(
                app,
                listening,
                shutdown_seconds=config.shutdown_seconds,
                started=lambda: _started(config, port),
            )
        finally:
            watching.cancel()
            await asyncio.wait({watching})


def _why_not_listening(error: OSError, config: GatewayConfig) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {config.port} is in use; choose another with --port"
    return f"cannot listen on {config.host}:{config.port}: {error.strerror or error}"


def _started(config: GatewayConfig, port: int) -> None:
    settle()
    host = f"[{config.host}]" if ":" in config.host else config.host
    graphiql = "  (GraphiQL in a browser)" if config.graphiql.enabled else ""
    click.echo(f"GraphQL  http://{host}:{port}/graphql{graphiql}")
    click.echo(f"Health   http://{host}:{port}/health/ready")


def _tell_end(watching: asyncio.Task[None]) -> None:
    if not watching.cancelled() and (error := watching.exception()) is not None:
        _log.error("the supergraph file is no longer watched: %s", error)
