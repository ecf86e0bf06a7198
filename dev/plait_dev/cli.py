"""`plait dev`: from a fresh folder to a running platform."""

import os
import sys
from pathlib import Path

import click

from plait_dev.data_dir import claimed
from plait_dev.listening import hand_over, is_reload, listen
from plait_dev.session import Session, run
from plait_dev.settings import read_gateway_config, read_settings


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=4000, show_default=True, help="0 takes a free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".plait"),
    show_default=True,
    help="Where the databases and keys are kept.",
)
@click.option("--reset", is_flag=True, help="Empty the data folder and seed anew.")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("plait.yaml"),
    show_default=True,
    help="Names the application and its supergraph.yaml.",
)
def dev(port: int, host: str, data_dir: Path, reset: bool, config: Path) -> None:
    """Run the whole platform in one process: subgraphs, workers, gateway and GraphiQL.

    Migrates and seeds a SQLite file, composes the subgraphs, and serves them behind one endpoint. Edited
    code or schemas are composed and loaded at once; while they do not compose, the old graph goes on and
    GraphiQL says what is wrong. Ctrl-C stops it; nothing that was answered is lost.
    """
    settings, gateway = read_settings(config), read_gateway_config(config)
    sys.path.insert(0, str(Path.cwd()))  # the application is the user's own package, not an installed one
    with claimed(data_dir, reset=reset and not is_reload()) as folder:
        listening = listen(host, port)
        reload = run(Session(settings, gateway, folder, listening))
    if not reload:
        click.echo("Stopped.")
    else:
        sys.stdout.flush()
        environment = {**os.environ, **hand_over(listening)}
        os.execve(sys.executable, [sys.executable, *sys.argv], environment)  # noqa: S606 - ourselves, again
