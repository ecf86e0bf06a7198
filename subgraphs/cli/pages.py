"""Lists that come in parts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import click

from subgraphs.cli.output import Column, Format, print_json, print_table
from subgraphs.kernel.domain import Page
from subgraphs.kernel.domain.page import LARGEST_PAGE

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

LARGEST_NUMBER: Final = 2**63 - 1
"""That a database knows."""

limit_option: Callable[[F], F] = click.option(
    "--limit",
    type=click.IntRange(1, LARGEST_PAGE),
    default=20,
    show_default=True,
    help="At most so many.",
)
offset_option: Callable[[F], F] = click.option(
    "--offset", type=click.IntRange(0, LARGEST_NUMBER), default=0, show_default=True, help="Skip so many."
)


def print_page(
    page: Page[T],
    called: str,
    columns: Sequence[Column],
    *,
    row: Callable[[T], Sequence[str]],
    json: Callable[[T], Mapping[str, Any]],
    format_: Format,
) -> None:
    """A part of a list of what is `called` so, and how to see the next one."""
    if format_ is Format.JSON:
        items = [json(one) for one in page.items]
        print_json({called: items, "total": page.total, "offset": page.offset})
        return
    if not page.items:
        click.echo(f"No {called}." if page.total == 0 else f"No more {called}: there are {page.total}.")
        return
    print_table(columns, [row(one) for one in page.items])
    if page.has_more:
        last = page.offset + len(page.items)
        click.echo(f"{page.offset + 1} to {last} of {page.total}; the next: --offset {last}")
