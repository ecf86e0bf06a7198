"""`plait dlq`: messages that were given up."""

import asyncio
import json
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import click
import msgspec

from subgraphs.cli.opening import data_dir_option, opened, operator, run
from subgraphs.cli.output import (
    Column,
    Format,
    confirm,
    counted,
    format_option,
    or_refuse,
    print_fields,
    print_json,
    print_table,
    refuse,
    tell,
)
from subgraphs.cli.pages import LARGEST_NUMBER, limit_option
from subgraphs.cli.times import ago
from subgraphs.kernel.domain import Failure
from subgraphs.kernel.messaging.dead_letters import NOT_DEAD, DeadLetter, DeadLetters
from subgraphs.kernel.messaging.integration import Metadata, metadata_from_json

_COLUMNS = (
    Column("ID", is_number=True),
    Column("CONSUMER", flexible=True),
    Column("MESSAGE", flexible=True),
    Column("KEY", flexible=True),
    Column("PUBLISHED"),
    Column("TRIED", is_number=True),
    Column("BLOCKS"),
    Column("LAST ERROR", flexible=True),
)

_HELP = {"help_option_names": ["-h", "--help"]}

_id_argument = click.argument("id_", metavar="ID", type=click.IntRange(1, LARGEST_NUMBER))


@click.group(context_settings=_HELP)
def dlq() -> None:
    """Look at messages that were given up, mend, retry or discard them.

    A dead letter holds back the later messages of its consumer and key, so that nothing overtakes it, unless
    its consumer said that they do not depend on each other. All that is done here is on record, under the
    name of whom the operating system knows.

    \b
    Exit codes:
      0  done
      1  refused: the message is not dead (any more), or its new data could not be read
      3  bad usage, or a database that cannot be used
    """


@dlq.command(name="list", context_settings=_HELP)
@click.option("--consumer", help="Of this consumer only.")
@click.option(
    "--after", type=click.IntRange(0, LARGEST_NUMBER), default=0, help="Those with a larger id only."
)
@limit_option
@data_dir_option
@format_option
def list_(consumer: str | None, after: int, limit: int, data_dir: Path, format_: Format) -> None:
    """List dead letters, the oldest first.

    \b
    Examples:
      plait dlq list
      plait dlq list --consumer gamification.award_xp --format json | jq '.dead_letters[].id'
    """

    async def look() -> tuple[tuple[DeadLetter, ...], datetime]:
        async with opened(data_dir) as academy:
            letters = DeadLetters(academy.platform.transactions)
            found = await letters.page(consumer=consumer, after=after, limit=limit)
            return found, academy.platform.clock.now()

    letters, now = run(look())
    more = letters[-1].id if len(letters) == limit else None
    if format_ is Format.JSON:
        print_json({"dead_letters": [_json(letter) for letter in letters], "next_after": more})
        return
    if not letters:
        click.echo("No dead letters.")
        return
    print_table(_COLUMNS, [_row(letter, now) for letter in letters])
    if more is not None:
        click.echo(f"There may be more: --after {more}")


@dlq.command(context_settings=_HELP)
@_id_argument
@data_dir_option
@format_option
def inspect(id_: int, data_dir: Path, format_: Format) -> None:
    """Show one of them with all that is known of it: its data, where it came from, what holds it up.

    \b
    Example:
      plait dlq inspect 17
    """

    async def look() -> tuple[DeadLetter | None, int, datetime]:
        async with opened(data_dir) as academy:
            letters = DeadLetters(academy.platform.transactions)
            letter = await letters.find(id_)
            behind = await letters.count_behind(letter) if letter else 0
            return letter, behind, academy.platform.clock.now()

    letter, behind, now = run(look())
    if letter is None:
        refuse(NOT_DEAD, format_)
    if format_ is Format.JSON:
        print_json({"dead_letter": {**_json(letter), "holds_back": behind}})
        return
    meta = _meta(letter)
    print_fields(
        {
            "Id": str(letter.id),
            "Consumer": letter.consumer,
            "Message": f"{letter.type} version {letter.schema_version}",
            "Message id": letter.message_id,
            "Source": letter.source,
            "Key": letter.key,
            "Published": _published(letter, now),
            "Actor": meta.actor if meta else None,
            "Correlation": meta.correlation_id if meta else None,
            "Caused by": meta.causation_id if meta else None,
            "Trace": meta.traceparent if meta else None,
            "Tried": _tried(letter),
            "Holds back": counted(behind, "later message of its key", "later messages of its key")
            if letter.blocks
            else "nothing",
            "Last error": click.style(letter.last_error or "", fg="red"),
            "Data": _pretty(letter.data),
        }
    )


