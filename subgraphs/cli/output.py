"""Tables for people, JSON for programs.

JSON is one object on standard output with `schema_version`, whose fields stay. What is refused is an object
with `error` there, and a line on standard error for people; the exit code is 1.
"""

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NoReturn, TypeVar

import click

from subgraphs.kernel.domain import DomainError, Failure, Result

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

SCHEMA_VERSION = 1

_GAP = "  "
_NARROWEST = 12

_CONTROL: Final = re.compile(r"\x1b(?!\[[0-9;]*m)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
"""What moves a terminal's cursor, names its window and the like; colours are ours."""


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


format_option: Callable[[F], F] = click.option(
    "--format",
    "format_",
    type=click.Choice([each.value for each in Format]),
    callback=lambda _context, _option, name: Format(name),
    default=Format.TEXT.value,
    show_default=True,
    help="A table for people, or JSON for programs.",
)


@dataclass(frozen=True, slots=True)
class Column:
    """`flexible` columns are cut on a terminal that is too narrow; numbers stand right."""

    title: str
    flexible: bool = False
    is_number: bool = False


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Aligned, on a terminal within its width; whole in a file or a pipe. Cells may be styled."""
    cells = [[" ".join(_harmless(cell).split()) for cell in row] for row in rows]
    widths = [
        max([len(column.title), *(_length(row[index]) for row in cells)])
        for index, column in enumerate(columns)
    ]
    if sys.stdout.isatty():
        _squeeze(widths, columns, shutil.get_terminal_size().columns)
    click.echo(_line([click.style(column.title, bold=True) for column in columns], widths, columns))
    for row in cells:
        click.echo(_line(row, widths, columns))


def print_fields(fields: Mapping[str, str | None]) -> None:
    """One thing, a line for each of its fields that has a value."""
    shown = {name: value for name, value in fields.items() if value}
    width = max(map(len, shown), default=0)
    for name, value in shown.items():
        label = click.style(f"{name:<{width}}", bold=True)
        first, *more = _harmless(value).splitlines()
        click.echo(f"{label}{_GAP}{first}")
        for line in more:
            click.echo(f"{' ' * width}{_GAP}{line}")


def print_json(content: Mapping[str, Any]) -> None:
    """One object, with its `schema_version`."""
    click.echo(
        json.dumps({"schema_version": SCHEMA_VERSION, **content}, indent=2, ensure_ascii=False, default=str)
    )


def tell(text: str, content: Mapping[str, Any], format_: Format) -> None:
    """Say what was done."""
    if format_ is Format.JSON:
        print_json(content)
    else:
        click.echo(text)


def or_refuse(result: Result[T, DomainError], format_: Format) -> T:
    """What came of it; or say why nothing did, and exit with 1."""
    if isinstance(result, Failure):
        refuse(result.error, format_)
    return result.value


def refuse(error: DomainError, format_: Format) -> NoReturn:
    """Say why nothing was done, and exit with 1."""
    if format_ is Format.JSON:
        print_json({"error": {"code": error.code, "message": error.message}})
    click.echo(f"{click.style('Refused', fg='red')}: {error.message} [{error.code}]", err=True)
    raise click.exceptions.Exit(1)


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something is done that cannot be undone. Without a terminal, `--yes` must have been said."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(f"{question} Nobody is here to ask: say --yes.")
    click.confirm(question, abort=True, err=True)


def counted(number: int, thing: str, things: str | None = None) -> str:
    """As `1 message`, `2 messages`."""
    return f"{number} {thing if number == 1 else things or f'{thing}s'}"


def _squeeze(widths: list[int], columns: Sequence[Column], available: int) -> None:
    """Take from the widest flexible column until all fits, or all of them are narrow."""
    while sum(widths) + len(_GAP) * (len(widths) - 1) > available:
        flexible = [index for index, column in enumerate(columns) if column.flexible]
        widest = max(flexible, key=widths.__getitem__, default=None)
        if widest is None or widths[widest] <= _NARROWEST:
            return
        widths[widest] -= 1


def _line(cells: Sequence[str], widths: Sequence[int], columns: Sequence[Column]) -> str:
    padded = []
    for cell, width, column in zip(cells, widths, columns, strict=True):
        shown = cell if _length(cell) <= width else _cut(cell, width)
        space = " " * (width - _length(shown))
        padded.append(f"{space}{shown}" if column.is_number else f"{shown}{space}")
    return _GAP.join(padded).rstrip()


def _cut(cell: str, width: int) -> str:
    """Its beginning, in its style."""
    plain = click.unstyle(cell)
    return cell.replace(plain, f"{plain[: width - 1]}…")


def _harmless(text: str) -> str:
    """What others have written, as it may be shown on a terminal."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _length(cell: str) -> int:
    return len(click.unstyle(cell))
