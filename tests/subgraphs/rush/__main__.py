"""`scripts/rush`."""

import shutil
import sys
from pathlib import Path
from random import SystemRandom
from tempfile import mkdtemp
from time import monotonic, sleep
from typing import Final

import click

from tests.subgraphs.rush.process import NotServingError
from tests.subgraphs.rush.run import Outcome, rush

_LONGEST_REHEARSAL: Final = 60.0  # seconds
_PAUSE: Final = 0.1


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--seconds",
    type=click.FloatRange(1, 86_400),
    default=60.0,
    show_default=True,
    help="How long visitors come. It takes up to some minutes more to come to rest.",
)
@click.option("--seed", type=click.IntRange(0), help="Who does what, and when somebody is killed.")
@click.option("--postgres", is_flag=True, help="On a PostgreSQL server, with a worker beside the platform.")
def main(seconds: float, seed: int | None, *, postgres: bool) -> None:
    """Visit the academy through its gateway while its processes are killed, and check what holds.

    \b
    Exit codes:
      0  everything holds
      1  something does not: the evidence is kept in a folder that is named
    """
    seed = SystemRandom().randrange(1_000_000) if seed is None else seed
    folder = Path(mkdtemp(prefix="plait-rush-"))
    click.echo(f"seed {seed} on {'PostgreSQL' if postgres else 'SQLite'}, in {folder}", err=True)
    data_dir = folder / "data"
    try:
        outcome = rush(data_dir, seconds=seconds, seed=seed, postgres=postgres, tell=_tell)
    except NotServingError as error:
        raise click.ClickException(f"the platform did not come up:\n{error}") from None
    click.echo(_report(outcome))
    if outcome.violations:
        click.echo(f"\nThe database and the logs are in {folder}", err=True)
        sys.exit(1)
    _remove(folder)


def _remove(folder: Path) -> None:
    """Whoever loads edited code, to see whether it can be, outlives the process that wanted to know when that
    is killed, and may still write there."""
    deadline = monotonic() + _LONGEST_REHEARSAL
    while folder.exists():
        try:
            shutil.rmtree(folder)
        except OSError:
            if monotonic() > deadline:
                raise
            sleep(_PAUSE)


def _tell(line: str) -> None:
    click.echo(f"  {line}", err=True)


def _report(outcome: Outcome) -> str:
    told = outcome.told
    refusals = ", ".join(f"{count} {code}" for code, count in sorted(told.refusals.items())) or "none"
    lines = [
        f"{outcome.traffic.answers} answers in {outcome.seconds:g} seconds, {outcome.kills} kills",
        f"{outcome.traffic.failures} requests that got no answer, and were sent again",
        f"{len(told.requests)} enrolments asked for, {len(told.completed)} exercises completed, "
        f"{len(told.refunds)} payments paid back, and parts of {len(told.parts)}, "
        f"{sum(map(len, told.placed.values()))} let into classes, "
        f"{len(told.marked)} at meetings; refused: {refusals}",
        *(f"✘ {violation}" for violation in outcome.violations[:20]),
    ]
    if not outcome.violations:
        lines.append("✔ every enrolment is decided on, the money is where it should be, nothing is lost")
    return "\n".join(lines)


if __name__ == "__main__":
    main(prog_name="scripts/rush")
