"""`plait epoch`: the histories of what contexts publish, before and after a restore from a backup."""

from datetime import datetime
from pathlib import Path

import click

from subgraphs.cli.opening import data_dir_option, opened, run
from subgraphs.cli.output import Column, Format, confirm, format_option, print_json, print_table
from subgraphs.cli.times import ago
from subgraphs.kernel.messaging.epochs import Begun, begin_epochs, list_epochs

_COLUMNS = (Column("SOURCE"), Column("EPOCH"), Column("AFTER", is_number=True), Column("SINCE"))
_HELP = {"help_option_names": ["-h", "--help"]}


@click.group(context_settings=_HELP)
def epoch() -> None:
    """Tell the other databases that this one was restored from a backup.

    The messages of a context are counted, and contexts in other databases remember how far they have read. A
    database that is restored gives numbers again that it has given before. So it begins a new epoch, which
    says after which number the two histories part; whoever has read further goes back to there.

    \b
    Exit codes:
      0  done
      3  bad usage, or a database that cannot be used
    """


@epoch.command(name="list", context_settings=_HELP)
@data_dir_option
@format_option
def list_(data_dir: Path, format_: Format) -> None:
    """List the epochs of every context that has published anything to another database.

    \b
    Example:
      plait epoch list
    """

    async def look() -> tuple[tuple[Begun, ...], datetime]:
        async with opened(data_dir) as academy, academy.platform.database.read() as connection:
            return await list_epochs(connection), academy.platform.clock.now()

    epochs, now = run(look())
    if format_ is Format.JSON:
        print_json({"epochs": [_json(one) for one in epochs]})
    elif not epochs:
        click.echo("No epochs: nothing was published to another database.")
    else:
        print_table(
            _COLUMNS, [(one.source, one.id, str(one.after_seq), ago(one.began_at, now)) for one in epochs]
        )


@epoch.command(context_settings=_HELP)
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_dir_option
@format_option
def begin(yes: bool, data_dir: Path, format_: Format) -> None:
    """Begin a new epoch: once after this database was restored from a backup, before any process uses it.

    A relay notices by itself when Redis or a reader is ahead of this database. When Redis is lost as well
    nobody may be left who remembers; so say it in any case. To say it without need costs some reading.

    \b
    Example, after a restore:
      plait migrate && plait epoch begin --yes && plait worker
    """
    confirm("Every context of this database goes on in a new epoch. Was it restored from a backup?", yes=yes)

    async def change() -> dict[str, int]:
        async with opened(data_dir) as academy:
            return await begin_epochs(academy.platform.transactions)

    heads = run(change())
    if format_ is Format.JSON:
        print_json({"begun": [{"source": source, "after": heads[source]} for source in sorted(heads)]})
    elif not heads:
        click.echo("Nothing was ever published: there is no history to part from.")
    else:
        for source in sorted(heads):
            click.echo(f"{source} goes on in a new epoch after message {heads[source]}.")


def _json(one: Begun) -> dict[str, object]:
    began_at = one.began_at.isoformat()
    return {"source": one.source, "id": one.id, "after": one.after_seq, "began_at": began_at}
