"""`plait dev`: from a fresh folder to a running platform."""

import os
import signal
import sys
from pathlib import Path

import click

from plait_dev.data_dir import claimed
from plait_dev.listening import hand_over, is_reload, listen, listen_beside
from plait_dev.loading import find_from
from plait_dev.session import Session, run
from plait_dev.settings import read_gateway_config, read_settings
from plait_gateway.config import GatewayConfig

_INTERRUPTED = 130


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=4000,
    show_default=True,
    help="The port to listen on; 0 takes a free one.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; 0.0.0.0 lets other machines in.",
)
@click.option(
    "--allowed-host",
    "allowed_hosts",
    multiple=True,
    callback=lambda _context, _option, names: _names(names),
    metavar="NAME",
    help="A name besides localhost under which it may be called; .NAME: all that is below; *: any.",
)
@click.option(
    "--registry-port",
    type=click.IntRange(0, 65535),
    default=4400,
    show_default=True,
    help="Where this machine finds the registry; a free port when it is taken, or 0.",
)
@click.option(
    "--registry/--no-registry", default=True, help="Keep each graph that was served, with its usage."
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    show_default=".plait beside the configuration",
    help="The folder of the database and the keys; made when there is none.",
)
@click.option("--reset", is_flag=True, help="Empty the data folder first, and seed anew.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=Path("plait.yaml"),
    show_default=True,
    help="The file that names the application and its supergraph.yaml; the application is found beside it.",
)
def dev(
    port: int,
    host: str,
    allowed_hosts: tuple[str, ...],
    registry_port: int,
    registry: bool,
    data_dir: Path | None,
    reset: bool,
    config: Path,
) -> None:
    """Run the whole platform in one process: subgraphs, workers, gateway, GraphiQL and registry.

    Migrates and seeds a SQLite file, composes the subgraphs, and serves them behind one endpoint. Edited
    code and schemas are composed and loaded at once; while they do not compose, the old graph goes on and
    GraphiQL says what is wrong. Ctrl-C stops it; nothing that was answered is lost.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by what scripts start with &
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # until serving handles both
    settings, gateway = read_settings(config), read_gateway_config(config)
    find_from(settings.root)
    listening = listen(host, port)  # first, so that a busy port costs no data
    try:
        with claimed(data_dir or settings.root / ".plait", reset=reset and not is_reload()) as folder:
            beside = listen_beside(registry_port) if registry else None
            own = () if ":" in host or not host else (host,)  # addresses are allowed anyway
            names = (*(gateway.allowed_hosts or ()), *allowed_hosts, *own)
            reload = run(Session(settings, gateway, folder, listening, beside, names, is_reload()))
    except KeyboardInterrupt:
        click.echo("Stopped.")
        raise click.exceptions.Exit(_INTERRUPTED) from None
    if not reload:
        click.echo("Stopped.")
    else:
        sys.stdout.flush()
        environment = {**os.environ, **hand_over(listening)}
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)  # noqa: S606 - ourselves, again


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    try:
        GatewayConfig(allowed_hosts=given)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return given
