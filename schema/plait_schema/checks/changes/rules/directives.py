"""Definitions of directives. What only schemas can use is not reachable for operations."""

from collections.abc import Iterator

from graphql import DirectiveLocation

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.checks.changes.reach import EXECUTABLE
from plait_schema.diagnostics import (
    DIRECTIVE_ADDED,
    DIRECTIVE_LOCATION_ADDED,
    DIRECTIVE_LOCATION_REMOVED,
    DIRECTIVE_REMOVED,
    DIRECTIVE_REPEATABLE_ADDED,
    DIRECTIVE_REPEATABLE_REMOVED,
)


def directives(compared: Comparison) -> Iterator[Change]:
    """Directives that came and went, where they can stand, and whether they can be repeated."""
    before, after = compared.before.directives, compared.after.directives
    for name in sorted(before.keys() - after.keys()):
        yield compared.change(DIRECTIVE_REMOVED, f"@{name}", f"The directive @{name} was removed.")
    for name in sorted(after.keys() - before.keys()):
        yield compared.change(DIRECTIVE_ADDED, f"@{name}", f"The directive @{name} was added.")
    for name, old, new in compared.directives:
        yield from _locations(compared, name, set(old.locations), set(new.locations))
        if old.is_repeatable and not new.is_repeatable:
            message = f"The directive @{name} can no longer be repeated."
            yield compared.change(DIRECTIVE_REPEATABLE_REMOVED, f"@{name}", message)
        if new.is_repeatable and not old.is_repeatable:
            message = f"The directive @{name} can be repeated now."
            yield compared.change(DIRECTIVE_REPEATABLE_ADDED, f"@{name}", message)


def _locations(
    compared: Comparison, name: str, old: set[DirectiveLocation], new: set[DirectiveLocation]
) -> Iterator[Change]:
    for location in sorted(old - new, key=lambda each: each.name):
        message = f"The directive @{name} can no longer stand on {location.name}."
        # an operation never had it where only schemas can
        reached_by = f"@{name}" if location in EXECUTABLE else "@"
        yield compared.change(
            DIRECTIVE_LOCATION_REMOVED, f"@{name}", message, before=location.name, reached_by=reached_by
        )
    for location in sorted(new - old, key=lambda each: each.name):
        message = f"The directive @{name} can stand on {location.name} now."
        yield compared.change(DIRECTIVE_LOCATION_ADDED, f"@{name}", message, after=location.name)
