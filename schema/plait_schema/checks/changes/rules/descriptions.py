"""Descriptions, of whatever has one: the schema itself, too."""

from collections.abc import Iterator

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.checks.changes.graph import name_of
from plait_schema.diagnostics import DESCRIPTION_CHANGED


def descriptions(compared: Comparison) -> Iterator[Change]:
    """Of elements that are in both; operations never depend on them."""
    for coordinate, old in compared.before.elements.items():
        new = compared.after.elements.get(coordinate)
        if new is None or (old.description or "") == (new.description or ""):
            continue
        happened = "changed" if old.description and new.description else "was added"
        if not new.description:
            happened = "was removed"
        message = f"The description of {name_of(coordinate)} {happened}."
        yield compared.change(
            DESCRIPTION_CHANGED,
            coordinate,
            message,
            before=old.description,
            after=new.description,
            touches=(),
        )
