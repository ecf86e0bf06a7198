"""`scripts/bench`."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any, Final, TextIO

import click

from benchmarks import composition, execution, gateway, introspection, memory, planning
from benchmarks.figures import gateway_table, is_valid
from benchmarks.kernel import backlog, projections, rates
from benchmarks.kernel.databases import DATABASES
from benchmarks.measuring.processes import NotStartedError
from benchmarks.workload.operations import SHAPES

_ALL: Final = ",".join(SHAPES)


def _commands(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    commands: dict[str, str] = {}
    for one in given:
        name, _equals, command = one.partition("=")
        if not name.strip() or not command.strip():
            raise click.BadParameter(f"{one!r} is not NAME=COMMAND")
        if name == gateway.ECHO or name in commands:
            raise click.BadParameter(f"the name {name!r} is taken")
        commands[name] = command
    return commands


def _operations(_: click.Context, __: click.Parameter, given: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in given.split(","))
    if unknown := [name for name in names if name not in SHAPES]:
        raise click.BadParameter(f"there is no {unknown[0]!r}; there are {', '.join(SHAPES)}")
    return names


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument(
    "what",
    type=click.Choice(
        [
            *("gateway", "execution", "composition", "planning", "introspection"),
            *("kernel", "memory", "backlog", "projections"),
        ]
    ),
    required=False,
)
@click.option(
    "--gateway",
    "commands",
    metavar="NAME=COMMAND",
    multiple=True,
    callback=_commands,
    help="A gateway to measure, {supergraph} and {port} filled in; may be repeated.",
)
@click.option(
    "--operations",
    default=_ALL,
    metavar="NAMES",
    callback=_operations,
    show_default=True,
    help="Which operations to load gateways with, and to execute.",
)
@click.option(
    "--rounds", type=click.IntRange(1, 100), help="Rounds of each server, or executor, with each operation."
)
@click.option("--seconds", type=click.FloatRange(0.1, 600), help="Length of a round, or of `memory`.")
@click.option("--connections", type=click.IntRange(1, 500), default=50, show_default=True)
@click.option(
    "--messages",
    type=click.IntRange(1_000, 10_000_000),
    default=100_000,
    show_default=True,
    help="How many messages wait in `backlog`.",
)
@click.option("--pin", is_flag=True, help="A processor of its own for what is measured (needs two).")
@click.option(
    "--json",
    "json_file",
    type=click.File("w", lazy=False, atomic=True),
    help="Where all figures go as JSON, those of every round, too.",
)
def bench(
    what: str | None,
    commands: dict[str, str],
    operations: tuple[str, ...],
    rounds: int | None,
    seconds: float | None,
    connections: int,
    messages: int,
    *,
    pin: bool,
    json_file: TextIO | None,
) -> None:
    """Measure what plait costs, and print Markdown tables.

    Without WHAT, a short version of all but `memory`, `backlog` and `projections`. `gateway` loads gateways
    over the academy's graph, side by side with an echo server: figures in brackets are ratios to that.
    `execution` runs compiled program and reference interpreter in turns, without servers. `composition` shows
    growth from 10 to 200 subgraphs, `planning` the time to plan what no cache knows, `introspection` that to
    tell a whole schema. `kernel` counts commands and messages beside bare commits. `memory` shows what a
    gateway holds over `--seconds`, while no query is like any before it, `backlog` what a worker holds while
    `--messages` wait. `projections` fills read models beside a bare loop of inserts. See
    benchmarks/README.md.

    \b
    Compare two versions in alternating rounds:
      scripts/bench gateway --pin \\
        --gateway before='../before/.venv/bin/plait gateway --supergraph {supergraph} --port {port}' \\
        --gateway now='.venv/bin/plait gateway --supergraph {supergraph} --port {port}'

    \b
    Exit codes:
      0  measured
      1  a wrong answer, or memory that grows: that figure is INVALID
      3  bad usage, or a gateway that does not start
    """
    short = what is None
    if commands and short:
        what = "gateway"
    figures: dict[str, list[dict[str, Any]]] = {}
    valid = True
    if what in (None, "gateway"):
        settings = gateway.Settings(
            shapes=operations,
            rounds=rounds or (3 if short else 5),
            seconds=seconds or (1.0 if short else 3.0),
            connections=connections,
            pin=pin,
        )
        try:
            measured = gateway.measure(commands or {"plait": gateway.THIS}, settings, _say)
        except (NotStartedError, ValueError) as error:
            raise click.ClickException(str(error)) from error
        _show("Gateway", gateway_table(measured, unit=gateway.ECHO))
        figures["gateway"] = [asdict(one) for one in measured]
        valid = is_valid(measured)
    if what in (None, "execution"):
        try:
            executed = execution.measure(
                operations,
                rounds=rounds or (3 if short else 5),
                seconds=seconds or (0.3 if short else 1.0),
                say=_say,
            )
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        _show("Execution", execution.execution_table(executed))
        figures["execution"] = [asdict(one) for one in executed]
    if what in (None, "composition"):
        composed = composition.measure((10, 25, 50, 100) if short else composition.SIZES, _say)
        _show("Composition", composition.composition_table(composed))
        figures["composition"] = [asdict(one) for one in composed]
    if what in (None, "planning"):
        planned = planning.measure(
            sizes=(10, 100) if short else (10, 25, 50, 100),
            overlaps=(10, 30) if short else (10, 30, 60),
            repetitions=5 if short else 15,
            say=_say,
        )
        _show("Planning", planning.planning_table(planned))
        figures["planning"] = [asdict(one) for one in planned]
    if what in (None, "introspection"):
        try:
            told = introspection.measure(
                (100, 1000) if short else (100, 1000, 10_000), repetitions=rounds or 3, say=_say
            )
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        _show("Introspection", introspection.introspection_table(told))
        figures["introspection"] = [asdict(one) for one in told]
    if what in (None, "kernel"):
        counted = rates.measure(
            rounds=rounds or (2 if short else 5),
            seconds=seconds or (0.5 if short else 2.0),
            workers=(1, 2),
            say=_say,
        )
        _show("Kernel", rates.rates_table(counted))
        figures["kernel"] = [asdict(one) for one in counted]
    if what == "projections":
        taken_in = projections.measure(events=4000, rounds=rounds or 3, say=_say)
        _show("Projections", projections.projections_table(taken_in))
        figures["projections"] = [asdict(one) for one in taken_in]
    if what == "memory":
        command = next(iter(commands.values()), gateway.THIS)
        try:
            samples = list(_told(memory.measure(command, seconds or 60.0)))
        except NotStartedError as error:
            raise click.ClickException(str(error)) from error
        _show("Memory", memory.memory_table(samples))
        figures["memory"] = [asdict(one) for one in samples]
        valid = not any(one.complaint for one in samples)
    if what == "backlog":
        drained = [backlog.measure(database, messages, _say) for database in DATABASES]
        lines = [line for one in drained for line in one]
        _show("Backlog", backlog.backlog_table(lines))
        figures["backlog"] = [asdict(line) for line in lines]
        valid = all(backlog.is_bounded(one) for one in drained)
        if not valid:
            click.echo(f"\nINVALID: memory grew by more than {backlog.BOUND_MB:.0f} MB")
    if json_file is not None:
        json_file.write(json.dumps(figures, indent=1) + "\n")
    if not valid:
        raise click.exceptions.Exit(1)


def _told(samples: Iterable[memory.Sample]) -> Iterator[memory.Sample]:
    for sample in samples:
        _say(f"{sample.seconds:.0f} s: {sample.requests} requests, {sample.resident_mb:.0f} MB")
        yield sample


def _say(line: str) -> None:
    click.echo(f"  {line}", err=True)


def _show(title: str, text: str) -> None:
    click.echo(f"\n### {title}\n\n{text}")


def main() -> None:
    """Run the command line; like `plait`, it exits with 3 for what the user got wrong."""
    try:
        code = bench.main(prog_name="scripts/bench", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = 3
    except click.Abort:
        code = 130
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
