"""The arguments of fields and of directives."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from graphql import is_required_argument

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.checks.changes.values import ValueCodes, default_of, value_changes
from plait_schema.diagnostics import (
    ARG_BECAME_OPTIONAL,
    ARG_BECAME_REQUIRED,
    ARG_CHANGED_TYPE,
    ARG_DEFAULT_VALUE_CHANGE,
    ARG_REMOVED,
    ARG_TYPE_WIDENED,
    OPTIONAL_ARG_ADDED,
    REQUIRED_ARG_ADDED,
)

_CODES: Final = ValueCodes(
    what="argument",
    changed_type=ARG_CHANGED_TYPE,
    widened=ARG_TYPE_WIDENED,
    became_required=ARG_BECAME_REQUIRED,
    became_optional=ARG_BECAME_OPTIONAL,
    default_changed=ARG_DEFAULT_VALUE_CHANGE,
)


def arguments(compared: Comparison) -> Iterator[Change]:
    """Arguments that came and went, or take something else."""
    for coordinate, old, new in compared.fields:
        yield from _arguments(compared, coordinate, old.args, new.args)
    for name, old, new in compared.directives:
        yield from _arguments(compared, f"@{name}", old.args, new.args)


def _arguments(
    compared: Comparison, holder: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        coordinate = f"{holder}({name}:)"
        if name not in new:
            yield compared.change(ARG_REMOVED, coordinate, f"The argument {coordinate} was removed.")
        elif name not in old:
            yield _added(compared, holder, coordinate, new[name])
        else:
            yield from value_changes(compared, _CODES, coordinate, old[name], new[name], holder=holder)


def _added(compared: Comparison, holder: str, coordinate: str, new: Any) -> Change:
    is_required = is_required_argument(new)
    code = REQUIRED_ARG_ADDED if is_required else OPTIONAL_ARG_ADDED
    default = default_of(new)
    message = f"The {'required' if is_required else 'optional'} argument {coordinate} was added"
    message += "." if default is None else f", with the default value {default}."
    return compared.change(code, coordinate, message, after=str(new.type), touches=(holder,))