@dlq.command(context_settings=_HELP)
@_id_argument
@click.option(
    "--data",
    "file",
    type=click.File(encoding="utf-8"),
    help="A file with the new data, - for standard input; without it your editor opens.",
)
@data_dir_option
@format_option
def edit(id_: int, file: TextIO | None, data_dir: Path, format_: Format) -> None:
    """Give a dead letter other data, and have it handled again in its old place.

    What its consumer could not read is refused, and changes nothing. The old data and the new are on record.

    \b
    Examples:
      EDITOR=vim plait dlq edit 17
      plait dlq inspect 17 --format json | jq '.dead_letter.data | .score = 100' > mended.json
      plait dlq edit 17 --data mended.json
    """

    async def change() -> None:
        async with opened(data_dir) as academy:
            letters = DeadLetters(academy.platform.transactions)
            letter = await letters.find(id_)
            if letter is None:
                refuse(NOT_DEAD, format_)
            data = _read(file) if file is not None else click.edit(_pretty(letter.data), extension=".json")
            if data is None or _compact(data) == _compact(letter.data):
                raise click.ClickException("nothing was changed; to try it again as it is: plait dlq retry")
            or_refuse(await letters.retry(id_, operator(academy), data=_compact(data)), format_)

    run(change())
    tell(f"{id_} will be handled again, with the new data.", {"retried": [id_]}, format_)


@dlq.command(context_settings=_HELP)
@click.argument("ids", metavar="[ID]...", nargs=-1, type=click.IntRange(1, LARGEST_NUMBER))
@click.option("--all", "is_all", is_flag=True, help="All of them, or all of a consumer.")
@click.option("--consumer", help="With --all: of this consumer only.")
@click.option(
    "--rate",
    type=click.FloatRange(0.1, 10_000),
    default=20.0,
    show_default=True,
    help="With --all: so many in a second, as fast as the consumer can bear.",
)
@click.option("--yes", is_flag=True, help="With --all: do not ask.")
@data_dir_option
@format_option
def retry(
    ids: tuple[int, ...],
    is_all: bool,
    consumer: str | None,
    rate: float,
    yes: bool,
    data_dir: Path,
    format_: Format,
) -> None:
    """Have dead letters handled again, from the beginning of their patience, each in its old place.

    --all takes each once, the oldest first; what dies again meanwhile is left for the next time. Ctrl-C stops
    between two of them, and says how far it came.

    \b
    Examples:
      plait dlq retry 17 18
      plait dlq retry --all --consumer gamification.award_xp --rate 5
    """
    if is_all == bool(ids) or (consumer is not None and not is_all):
        raise click.UsageError("Give ids, or --all with or without --consumer.")
    if is_all:
        whose = f" of {consumer}" if consumer else ""
        confirm(f"Have all dead letters{whose} handled again?", yes=yes)
        retried = run(_retry_all(data_dir, consumer, rate))
    else:
        retried = run(_retry(data_dir, ids, format_))
    said = "it" if len(retried) == 1 else "they"
    tell(
        f"{counted(len(retried), 'message')}: {said} will be handled again." if retried else "None is dead.",
        {"retried": retried},
        format_,
    )


