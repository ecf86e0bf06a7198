"""Lists that come in parts."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from subgraphs.kernel.domain.page import LARGEST_PAGE

F = TypeVar("F", bound=Callable[..., Any])

limit_option: Callable[[F], F] = click.option(
    "--limit",
    type=click.IntRange(1, LARGEST_PAGE),
    default=20,
    show_default=True,
    help="At most so many.",
)
offset_option: Callable[[F], F] = click.option(
    "--offset", type=click.IntRange(0), default=0, show_default=True, help="Skip so many."
)
