"""`plait replay`: deliver a part of the past to one consumer again."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from subgraphs.cli.opening import data_dir_option, opened, operator, run
from subgraphs.cli.output import Format, confirm, counted, format_option, or_refuse, tell
from subgraphs.cli.pages import LARGEST_NUMBER
from subgraphs.kernel.messaging.history import Selection
from subgraphs.kernel.messaging.replay import Replayed
from subgraphs.kernel.messaging.replay import replay as replay_messages

_INSTANT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"])


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("source")
@click.option("--to", "consumer", required=True, metavar="CONSUMER", help="Who gets them again.")
@click.option(
    "--from-seq",
    type=click.IntRange(1, LARGEST_NUMBER),
    default=1,
    show_default=True,
    help="From this number on.",
)
@click.option("--to-seq", type=click.IntRange(1, LARGEST_NUMBER), help="Up to this number.")
@click.option("--since", type=_INSTANT, help="Published then or later (UTC).")
@click.option("--until", type=_INSTANT, help="Published then or earlier (UTC).")
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Of this type; may be given again.")
@click.option("--fresh", is_flag=True, help="What the consumer has handled, it handles again.")
@click.option("--force", is_flag=True, help="Even if the consumer says that nothing must be done twice.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_dir_option
@format_option
def replay(
    source: str,
    consumer: str,
    from_seq: int,
    to_seq: int | None,
    since: datetime | None,
    until: datetime | None,
    types: tuple[str, ...],
    fresh: bool,
    force: bool,
    yes: bool,
    data_dir: Path,
    format_: Format,
) -> None:
    """Deliver what the context SOURCE has published to one consumer again.

    Messages keep their ids: what the consumer has handled it does not handle again, unless the replay is
    --fresh. They come after what waits for it already, those of one key in their order. What another database
    has published is sent again by it. Ctrl-C stops between two batches, and says from which number to go on.

    \b
    Examples:
      plait replay learning --to gamification.award_xp --since 2026-11-01
      plait replay learning --to gamification.award_xp --from-seq 1200 --to-seq 1300 --fresh

    \b
    Exit codes:
      0  done
      1  refused: no such consumer or source, or it must not be done twice
      3  bad usage, or a database that cannot be used
    """
    if fresh or force:
        confirm(f"{consumer} will do again what it may have done. Go on?", yes=yes)
    selection = Selection(
        source, from_seq, to_seq, _in_utc(since), _in_utc(until), frozenset(types) if types else None
    )
    done = run(_replay(data_dir, consumer, selection, fresh=fresh, force=force, format_=format_))
    tell(
        f"{counted(done.delivered, 'message')} of {done.selected:,} delivered again to {consumer}; "
        f"{done.known:,} known there already.",
        {"consumer": consumer, "replayed": asdict(done)},
        format_,
    )


async def _replay(
    data_dir: Path, consumer: str, selection: Selection, *, fresh: bool, force: bool, format_: Format
) -> Replayed:
    last = Replayed()

    def progress(done: Replayed) -> None:
        nonlocal last
        last = done
        if sys.stderr.isatty():
            click.echo(f"\r{done.selected:,} messages, up to number {done.seq:,}", nl=False, err=True)

    async with opened(data_dir) as academy:
        transactions = academy.platform.transactions
        finished = False
        try:
            result = await replay_messages(
                transactions,
                consumer,
                selection,
                operator(academy),
                fresh=fresh,
                force=force,
                transport=academy.platform.transport,
                progress=progress,
            )
            finished = True
        finally:
            if last.seq and sys.stderr.isatty():
                click.echo(err=True)
            if not finished and last.seq:
                click.echo(f"Broken off: go on with --from-seq {last.seq + 1}", err=True)
        return or_refuse(result, format_)


def _in_utc(instant: datetime | None) -> datetime | None:
    return instant.replace(tzinfo=UTC) if instant is not None else None
