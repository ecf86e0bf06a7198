"""`plait gateway`: serve a supergraph file over HTTP."""

import asyncio
import errno
import logging
import re
import sys
from dataclasses import replace
from pathlib import Path

import click

from plait_gateway.app import create_app
from plait_gateway.commands.policies import policies_of
from plait_gateway.config import GatewayConfig
from plait_gateway.config_file import ConfigProblem, read_config
from plait_gateway.server import GatewayApplication
from plait_gateway.server.run import event_loop, listen, serve
from plait_gateway.supergraph import (
    Notices,
    SupergraphFile,
    SupergraphHolder,
    SupergraphSource,
    SupergraphUnavailable,
)
from plait_gateway.supergraph.asking import RegistryAddress
from plait_gateway.supergraph.registry import SupergraphFromRegistry
from plait_gateway.usage import UsageRecorder, UsageReporter
from plait_gateway.usage.sinks import FileSink, RegistrySink, Sink
from plait_schema.garbage_collection import settle

_GRAPH = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}(@[A-Za-z][A-Za-z0-9_-]{0,63})?")

_log = logging.getLogger(__name__)


@click.command()
@click.option(
    "--supergraph",
    "path",
    type=click.Path(path_type=Path),
    help="Supergraph SDL, from plait or another composer; served anew whenever it changes.",
)
@click.option(
    "--registry", metavar="URL", envvar="PLAIT_REGISTRY", help="Instead: follow a registry (needs --graph)."
)
@click.option("--graph", metavar="NAME@VARIANT", help="What to serve of the registry.")
@click.option(
    "--token",
    metavar="SECRET",
    envvar="PLAIT_TOKEN",
    show_envvar=True,
    help="A token of the registry that may read the graph.",
)
@click.option(
    "--public-key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The registry's key (PEM): what it has not signed is refused.",
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".plait"),
    show_default=True,
    help="Folder for the last good supergraph of the registry, to start from when it is down.",
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
    path: Path | None,
    registry: str | None,
    graph: str | None,
    token: str | None,
    public_key: Path | None,
    keep: Path,
    port: int | None,
    host: str | None,
    config_path: Path | None,
    labels: tuple[str, ...],
    *,
    dev: bool,
) -> None:
    """Serve a supergraph, from a file or a registry, at /graphql until told to stop (Ctrl-C).

    \b
        plait gateway --supergraph supergraph.graphql
        plait gateway --registry https://registry.example --graph shop@prod --public-key registry.pub
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stderr)
    for library in ("uvicorn", "watchfiles"):
        logging.getLogger(library).setLevel(logging.WARNING)
    config = _config(config_path)
    config = replace(config, host=host or config.host, port=config.port if port is None else port, dev=dev)
    config = replace(config, override_labels=config.override_labels.with_active(labels))
    holder, notices = SupergraphHolder(), Notices()
    source: SupergraphSource
    address = None
    if graph is not None and path is None:
        address = _address(registry, graph, token, public_key)
        source = SupergraphFromRegistry(address, keep / f"{graph}.json", holder, notices)
    elif path is not None and graph is None:
        source = SupergraphFile(path, holder, notices)
    else:
        raise click.UsageError(
            "say what to serve: --supergraph FILE, or --registry URL --graph NAME@VARIANT."
        )
    try:
        source.load()
    except SupergraphUnavailable as error:
        raise click.ClickException(str(error)) from None
    usage = _usage(config, address)
    app = create_app(
        config,
        holder,
        notices=notices,
        documents=_documents(config, config_path),
        usage=None if usage is None else usage.recorder,
        decide_policies=policies_of(config.authorization, root=_beside(config_path)),
    )
    with asyncio.Runner(loop_factory=event_loop()) as runner:
        runner.run(_serve(config, holder, app, source, usage))
    click.echo("Stopped.")


def _beside(config_path: Path | None) -> Path:
    return Path() if config_path is None else config_path.parent


def _config(path: Path | None) -> GatewayConfig:
    if path is None:
        return GatewayConfig()
    try:
        config = read_config(path)
        return replace(config, authentication=config.authentication.beside(path))
    except OSError as error:
        raise click.ClickException(f"cannot read {path}: {error.strerror}") from None
    except ConfigProblem as problem:
        raise click.ClickException(str(problem)) from None


def _address(url: str | None, graph: str, token: str | None, key_file: Path | None) -> RegistryAddress:
    if url is None or not url.startswith(("http://", "https://")):
        raise click.UsageError("say with --registry where the registry is: http://... or https://...")
    if not _GRAPH.fullmatch(graph):
        raise click.UsageError(f"{graph} is no graph: write NAME@VARIANT, or NAME for its variant current.")
    if key_file is None:
        return RegistryAddress(url, graph, token)

    from plait_schema.delivery.signature import PublicKey  # 8 MB that only this needs

    try:
        return RegistryAddress(url, graph, token, PublicKey.from_pem(key_file.read_bytes()))
    except OSError as error:
        raise click.ClickException(f"cannot read the key {key_file}: {error.strerror}") from None
    except ValueError as error:
        raise click.ClickException(f"the key {key_file} cannot be used: {error}") from None


def _usage(config: GatewayConfig, address: RegistryAddress | None) -> UsageReporter | None:
    """What reports usage, to the file where one is named, else to the registry where there is one."""
    settings = config.usage
    if settings.file is not None:
        sink: Sink = FileSink(Path(settings.file))
    elif address is not None and settings.report:
        sink = RegistrySink(address)
    else:
        return None
    return UsageReporter(UsageRecorder(), sink, interval=settings.interval)


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
    config: GatewayConfig,
    holder: SupergraphHolder,
    app: GatewayApplication,
    source: SupergraphSource,
    usage: UsageReporter | None,
) -> None:
    try:
        listening = listen(config.host, config.port)
    except OSError as error:
        raise click.ClickException(_why_not_listening(error, config)) from None
    with listening:
        port: int = listening.getsockname()[1]
        if holder.current is not None:
            await app.warm_up(holder.current)
        watching = asyncio.create_task(source.watch(settle, app.warm_up))
        watching.add_done_callback(_tell_end)
        loops = {watching} if usage is None else {watching, asyncio.create_task(usage.run())}
        try:
            await serve(
                app,
                listening,
                shutdown_seconds=config.shutdown_seconds,
                started=lambda: _started(config, port),
            )
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.wait(loops)


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
        _log.error("the supergraph is no longer followed: %s", error)
