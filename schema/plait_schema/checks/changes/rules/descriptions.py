"""Descriptions, of whatever has one."""

from collections.abc import Iterator

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.diagnostics import DESCRIPTION_CHANGED


def descriptions(compared: Comparison) -> Iterator[Change]:
    """Of elements that are in both; operations never depend on them."""
    for coordinate, old in compared.before.elements.items():
        new = compared.after.elements.get(coordinate)
        if new is None or (old.description or "") == (new.description or ""):
            continue
        if not old.description:
            message = f"{coordinate} has a description now."
        elif not new.description:
            message = f"{coordinate} no longer has a description."
        else:
            message = f"The description of {coordinate} changed."
        yield compared.change(
            DESCRIPTION_CHANGED,
            coordinate,
            message,
            before=old.description,
            after=new.description,
            touches=(),
        )
