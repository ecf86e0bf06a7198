"""Diagnostics for people, on standard error."""

from collections import Counter
from collections.abc import Iterator, Sequence

import click

from plait_schema.diagnostics import Diagnostic, Location, Severity

_COLORS = {Severity.ERROR: "red", Severity.HINT: "cyan"}


def print_diagnostics(diagnostics: Sequence[Diagnostic]) -> None:
    """Each finding with its places and its fix, a line that counts them, and where there is more to read."""
    for diagnostic in diagnostics:
        click.secho(_head(diagnostic), fg=_COLORS[diagnostic.severity], err=True)
        for line in _body(diagnostic):
            click.echo(f"  {line}", err=True)
    if diagnostics:
        click.echo(_total(diagnostics), err=True)
        click.echo(f"See `plait explain {diagnostics[0].code}` for an example and its mend.", err=True)


def _head(diagnostic: Diagnostic) -> str:
    coordinate = f" {diagnostic.coordinate}" if diagnostic.coordinate else ""
    return f"{diagnostic.severity} {diagnostic.code}{coordinate}"


def _body(diagnostic: Diagnostic) -> Iterator[str]:
    yield from diagnostic.message.splitlines()
    for place in diagnostic.locations:
        yield f"at {place.subgraph} {_position(place)}"
    located = {place.subgraph for place in diagnostic.locations}
    if others := [name for name in diagnostic.subgraphs if name not in located]:
        yield f"in {', '.join(others)}"
    if diagnostic.fix:
        yield f"fix: {diagnostic.fix}"


def _position(place: Location) -> str:
    position = f"{place.line}:{place.column}"
    return f"{place.file}:{position}" if place.file else position


def _total(diagnostics: Sequence[Diagnostic]) -> str:
    counted = Counter(diagnostic.severity for diagnostic in diagnostics)
    return ", ".join(
        f"{count} {severity}{'s' if count > 1 else ''}"
        for severity in (Severity.ERROR, Severity.HINT)
        if (count := counted[severity])
    )
