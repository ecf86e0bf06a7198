"""The fields of input objects, and whether exactly one of them must be given (`@oneOf`)."""

from collections.abc import Iterator
from typing import Final

from graphql import is_input_object_type, is_required_input_field

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.checks.changes.values import ValueCodes, default_of, value_changes
from plait_schema.diagnostics import (
    INPUT_FIELD_BECAME_OPTIONAL,
    INPUT_FIELD_BECAME_REQUIRED,
    INPUT_FIELD_CHANGED_TYPE,
    INPUT_FIELD_DEFAULT_VALUE_CHANGE,
    INPUT_FIELD_REMOVED,
    INPUT_FIELD_TYPE_WIDENED,
    ONE_OF_ADDED,
    ONE_OF_REMOVED,
    OPTIONAL_INPUT_FIELD_ADDED,
    REQUIRED_INPUT_FIELD_ADDED,
)

_CODES: Final = ValueCodes(
    what="input field",
    changed_type=INPUT_FIELD_CHANGED_TYPE,
    widened=INPUT_FIELD_TYPE_WIDENED,
    became_required=INPUT_FIELD_BECAME_REQUIRED,
    became_optional=INPUT_FIELD_BECAME_OPTIONAL,
    default_changed=INPUT_FIELD_DEFAULT_VALUE_CHANGE,
)


def input_fields(compared: Comparison) -> Iterator[Change]:
    """Input fields that came and went, or take something else."""
    for name, old, new in compared.types:
        if not is_input_object_type(old):
            continue
        for field in sorted(old.fields.keys() | new.fields.keys()):
            coordinate = f"{name}.{field}"
            if field not in new.fields:
                message = f"The input field {coordinate} was removed."
                yield compared.change(INPUT_FIELD_REMOVED, coordinate, message)
            elif field not in old.fields:
                added = new.fields[field]
                is_required = is_required_input_field(added)
                code = REQUIRED_INPUT_FIELD_ADDED if is_required else OPTIONAL_INPUT_FIELD_ADDED
                message = (
                    f"The {'required' if is_required else 'optional'} input field {coordinate} was added"
                )
                default = default_of(added)
                message += "." if default is None else f", with the default value {default}."
                yield compared.change(code, coordinate, message, after=str(added.type), touches=(name,))
            else:
                yield from value_changes(
                    compared, _CODES, coordinate, old.fields[field], new.fields[field], holder=name
                )


def one_of(compared: Comparison) -> Iterator[Change]:
    """What clients send may have several fields, or none, until the input object says otherwise."""
    for name, old, new in compared.types:
        if not is_input_object_type(old) or old.is_one_of == new.is_one_of:
            continue
        if new.is_one_of:
            yield compared.change(ONE_OF_ADDED, name, f"{name} takes exactly one of its fields now.")
        else:
            yield compared.change(ONE_OF_REMOVED, name, f"{name} takes any of its fields again.")
