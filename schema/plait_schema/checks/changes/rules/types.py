"""Types as a whole."""

from collections.abc import Iterator
from typing import Any, Final

from graphql import (
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_object_type,
    is_scalar_type,
    is_union_type,
)

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.diagnostics import TYPE_ADDED, TYPE_CHANGED_KIND, TYPE_REMOVED

_KINDS: Final = (
    (is_object_type, "object type"),
    (is_interface_type, "interface"),
    (is_union_type, "union"),
    (is_enum_type, "enum"),
    (is_input_object_type, "input object"),
    (is_scalar_type, "scalar"),
)


def types(compared: Comparison) -> Iterator[Change]:
    """Types that came and went, and names that stand for another kind of type."""
    before, after = compared.before.types, compared.after.types
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old is None:
            yield compared.change(TYPE_ADDED, name, f"The {kind_of(new)} {name} was added.")
        elif new is None:
            yield compared.change(TYPE_REMOVED, name, f"The {kind_of(old)} {name} was removed.")
        elif kind_of(old) != kind_of(new):
            message = f"{name} was an {kind_of(old)} and is an {kind_of(new)}."
            message = message.replace("an scalar", "a scalar").replace("an union", "a union")
            yield compared.change(TYPE_CHANGED_KIND, name, message, before=kind_of(old), after=kind_of(new))


def kind_of(type_: Any) -> str:
    """What kind of type it is, in a word or two."""
    return next(kind for holds, kind in _KINDS if holds(type_))
