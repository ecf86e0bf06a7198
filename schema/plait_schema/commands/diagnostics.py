"""Diagnostics for people, on standard error."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import click

from plait_schema.commands.excerpts import Excerpts, printable
from plait_schema.diagnostics import Diagnostic, Location, Severity

_COLORS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.HINT: "cyan"}
_MOST_EXCERPTS: Final = 4  # of one finding


def print_diagnostics(diagnostics: Sequence[Diagnostic], sdl: Mapping[str, str]) -> None:
    """Each finding with its places and its fix, a line that counts them, and where there is more to read.

    `sdl` holds the schemas of the subgraphs by name, for excerpts.
    """
    excerpts = {name: Excerpts(sdl[name]) for name in _located(diagnostics) if name in sdl}
    for diagnostic in diagnostics:
        _print_head(diagnostic)
        for line in diagnostic.message.split("\n"):
            click.echo(f"  {printable(line)}".rstrip(), err=True)
        for line in _places(diagnostic, excerpts):
            click.echo(f"  {line}", err=True)
        if diagnostic.fix:
            click.echo(f"  {click.style('fix:', fg='green')} {printable(diagnostic.fix)}", err=True)
        click.echo(err=True)
    if diagnostics:
        click.echo(_total(diagnostics), err=True)
        click.echo(f"See `plait explain {diagnostics[0].code}` for an example and its mend.", err=True)


def _located(diagnostics: Sequence[Diagnostic]) -> dict[str, None]:
    return dict.fromkeys(place.subgraph for diagnostic in diagnostics for place in diagnostic.locations)


def _print_head(diagnostic: Diagnostic) -> None:
    head = f"{diagnostic.severity} {diagnostic.code}"
    severity = click.style(head, fg=_COLORS[diagnostic.severity], bold=True)
    coordinate = f" {printable(diagnostic.coordinate)}" if diagnostic.coordinate else ""
    click.echo(f"{severity}{coordinate}", err=True)


def _places(diagnostic: Diagnostic, excerpts: Mapping[str, Excerpts]) -> Iterator[str]:
    for number, place in enumerate(diagnostic.locations):
        yield f"at {place.subgraph} {_position(place)}"
        if number < _MOST_EXCERPTS and place.subgraph in excerpts:
            yield from (f"    {click.style(line, dim=True)}" for line in excerpts[place.subgraph].at(place))
    located = {place.subgraph for place in diagnostic.locations}
    if others := [name for name in diagnostic.subgraphs if name not in located]:
        yield f"in {', '.join(others)}"


def _position(place: Location) -> str:
    position = f"{place.line}:{place.column}"
    return f"{place.file}:{position}" if place.file else position


def _total(diagnostics: Sequence[Diagnostic]) -> str:
    counted = Counter(diagnostic.severity for diagnostic in diagnostics)
    return ", ".join(
        f"{count} {severity}{'s' if count > 1 else ''}"
        for severity in Severity
        if (count := counted[severity])
    )
