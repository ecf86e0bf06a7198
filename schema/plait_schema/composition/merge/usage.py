"""Where types are used in the supergraph: as input, as output, or both. Enums are merged by it."""

from collections.abc import Iterable
from dataclasses import dataclass

from plait_schema.composition.merged import (
    MergedDirective,
    MergedInputObject,
    MergedInterface,
    MergedObject,
    MergedType,
)
from plait_schema.federation.type_reference import named_type


@dataclass(frozen=True, slots=True)
class TypeUsage:
    """Names of the types that some field returns, and of those that some argument or input field takes."""

    inputs: frozenset[str]
    outputs: frozenset[str]


def find_usage(types: Iterable[MergedType], directives: Iterable[MergedDirective]) -> TypeUsage:
    """Look at every merged field, argument and input field; arguments that are left out do not count."""
    inputs: set[str] = set()
    outputs: set[str] = set()
    for type_ in types:
        match type_:
            case MergedObject() | MergedInterface():
                for field in type_.fields:
                    outputs.add(named_type(field.type).name.value)
                    inputs.update(
                        named_type(each.type).name.value for each in field.arguments if each.is_kept
                    )
            case MergedInputObject():
                inputs.update(named_type(each.type).name.value for each in type_.fields)
    for directive in directives:
        if not directive.is_kept:
            continue
        inputs.update(named_type(each.type).name.value for each in directive.arguments if each.is_kept)
    return TypeUsage(frozenset(inputs), frozenset(outputs))
