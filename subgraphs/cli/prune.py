"""`plait prune`: delete what is old and done with, now."""

import sys
from collections import Counter
from pathlib import Path

import click

from subgraphs.cli.opening import data_dir_option, opened, run
from subgraphs.cli.output import Column, Format, confirm, format_option, print_json, print_table
from subgraphs.kernel.running.retention import Retention

_COLUMNS = (Column("WHAT"), Column("ROWS", is_number=True))


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--dry-run", is_flag=True, help="Delete nothing; show what would be.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_dir_option
@format_option
def prune(dry_run: bool, yes: bool, data_dir: Path, format_: Format) -> None:
    """Delete what is old and done with, now.

    The process with the role sequencer does so every minute by itself. Messages are kept for
    PLAIT_KEEP_MESSAGES_DAYS (30), the audit for PLAIT_KEEP_AUDIT_DAYS (365). Events, sagas, dead letters and
    what is not handled are kept for ever.

    \b
    Examples:
      plait prune --dry-run
      PLAIT_KEEP_MESSAGES_DAYS=7 plait prune --yes

    \b
    Exit codes:
      0  done
      3  bad usage, or a database that cannot be used
    """
    if not dry_run:
        confirm("What is old and done with will be deleted. Go on?", yes=yes)
    rows = run(_prune(data_dir, dry_run=dry_run))
    if format_ is Format.JSON:
        print_json({"deleted": not dry_run, "rows": [{"what": what, "rows": count} for what, count in rows]})
    elif not rows:
        click.echo("There was nothing to delete.")
    else:
        print_table(_COLUMNS, [(what, f"{count:,}") for what, count in rows])


async def _prune(data_dir: Path, *, dry_run: bool) -> tuple[tuple[str, int], ...]:
    async with opened(data_dir) as academy:
        retention = Retention(academy.platform.transactions, academy.platform.settings.keep)
        if dry_run:
            return await retention.count()
        deleted = Counter[str]()
        while batch := await retention.prune():
            deleted.update(batch)
            if sys.stderr.isatty():
                click.echo(f"\r{deleted.total():,} rows", nl=False, err=True)
        if sys.stderr.isatty():
            click.echo("\r", nl=False, err=True)
        return tuple(deleted.items())
