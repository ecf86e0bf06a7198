from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import (
    MergedField,
    MergedInputValue,
    MergedInterface,
    MergedObject,
    MergedType,
)
from plait_schema.composition.rules.visibility import is_hidden, visible_fields, visible_types
from plait_schema.diagnostics import IMPLEMENTED_BY_INACCESSIBLE, Diagnostic


def inaccessible_implementations(merged: MergedSchema) -> Iterator[Diagnostic]:
    """What is visible of a visible interface must be visible in the types that implement it.

    https://specs.apollo.dev/inaccessible/v0.2
    """
    hiding = {name for name, type_ in merged.types.items() if _hides_something(type_)}
    for type_ in visible_types(merged):
        if isinstance(type_, MergedObject | MergedInterface) and type_.name in hiding:
            for name in sorted(type_.interfaces):
                interface = merged.types.get(name)
                if isinstance(interface, MergedInterface) and not is_hidden(interface):
                    yield from _fields(type_, interface)


def _hides_something(type_: MergedType) -> bool:
    return isinstance(type_, MergedObject | MergedInterface) and any(
        is_hidden(field) or any(map(is_hidden, field.arguments)) for field in type_.fields
    )


def _fields(type_: MergedObject | MergedInterface, interface: MergedInterface) -> Iterator[Diagnostic]:
    own = {field.name: field for field in type_.fields}
    for field in visible_fields(interface):
        implementing = own.get(field.name)
        if implementing is None:
            continue
        if is_hidden(implementing):
            yield _hidden(field, implementing)
            continue
        arguments = {argument.name: argument for argument in implementing.arguments}
        for argument in field.arguments:
            found = arguments.get(argument.name)
            if argument.is_kept and not is_hidden(argument) and found is not None and is_hidden(found):
                yield _hidden(argument, found)


def _hidden(
    element: MergedField | MergedInputValue, implementing: MergedField | MergedInputValue
) -> Diagnostic:
    return IMPLEMENTED_BY_INACCESSIBLE.at(
        element.coordinate,
        f"{element.coordinate} is visible, but {implementing.coordinate}, which implements it,"
        f" is @inaccessible.",
        locations=[*places(element.declared), *places(implementing.declared)],
        fix=f"Make {element.coordinate} @inaccessible, too, or {implementing.coordinate} visible.",
    )
