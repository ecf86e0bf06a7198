from collections.abc import Iterator

from graphql import (
    ConstValueNode,
    EnumValueNode,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    ObjectValueNode,
    TypeNode,
)

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedEnum, MergedInputObject
from plait_schema.composition.rules.visibility import is_hidden, kept_input_values
from plait_schema.diagnostics import DEFAULT_VALUE_USES_INACCESSIBLE, Diagnostic
from plait_schema.federation.type_reference import named_type


def inaccessible_defaults(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A visible default value must use visible enum values and input fields only.

    https://specs.apollo.dev/inaccessible/v0.2
    """
    for value in kept_input_values(merged):
        if value.default is None or is_hidden(value):
            continue
        for coordinate in _hidden_in(merged, value.default, value.type):
            yield DEFAULT_VALUE_USES_INACCESSIBLE.at(
                value.coordinate,
                f"The default value of {value.coordinate} is visible, but uses {coordinate},"
                f" which is @inaccessible.",
                locations=places(value.declared),
                fix=f"Use another default value, or make {coordinate} visible.",
            )


def _hidden_in(merged: MergedSchema, value: ConstValueNode, type_: TypeNode) -> Iterator[str]:
    if isinstance(type_, NonNullTypeNode):
        type_ = type_.type
    named = merged.types.get(named_type(type_).name.value)
    if named is not None and is_hidden(named):
        return  # that the type is referred to is said already
    match value:
        case ListValueNode(values=items):
            inner = type_.type if isinstance(type_, ListTypeNode) else type_
            for item in items:
                yield from _hidden_in(merged, item, inner)
        case EnumValueNode(value=name) if isinstance(named, MergedEnum):
            yield from (
                each.coordinate for each in named.values if each.name == name and each.is_inaccessible
            )
        case ObjectValueNode(fields=given) if isinstance(named, MergedInputObject):
            fields = {field.name: field for field in named.fields}
            for entry in given:
                field = fields.get(entry.name.value)
                if field is None:
                    continue
                if is_hidden(field):
                    yield field.coordinate
                else:
                    yield from _hidden_in(merged, entry.value, field.type)
        case _:
            return
