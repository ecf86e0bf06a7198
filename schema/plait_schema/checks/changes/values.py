"""What arguments and input fields have in common: a type, and perhaps a default value."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import is_non_null_type, print_ast
from graphql.utilities import get_default_value_ast

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.checks.changes.variance import promises
from plait_schema.diagnostics import Code


@dataclass(frozen=True, slots=True)
class ValueCodes:
    """What the changes of arguments, or of input fields, are called."""

    what: str
    changed_type: Code
    widened: Code
    became_required: Code
    became_optional: Code
    default_changed: Code


def value_changes(
    compared: Comparison, codes: ValueCodes, coordinate: str, old: Any, new: Any, *, holder: str
) -> Iterator[Change]:
    """How an input value differs. `holder` is what operations mention that leave it out."""
    before, after = str(old.type), str(new.type)
    default_before, default_after = default_of(old), default_of(new)
    if before != after:
        code = codes.widened if promises(old.type, new.type) else codes.changed_type
        message = f"The {codes.what} {coordinate} was {before} and is {after}."
        left_out = (holder,) if is_non_null_type(new.type) and default_after is None else ()
        touches = (coordinate, *left_out)
        yield compared.change(code, coordinate, message, before=before, after=after, touches=touches)
    if default_before == default_after:
        return
    code = codes.default_changed
    if is_non_null_type(new.type) and default_after is None:
        code = codes.became_required
    elif is_non_null_type(old.type) and default_before is None:
        code = codes.became_optional
    message = (
        f"The default value of the {codes.what} {coordinate} was {default_before or 'none'}"
        f" and is {default_after or 'none'}."
    )
    yield compared.change(
        code, coordinate, message, before=default_before, after=default_after, touches=(holder,)
    )


def default_of(value: Any) -> str | None:
    """The default value as it would be written, or None."""
    node = get_default_value_ast(value)
    return None if node is None else print_ast(node)
