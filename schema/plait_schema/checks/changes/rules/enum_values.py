"""The values of enums. It matters whether clients send them, get them, or both."""

from collections.abc import Iterator

from graphql import is_enum_type

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.diagnostics import (
    VALUE_ADDED_TO_ENUM,
    VALUE_ADDED_TO_INPUT_ENUM,
    VALUE_REMOVED_FROM_ENUM,
    VALUE_REMOVED_FROM_OUTPUT_ENUM,
)


def enum_values(compared: Comparison) -> Iterator[Change]:
    """Clients get new values that they may not know, and send old ones that nobody takes any more."""
    for name, old, new in compared.types:
        if not is_enum_type(old):
            continue
        for value in sorted(new.values.keys() - old.values.keys()):
            is_got = name in compared.reached_before.outputs
            code = VALUE_ADDED_TO_ENUM if is_got else VALUE_ADDED_TO_INPUT_ENUM
            message = f"The value {value} was added to the enum {name}."
            yield compared.change(code, f"{name}.{value}", message, touches=(name,))
        for value in sorted(old.values.keys() - new.values.keys()):
            is_sent = name in compared.reached_before.inputs or name not in compared.reached_before.outputs
            code = VALUE_REMOVED_FROM_ENUM if is_sent else VALUE_REMOVED_FROM_OUTPUT_ENUM
            message = f"The value {value} was removed from the enum {name}."
            touches = (f"{name}.{value}",) if is_sent else (name,)
            yield compared.change(code, f"{name}.{value}", message, touches=touches)
