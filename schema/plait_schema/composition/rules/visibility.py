"""What clients see of the merged schema: everything that is not @inaccessible, nor inside what is."""

from collections.abc import Iterator

from graphql import ConstDirectiveNode

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import (
    MergedField,
    MergedInputObject,
    MergedInputValue,
    MergedInterface,
    MergedObject,
    MergedType,
)
from plait_schema.federation.type_reference import named_type


def is_hidden(element: MergedType | MergedField | MergedInputValue) -> bool:
    """Is the element itself @inaccessible?"""
    return is_inaccessible(element.directives)


def is_inaccessible(directives: tuple[ConstDirectiveNode, ...]) -> bool:
    """Does @inaccessible stand among the directives?"""
    return any(directive.name.value == "inaccessible" for directive in directives)


def visible_types(merged: MergedSchema) -> Iterator[MergedType]:
    """The types that clients see."""
    return (type_ for type_ in merged.types.values() if not is_hidden(type_))


def visible_fields(type_: MergedObject | MergedInterface) -> Iterator[MergedField]:
    """The fields of a visible type that clients see."""
    return (field for field in type_.fields if not is_hidden(field))


def kept_input_values(merged: MergedSchema) -> Iterator[MergedInputValue]:
    """Arguments and input fields of visible parents, inaccessible ones included."""
    for type_ in visible_types(merged):
        match type_:
            case MergedObject() | MergedInterface():
                for field in visible_fields(type_):
                    yield from (argument for argument in field.arguments if argument.is_kept)
            case MergedInputObject():
                yield from (field for field in type_.fields if field.is_kept)
    for directive in merged.directives:
        if directive.is_kept and not directive.is_composed:
            yield from (argument for argument in directive.arguments if argument.is_kept)


def visible_typed(merged: MergedSchema) -> Iterator[MergedField | MergedInputValue]:
    """Everything visible that refers to a type: fields, arguments and input fields."""
    for type_ in visible_types(merged):
        if isinstance(type_, MergedObject | MergedInterface):
            yield from visible_fields(type_)
    yield from (value for value in kept_input_values(merged) if not is_hidden(value))


def refers_to(element: MergedField | MergedInputValue) -> str:
    """The name of the type that the element is of."""
    return named_type(element.type).name.value
