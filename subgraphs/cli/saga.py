"""`plait saga`: work that takes many transactions."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from subgraphs.cli.opening import data_dir_option, opened, operator, run
from subgraphs.cli.output import (
    Column,
    Format,
    confirm,
    format_option,
    or_refuse,
    print_fields,
    print_json,
    print_table,
    refuse,
)
from subgraphs.cli.pages import limit_option, offset_option, print_page
from subgraphs.cli.times import ago, relative
from subgraphs.kernel.domain import Page, PageRequest
from subgraphs.kernel.sagas.record import AnySaga, Status, Step
from subgraphs.kernel.sagas.sagas import SAGA_NOT_FOUND, Sagas
from subgraphs.platform import EdTechPlatform

_COLUMNS = (
    Column("ID"),
    Column("TYPE", flexible=True),
    Column("KEY", flexible=True),
    Column("STATUS"),
    Column("STEPS", flexible=True),
    Column("STARTED"),
    Column("DUE"),
    Column("ERROR", flexible=True),
)
_STEPS = (Column("STEP"), Column("STATUS"), Column("BEGUN"), Column("DUE"), Column("DONE"), Column("UNDONE"))

_COLOURS = {
    Status.RUNNING: "cyan",
    Status.COMPENSATING: "yellow",
    Status.COMPLETED: "green",
    Status.FAILED: "red",
    Status.CANCELLED: "magenta",
}
_HELP = {"help_option_names": ["-h", "--help"]}

_id_argument = click.argument("id_", metavar="ID")


@click.group(context_settings=_HELP)
def saga() -> None:
    """Look at sagas, find those that are late, cancel.

    A saga is work that takes many transactions, and is undone when it cannot be finished.

    \b
    Exit codes:
      0  done
      1  refused: there is no such saga, or it has ended
      3  bad usage, or a database that cannot be used
    """


@saga.command(name="list", context_settings=_HELP)
@click.option(
    "--status",
    type=click.Choice([each.value for each in Status], case_sensitive=False),
    help="Those that stand there only.",
)
@click.option("--type", "type_", help="Those of this type only, as `shop.order`.")
@limit_option
@offset_option
@data_dir_option
@format_option
def list_(
    status: str | None, type_: str | None, limit: int, offset: int, data_dir: Path, format_: Format
) -> None:
    """List sagas, the oldest first.

    \b
    Examples:
      plait saga list --status running
      plait saga list --type shop.order --format json
    """
    wanted = Status(status) if status else None

    async def look() -> tuple[Page[AnySaga], datetime]:
        async with opened(data_dir) as academy:
            page = PageRequest(offset, limit)
            found = await _sagas(academy).list(page, status=wanted, type_=type_)
            return found, academy.platform.clock.now()

    _print_page(*run(look()), format_)


@saga.command(name="timed-out", context_settings=_HELP)
@limit_option
@offset_option
@data_dir_option
@format_option
def timed_out(limit: int, offset: int, data_dir: Path, format_: Format) -> None:
    """List sagas that wait for something that is late, the longest late first.

    A worker sees to most of them within moments. What stays here needs somebody.

    \b
    Example:
      plait saga timed-out
    """

    async def look() -> tuple[Page[AnySaga], datetime]:
        async with opened(data_dir) as academy:
            found = await _sagas(academy).find_timed_out(PageRequest(offset, limit))
            return found, academy.platform.clock.now()

    _print_page(*run(look()), format_)


@saga.command(context_settings=_HELP)
@_id_argument
@data_dir_option
@format_option
def show(id_: str, data_dir: Path, format_: Format) -> None:
    """Show one saga with its steps and its state.

    \b
    Example:
      plait saga show 2f1c8f5e-6c1b-5a3e-9d44-0c8e5f1b7a10
    """

    async def look() -> tuple[AnySaga | None, datetime]:
        async with opened(data_dir) as academy:
            return await _sagas(academy).find(id_), academy.platform.clock.now()

    record, now = run(look())
    if record is None:
        refuse(SAGA_NOT_FOUND, format_)
    if format_ is Format.JSON:
        print_json({"saga": _json(record)})
        return
    print_fields(
        {
            "Id": record.id,
            "Type": record.type,
            "Key": record.key,
            "Status": click.style(record.status, fg=_COLOURS[record.status]),
            "Ends as": record.outcome,
            "Started": ago(record.created_at, now),
            "Changed": ago(record.updated_at, now),
            "Due": _due(record.timeout_at, now),
            "Ended": ago(record.ended_at, now) if record.ended_at else None,
            "Error": record.error and click.style(record.error, fg="red"),
            "State": msgspec.json.format(msgspec.json.encode(record.state), indent=2).decode(),
        }
    )
    if record.steps:
        click.echo()
        print_table(_STEPS, [_step(step, now) for step in record.steps])


@saga.command(context_settings=_HELP)
@_id_argument
@click.option("--reason", required=True, help="Why; it is kept on record, and told whom it concerns.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_dir_option
@format_option
def cancel(id_: str, reason: str, yes: bool, data_dir: Path, format_: Format) -> None:
    """Have a running saga undone: what was done is compensated, from the last step to the first.

    \b
    Example:
      plait saga cancel 2f1c8f5e-6c1b-5a3e-9d44-0c8e5f1b7a10 --reason "ordered twice, ticket 4711"
    """
    confirm(f"Saga {id_} will be undone. Cancel it?", yes=yes)

    async def change() -> AnySaga | None:
        async with opened(data_dir) as academy:
            sagas = _sagas(academy)
            or_refuse(await sagas.cancel(id_, operator(academy), reason=reason), format_)
            return await sagas.find(id_)

    record = run(change())
    if format_ is Format.JSON:
        print_json({"saga": record and _json(record)})
    else:
        click.echo(f"{id_} is {record.status.lower() if record else 'gone'}.")


def _sagas(academy: EdTechPlatform) -> Sagas:
    known = [one for context in academy.contexts for one in context.sagas]
    return Sagas(academy.platform.transactions, known)


def _print_page(page: Page[AnySaga], now: datetime, format_: Format) -> None:
    print_page(page, "sagas", _COLUMNS, row=lambda one: _row(one, now), json=_json, format_=format_)


def _row(record: AnySaga, now: datetime) -> tuple[str, ...]:
    return (
        record.id,
        record.type,
        record.key,
        click.style(record.status, fg=_COLOURS[record.status]),
        ", ".join(f"{step.name} {step.status.lower()}" for step in record.steps),
        ago(record.created_at, now),
        _due(record.timeout_at, now) or "",
        click.style(record.error or "", fg="red"),
    )


def _due(deadline: datetime | None, now: datetime) -> str | None:
    if deadline is None:
        return None
    text = relative(deadline, now)
    return click.style(f"{text}, late", fg="red") if deadline <= now else text


def _step(step: Step, now: datetime) -> tuple[str, ...]:
    return (
        step.name,
        step.status,
        ago(step.begun_at, now),
        *(
            relative(instant, now) if instant else ""
            for instant in (step.deadline, step.completed_at, step.compensated_at)
        ),
    )


def _json(record: AnySaga) -> dict[str, Any]:
    content: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(record))
    return {**content, "timeout_at": record.timeout_at and record.timeout_at.isoformat()}
