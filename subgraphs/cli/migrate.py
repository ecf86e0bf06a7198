"""`plait migrate`: bring the tables up to date."""

from pathlib import Path

import click

from subgraphs.cli.opening import data_dir_option, opened, run
from subgraphs.cli.output import Column, Format, format_option, print_json, print_table
from subgraphs.kernel.store.migrations import Standing, standings
from subgraphs.kernel.store.migrations import migrate as migrate_tables

_COLUMNS = (Column("CONTEXT"), Column("WAS AT"), Column("IS AT"), Column("STATE"))


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@data_dir_option
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 when tables are behind.")
@format_option
def migrate(data_dir: Path, check: bool, format_: Format) -> None:
    """Bring the tables of every context up to date.

    All of them or, on any error, none. Processes that do so at once wait for each other. A database whose
    tables a newer program made is left alone.

    \b
    Examples:
      plait migrate
      PLAIT_DATABASE_URL=postgresql://plait@db/plait plait migrate --check

    \b
    Exit codes:
      0  up to date
      1  behind (--check)
      3  bad usage, or a database that cannot be used
    """
    before, after = run(_migrate(data_dir, check=check))
    if format_ is Format.JSON:
        contexts = [
            {"name": was.name, "was_at": was.current, "is_at": now.current, "head": now.head}
            for was, now in zip(before, after, strict=True)
        ]
        print_json({"contexts": contexts})
    else:
        print_table(
            _COLUMNS,
            (
                (was.name, was.current or "-", now.current or "-", _state(was, now))
                for was, now in zip(before, after, strict=True)
            ),
        )
    if any(one.is_behind for one in after):
        raise click.exceptions.Exit(1)


async def _migrate(data_dir: Path, *, check: bool) -> tuple[tuple[Standing, ...], tuple[Standing, ...]]:
    async with opened(data_dir, may_be_new=not check, any_tables=True) as academy:
        database = academy.platform.database
        before = await standings(database, academy.contexts)
        if check:
            return before, before
        await migrate_tables(database, academy.contexts)
        return before, await standings(database, academy.contexts)


def _state(was: Standing, now: Standing) -> str:
    if now.is_behind:
        return click.style(f"behind {now.head}", fg="yellow")
    return click.style("migrated", fg="green") if was.is_behind else "up to date"