@dlq.command(context_settings=_HELP)
@_id_argument
@click.option("--reason", required=True, help="Why; it is kept on record.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_dir_option
@format_option
def discard(id_: int, reason: str, yes: bool, data_dir: Path, format_: Format) -> None:
    """Let a dead letter go: it is never handled, and holds back nobody.

    \b
    Example:
      plait dlq discard 17 --reason "the course was deleted, ticket 4711"
    """
    confirm(f"Message {id_} will never be handled. Let it go?", yes=yes)

    async def change() -> None:
        async with opened(data_dir) as academy:
            letters = DeadLetters(academy.platform.transactions)
            or_refuse(await letters.discard(id_, operator(academy), reason=reason), format_)

    run(change())
    tell(f"{id_} is discarded.", {"discarded": [id_]}, format_)


async def _retry(data_dir: Path, ids: tuple[int, ...], format_: Format) -> list[int]:
    async with opened(data_dir) as academy:
        letters, request = DeadLetters(academy.platform.transactions), operator(academy)
        for id_ in ids:  # all of them, or none
            if await letters.find(id_) is None:
                refuse(replace(NOT_DEAD, message=f"{NOT_DEAD.message}: {id_}"), format_)
        for id_ in ids:
            or_refuse(await letters.retry(id_, request), format_)
    return list(ids)


async def _retry_all(data_dir: Path, consumer: str | None, rate: float) -> list[int]:
    retried: list[int] = []
    async with opened(data_dir) as academy:
        letters, request = DeadLetters(academy.platform.transactions), operator(academy)
        total = await letters.count(consumer=consumer)
        try:
            with click.progressbar(length=total, label="Retrying", file=sys.stderr) as progress:
                after = 0
                while page := await letters.page(consumer=consumer, after=after):
                    for letter in page:
                        if not isinstance(await letters.retry(letter.id, request), Failure):
                            retried.append(letter.id)
                        progress.update(1)
                        await asyncio.sleep(1 / rate)
                    after = page[-1].id
        except asyncio.CancelledError:
            click.echo(f"\nStopped: {len(retried)} of {total} will be handled again.", err=True)
            raise
    return retried


def _row(letter: DeadLetter, now: datetime) -> tuple[str, ...]:
    return (
        str(letter.id),
        letter.consumer,
        letter.type,
        letter.key,
        _published(letter, now),
        str(letter.attempts),
        click.style("yes", fg="yellow") if letter.blocks else "no",
        click.style(letter.last_error or "", fg="red"),
    )


def _json(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "consumer": letter.consumer,
        "message_id": letter.message_id,
        "source": letter.source,
        "key": letter.key,
        "type": letter.type,
        "version": letter.schema_version,
        "data": _parsed(letter.data),
        "meta": _parsed(letter.meta),
        "attempts": letter.attempts,
        "crashes": letter.crashes,
        "last_error": letter.last_error,
        "blocks": letter.blocks,
    }


def _tried(letter: DeadLetter) -> str:
    crashes = f", and {counted(letter.crashes, 'worker')} died of it" if letter.crashes else ""
    return f"{counted(letter.attempts, 'time')}{crashes}"


def _meta(letter: DeadLetter) -> Metadata | None:
    """None where nobody can read it: that may be what it died of."""
    try:
        return metadata_from_json(letter.meta)
    except msgspec.DecodeError:
        return None


def _published(letter: DeadLetter, now: datetime) -> str:
    meta = _meta(letter)
    return ago(meta.occurred_at, now) if meta else "unreadable"


def _parsed(content: str) -> Any:
    """JSON, or text that is none."""
    try:
        return msgspec.json.decode(content)
    except msgspec.DecodeError:
        return content


def _pretty(data: str) -> str:
    parsed = _parsed(data)
    return data if parsed is data else json.dumps(parsed, indent=2, ensure_ascii=False)


def _read(file: TextIO) -> str:
    try:
        return file.read()
    except UnicodeDecodeError:
        raise click.BadParameter("what is in it is not UTF-8", param_hint="--data") from None


def _compact(data: str) -> str:
    """The same JSON without layout; what is none is left for the consumer's check to refuse."""
    try:
        return msgspec.json.encode(msgspec.json.decode(data)).decode()
    except msgspec.DecodeError:
        return data
