"""Commands that packages add through entry points, loaded when used: `plait compose` pays for no gateway."""

import re
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
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


def lacks_extra(entry: EntryPoint) -> bool:
    """Whether something is not installed that one of its extras asks for, on every platform."""
    lines = (entry.dist.requires if entry.dist else None) or []
    wanted = {f"extra == '{extra}'" for extra in entry.extras}
    names = [line for line in lines if line.partition("; ")[2].replace('"', "'") in wanted]
    return any(not _is_installed(re.split(r"[^\w.-]", name, maxsplit=1)[0]) for name in names)


def _is_installed(distribution: str) -> bool:
    try:
        version(distribution)
    except PackageNotFoundError:
        return False
    return True


def _missing_extra(entry: EntryPoint, error: ModuleNotFoundError, called: str) -> click.Command:
    extras = ",".join(entry.extras)
    needs = f"needs {error.name}: pip install 'plait[{extras}]'"

    @click.command(name=entry.name, help=f"({needs})", context_settings={"ignore_unknown_options": True})
    @click.argument("arguments", nargs=-1)
    def missing(arguments: tuple[str, ...]) -> None:
        raise click.ClickException(f"`{called}` {needs}")

    return missing
