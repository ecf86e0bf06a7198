"""`plait effect`: what is done outside of the database."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from subgraphs.cli.opening import data_dir_option, opened, operator, run
from subgraphs.cli.output import (
    Column,
    Format,
    confirm,
    format_option,
    or_refuse,
    print_fields,
    print_json,
    refuse,
    tell,
)
from subgraphs.cli.pages import limit_option, offset_option, print_page
from subgraphs.cli.times import ago
from subgraphs.kernel.domain import DomainError, Page, PageRequest
from subgraphs.kernel.effects.standings import Standing, Wanted, find, page_of
from subgraphs.kernel.effects.storage import Status
from subgraphs.kernel.messaging.dead_letters import DeadLetters
from subgraphs.platform import EdTechPlatform

EFFECT_NOT_FOUND = DomainError("EFFECT_NOT_FOUND", "There is no effect with this key", "key")
NOT_GIVEN_UP = DomainError("NOT_GIVEN_UP", "It was not given up: it is done, or will be tried again", "key")

_COLUMNS = (
    Column("KEY", flexible=True),
    Column("STATUS"),
    Column("CALLS", is_number=True),
    Column("REQUESTED"),
    Column("GIVEN UP"),
    Column("LAST ERROR", flexible=True),
)
_COLOURS = {
    Status.REQUESTED: "cyan",
    Status.CALLED: "yellow",
    Status.SUCCEEDED: "green",
    Status.REFUSED: "magenta",
}
_HELP = {"help_option_names": ["-h", "--help"]}

_key_argument = click.argument("key", metavar="KEY")


@click.group(context_settings=_HELP)
def effect() -> None:
    """Look at effects outside of the database, have those done that were given up, or let them go.

    An effect is a payment, a mail, whatever a provider does for a message. Its key is what the provider knows
    as idempotency key. It is given up when the provider was in trouble for a day, or can never do it.

    \b
    Exit codes:
      0  done
      1  refused: there is no such effect, or it was not given up
      3  bad usage, or a database that cannot be used
    """


@effect.command(name="list", context_settings=_HELP)
@click.option(
    "--status",
    type=click.Choice([each.value for each in Status], case_sensitive=False),
    help="Those that stand there only; `called` are those of which the provider may have heard.",
)
@click.option("--kind", help="Those of this kind only, as `payments.charge`.")
@click.option("--given-up", is_flag=True, help="Those only for which somebody has to do something.")
@limit_option
@offset_option
@data_dir_option
@format_option
def list_(
    status: str | None,
    kind: str | None,
    given_up: bool,
    limit: int,
    offset: int,
    data_dir: Path,
    format_: Format,
) -> None:
    """List effects, the oldest first.

    \b
    Examples:
      plait effect list --given-up
      plait effect list --status called --kind payments.charge --format json
    """
    wanted = Wanted(Status(status.lower()) if status else None, kind, given_up)

    async def look() -> tuple[Page[Standing], datetime]:
        async with opened(data_dir) as academy:
            async with academy.platform.database.read() as connection:
                found = await page_of(connection, wanted, PageRequest(offset, limit))
            return found, academy.platform.clock.now()

    page, now = run(look())
    print_page(page, "effects", _COLUMNS, row=lambda one: _row(one, now), json=_json, format_=format_)


@effect.command(context_settings=_HELP)
@_key_argument
@data_dir_option
@format_option
def show(key: str, data_dir: Path, format_: Format) -> None:
    """Show one effect with what came of it.

    \b
    Example:
      plait effect show payments.charge:2f1c8f5e-6c1b-4a3e-9d44-0c8e5f1b7a10
    """

    async def look() -> tuple[Standing, datetime]:
        async with opened(data_dir) as academy:
            return await _found(academy, key, format_), academy.platform.clock.now()

    standing, now = run(look())
    if format_ is Format.JSON:
        print_json({"effect": _json(standing)})
        return
    record = standing.record
    print_fields(
        {
            "Key": record.key,
            "Kind": record.kind,
            "Status": click.style(record.status, fg=_COLOURS[record.status]),
            "Calls": str(record.calls),
            "Requested": ago(record.requested_at, now),
            "Settled": ago(record.settled_at, now) if record.settled_at else None,
            "Outcome": record.result,
            "Given up": f"dead letter {standing.dead_letter}" if standing.dead_letter else None,
            "Last error": standing.last_error and click.style(standing.last_error, fg="red"),
        }
    )


@effect.command(context_settings=_HELP)
@_key_argument
@data_dir_option
@format_option
def retry(key: str, data_dir: Path, format_: Format) -> None:
    """Have an effect that was given up done after all: the provider is asked under the same key.

    \b
    Example:
      plait effect retry payments.charge:2f1c8f5e-6c1b-4a3e-9d44-0c8e5f1b7a10
    """

    async def change() -> None:
        async with opened(data_dir) as academy:
            letter = _given_up(await _found(academy, key, format_), format_)
            letters = DeadLetters(academy.platform.transactions)
            or_refuse(await letters.retry(letter, operator(academy)), format_)

    run(change())
    tell(f"{key} will be done.", {"retried": [key]}, format_)


@effect.command(context_settings=_HELP)
@_key_argument
@click.option("--reason", required=True, help="Why; it is kept on record.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_dir_option
@format_option
def discard(key: str, reason: str, yes: bool, data_dir: Path, format_: Format) -> None:
    """Let an effect go that was given up: nobody hears what came of it.

    What the provider may have done stays done. Whoever waits for it has to be told by other means.

    \b
    Example:
      plait effect discard payments.charge:2f1c8f5e --reason "paid by hand, ticket 4711"
    """
    confirm(f"{key} will never be done. Let it go?", yes=yes)

    async def change() -> None:
        async with opened(data_dir) as academy:
            letter = _given_up(await _found(academy, key, format_), format_)
            letters = DeadLetters(academy.platform.transactions)
            or_refuse(await letters.discard(letter, operator(academy), reason=reason), format_)

    run(change())
    tell(f"{key} is discarded.", {"discarded": [key]}, format_)


async def _found(academy: EdTechPlatform, key: str, format_: Format) -> Standing:
    async with academy.platform.database.read() as connection:
        standing = await find(connection, key)
    return standing or refuse(EFFECT_NOT_FOUND, format_)


def _given_up(standing: Standing, format_: Format) -> int:
    return standing.dead_letter or refuse(NOT_GIVEN_UP, format_)


def _row(standing: Standing, now: datetime) -> tuple[str, ...]:
    record = standing.record
    return (
        record.key,
        click.style(record.status, fg=_COLOURS[record.status]),
        str(record.calls),
        ago(record.requested_at, now),
        click.style("yes", fg="yellow") if standing.dead_letter else "no",
        click.style(standing.last_error or "", fg="red"),
    )


def _json(standing: Standing) -> dict[str, Any]:
    record = standing.record
    return {
        "key": record.key,
        "kind": record.kind,
        "status": record.status,
        "calls": record.calls,
        "requested_at": record.requested_at.isoformat(),
        "settled_at": record.settled_at and record.settled_at.isoformat(),
        "result": record.result,
        "dead_letter": standing.dead_letter,
        "last_error": standing.last_error,
    }
