"""Tables for people: columns as wide as what stands in them, the heads dim on a terminal."""

from collections.abc import Sequence

import click

from plait_schema.checks.formats.wording import one_line


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    rows = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    click.echo(click.style(_line(heads, widths), dim=True))
    for row in rows:
        click.echo(_line(row, widths))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
