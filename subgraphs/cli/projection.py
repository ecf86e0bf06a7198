"""`plait projection`: read models."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

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
    print_json,
    print_table,
    refuse,
    tell,
)
from subgraphs.cli.times import ago, duration
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Result
from subgraphs.kernel.projections import Projections, ProjectionStatus, Status
from subgraphs.platform import EdTechPlatform

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

_COLUMNS = (
    Column("NAME", flexible=True),
    Column("GEN", is_number=True),
    Column("VERSION", is_number=True),
    Column("STATUS"),
    Column("SINCE"),
    Column("BEHIND"),
    Column("STOPPED BY", flexible=True),
)
_COLOURS = {Status.LIVE: "green", Status.BUILDING: "cyan", Status.RETIRED: "bright_black"}
_HELP = {"help_option_names": ["-h", "--help"]}
_LOOK_EVERY_SECONDS = 0.5
_MOST_DAYS = 100 * 365

_STOPPED = DomainError("STOPPED", "It came to a stop: look at `plait projection list`")
_GIVEN_UP = DomainError("GIVEN_UP", "Somebody has given it up")

_reason_option = click.option("--reason", required=True, help="Why; it is kept on record.")
_yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


def _about_one(command: F) -> F:
    """The options of every verb that is about one read model."""
    return click.argument("name")(data_dir_option(format_option(command)))


def _for_a_reason(command: F) -> F:
    """Of one that has to be justified, besides."""
    return _reason_option(_yes_option(_about_one(command)))


@click.group(context_settings=_HELP)
def projection() -> None:
    """Look at read models, build them anew, go back, get past what stops them.

    A read model is filled from logs. Built anew, it is filled beside the one that is read, and takes over
    when it has caught up: nobody waits. An event that it cannot take in stops it, until it is resumed with a
    program that can, or the event is skipped.

    \b
    Exit codes:
      0  done
      1  refused, or it came to a stop (rebuild --wait)
      3  bad usage, or a database that cannot be used
    """


@projection.command(name="list", context_settings=_HELP)
@data_dir_option
@format_option
def list_(data_dir: Path, format_: Format) -> None:
    """List read models with their generations, and how far each is behind its logs.

    \b
    Example:
      plait projection list
    """

    async def look() -> tuple[tuple[ProjectionStatus, ...], datetime]:
        async with opened(data_dir) as academy:
            return await _projections(academy).list(), academy.platform.clock.now()

    found, now = run(look())
    if format_ is Format.JSON:
        print_json({"projections": [_json(one) for one in found]})
    elif not found:
        click.echo("No read models.")
    else:
        print_table(_COLUMNS, [_row(one, now) for one in found])


@projection.command(context_settings=_HELP)
@click.option("--wait", is_flag=True, help="Until it is read. Ctrl-C leaves it being built.")
@_about_one
def rebuild(name: str, wait: bool, data_dir: Path, format_: Format) -> None:
    """Build a read model anew, beside the one that is read.

    A process with the role projector does it. The one that is read now is kept, to go back to.

    \b
    Example:
      plait projection rebuild gamification.players --wait
    """

    async def change() -> int:
        async with opened(data_dir) as academy:
            projections = _projections(academy)
            number = or_refuse(await projections.rebuild(name, operator(academy)), format_)
            if wait:
                await _until_read(projections, name, number, format_)
            return number

    number = run(change())
    said = "is read" if wait else "is being built"
    tell(f"Generation {number} of {name} {said}.", {"name": name, "generation": number}, format_)


@projection.command(context_settings=_HELP)
@_yes_option
@_about_one
def cancel(name: str, yes: bool, data_dir: Path, format_: Format) -> None:
    """Give up the generation that is being built.

    \b
    Example:
      plait projection cancel gamification.players
    """
    confirm(f"What is being built of {name} will be dropped. Go on?", yes=yes)
    number = _change(data_dir, format_, lambda projections, request: projections.cancel(name, request))
    tell(f"Generation {number} of {name} is given up.", {"name": name, "generation": number}, format_)


@projection.command(context_settings=_HELP)
@_for_a_reason
def rollback(name: str, reason: str, yes: bool, data_dir: Path, format_: Format) -> None:
    """Go back to the newest generation that is kept.

    \b
    Example:
      plait projection rollback gamification.players --reason "levels are wrong, ticket 4711"
    """
    confirm(f"An earlier generation of {name} will be read. Go back?", yes=yes)
    number = _change(
        data_dir, format_, lambda projections, request: projections.rollback(name, request, reason=reason)
    )
    tell(f"Generation {number} of {name} is read again.", {"name": name, "generation": number}, format_)


@projection.command(context_settings=_HELP)
@_for_a_reason
def skip(name: str, reason: str, yes: bool, data_dir: Path, format_: Format) -> None:
    """Go on behind the event that a read model is stopped by, as if it had changed nothing.

    \b
    Example:
      plait projection skip gamification.players --reason "an award for nobody, ticket 4711"
    """
    confirm(f"{name} will never take in the event that it is stopped by. Skip it?", yes=yes)
    why = _change(
        data_dir, format_, lambda projections, request: projections.skip(name, request, reason=reason)
    )
    tell(
        f"{name} goes on behind number {why.seq} of {why.source}.",
        {"name": name, "skipped": {"source": why.source, "seq": why.seq, "error": why.error}},
        format_,
    )


@projection.command(context_settings=_HELP)
@_about_one
def resume(name: str, data_dir: Path, format_: Format) -> None:
    """Try the event again that a read model is stopped by: after its handler was mended.

    \b
    Example:
      plait projection resume gamification.players
    """
    why = _change(data_dir, format_, lambda projections, request: projections.resume(name, request))
    tell(
        f"{name} tries number {why.seq} of {why.source} again.",
        {"name": name, "retried": {"source": why.source, "seq": why.seq, "error": why.error}},
        format_,
    )


@projection.command(name="drop-old", context_settings=_HELP)
@click.option(
    "--older-than",
    type=click.IntRange(0, _MOST_DAYS),
    default=7,
    show_default=True,
    metavar="DAYS",
    help="Those that were not read for so long.",
)
@_yes_option
@_about_one
def drop_old(name: str, older_than: int, yes: bool, data_dir: Path, format_: Format) -> None:
    """Drop generations that nobody will go back to.

    \b
    Example:
      plait projection drop-old gamification.players --older-than 30
    """
    confirm(f"Generations of {name} will be dropped for good. Go on?", yes=yes)
    dropped = _change(
        data_dir,
        format_,
        lambda projections, request: projections.drop_old(
            name, request, older_than=timedelta(days=older_than)
        ),
    )
    tell(
        f"{counted(len(dropped), 'generation')} of {name} dropped.",
        {"name": name, "dropped": list(dropped)},
        format_,
    )


def _projections(academy: EdTechPlatform) -> Projections:
    known = [one for context in academy.contexts for one in context.projections]
    return Projections(academy.platform.transactions, known)


def _change(
    data_dir: Path,
    format_: Format,
    act: Callable[[Projections, RequestContext], Awaitable[Result[T, DomainError]]],
) -> T:
    async def change() -> T:
        async with opened(data_dir) as academy:
            return or_refuse(await act(_projections(academy), operator(academy)), format_)

    return run(change())


async def _until_read(projections: Projections, name: str, number: int, format_: Format) -> None:
    """Show how far it has come, until it is read; refuse when it never will be."""
    with ExitStack() as shown:
        progress = None
        while True:
            found = [one for one in await projections.list() if (one.name, one.generation) == (name, number)]
            if not found:
                refuse(_GIVEN_UP, format_)
            (generation,) = found
            if generation.status is not Status.BUILDING:
                return
            if generation.stopped is not None:
                refuse(_STOPPED, format_)
            behind = generation.entries_behind
            if progress is None:
                bar = click.progressbar(length=max(behind, 1), label=f"Building {name}", file=sys.stderr)
                progress = shown.enter_context(bar)
            progress.update(max(0, (progress.length or 0) - behind - progress.pos))
            await asyncio.sleep(_LOOK_EVERY_SECONDS)


def _row(one: ProjectionStatus, now: datetime) -> tuple[str, ...]:
    return (
        one.name,
        str(one.generation),
        str(one.version),
        click.style(one.status, fg=_COLOURS.get(one.status)),
        ago(one.since, now),
        _behind(one),
        click.style(f"{one.stopped.source} {one.stopped.seq}: {one.stopped.error}", fg="red")
        if one.stopped
        else "",
    )


def _behind(one: ProjectionStatus) -> str:
    if not one.entries_behind:
        return "nothing"
    seconds = duration(timedelta(seconds=one.seconds_behind))
    return f"{counted(one.entries_behind, 'event')}, {seconds}"


def _json(one: ProjectionStatus) -> dict[str, Any]:
    content: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(one))
    return {**content, "events_behind": one.entries_behind, "seconds_behind": one.seconds_behind}
