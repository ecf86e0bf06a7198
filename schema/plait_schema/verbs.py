"""Commands that packages add through entry points, loaded when used: `plait compose` pays for no gateway."""

from importlib.metadata import EntryPoint, entry_points
from typing import cast

import click


def installed(group: str) -> dict[str, EntryPoint]:
    """The entry points of a group, by name."""
    return {entry.name: entry for entry in entry_points(group=group)}


def load_command(entry: EntryPoint, *, called: str) -> click.Command:
    """The command of an entry point; where its extra is not installed, one that says what to install."""
    try:
        return cast(click.Command, entry.load())
    except ModuleNotFoundError as error:
        if not entry.extras:
            raise
        return _missing_extra(entry, error, called)


def _missing_extra(entry: EntryPoint, error: ModuleNotFoundError, called: str) -> click.Command:
    extras = ",".join(entry.extras)
    needs = f"needs {error.name}: pip install 'plait[{extras}]'"

    @click.command(name=entry.name, help=f"({needs})", context_settings={"ignore_unknown_options": True})
    @click.argument("arguments", nargs=-1)
    def missing(arguments: tuple[str, ...]) -> None:
        raise click.ClickException(f"`{called}` {needs}")

    return missing
