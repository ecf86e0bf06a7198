"""@inaccessible on elements of the merged schema."""

from dataclasses import replace

from graphql import ConstDirectiveNode, NameNode

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import (
    MergedEnum,
    MergedEnumValue,
    MergedField,
    MergedInputObject,
    MergedInputValue,
    MergedInterface,
    MergedObject,
    MergedType,
)
from plait_schema.composition.rules.visibility import is_inaccessible


def hide(merged: MergedSchema, coordinates: frozenset[str]) -> MergedSchema:
    """The schema with @inaccessible on these elements. What is inside a hidden type needs none."""
    if not coordinates:
        return merged
    return replace(merged, types={name: _hide_in(type_, coordinates) for name, type_ in merged.types.items()})


def _hide_in(type_: MergedType, coordinates: frozenset[str]) -> MergedType:
    if type_.coordinate in coordinates:
        return replace(type_, directives=_hidden(type_.directives))
    match type_:
        case MergedObject() | MergedInterface():
            return replace(type_, fields=tuple(_field(field, coordinates) for field in type_.fields))
        case MergedInputObject():
            return replace(type_, fields=tuple(_input_value(field, coordinates) for field in type_.fields))
        case MergedEnum():
            return replace(type_, values=tuple(_enum_value(value, coordinates) for value in type_.values))
        case _:
            return type_


def _field(field: MergedField, coordinates: frozenset[str]) -> MergedField:
    if field.coordinate in coordinates:
        return replace(field, directives=_hidden(field.directives))
    return replace(
        field, arguments=tuple(_input_value(argument, coordinates) for argument in field.arguments)
    )


def _input_value(value: MergedInputValue, coordinates: frozenset[str]) -> MergedInputValue:
    if value.coordinate not in coordinates:
        return value
    return replace(value, directives=_hidden(value.directives))


def _enum_value(value: MergedEnumValue, coordinates: frozenset[str]) -> MergedEnumValue:
    if value.coordinate not in coordinates:
        return value
    return replace(value, directives=_hidden(value.directives), is_inaccessible=True)


def _hidden(directives: tuple[ConstDirectiveNode, ...]) -> tuple[ConstDirectiveNode, ...]:
    """With @inaccessible where a subgraph's would be: by name, and before the contexts."""
    if is_inaccessible(directives):
        return directives
    names = [directive.name.value for directive in directives]
    place = next(
        (index for index, name in enumerate(names) if name == "context" or name > "inaccessible"), len(names)
    )
    inaccessible = ConstDirectiveNode(name=NameNode(value="inaccessible"))
    return (*directives[:place], inaccessible, *directives[place:])
