"""What is deprecated, and why."""

from collections.abc import Iterator

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.diagnostics import DEPRECATION_ADDED, DEPRECATION_REASON_CHANGED, DEPRECATION_REMOVED


def deprecation(compared: Comparison) -> Iterator[Change]:
    """Fields, arguments, input fields and enum values that are in both."""
    for coordinate, old in compared.before.elements.items():
        new = compared.after.elements.get(coordinate)
        before, after = getattr(old, "deprecation_reason", None), getattr(new, "deprecation_reason", None)
        if new is None or before == after:
            continue
        if before is None:
            code, message = DEPRECATION_ADDED, f"{coordinate} is deprecated: {after}"
        elif after is None:
            code, message = DEPRECATION_REMOVED, f"{coordinate} is no longer deprecated."
        else:
            code, message = (
                DEPRECATION_REASON_CHANGED,
                f"{coordinate} is deprecated for another reason: {after}",
            )
        yield compared.change(code, coordinate, message, before=before, after=after)
