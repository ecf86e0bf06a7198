"""How `plait dev` tells what it is doing."""

import click


def tell(line: str) -> None:
    """A line about what is going on, less loud than what it leads to."""
    click.secho(f"  {line}", dim=True)
