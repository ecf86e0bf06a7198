from collections.abc import Iterator

from graphql import ObjectTypeDefinitionNode

from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedField, MergedInterface, MergedObject, places
from plait_schema.composition.rules.wording import named
from plait_schema.diagnostics import (
    INCONSISTENT_ENTITY,
    INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD,
    INCONSISTENT_OBJECT_VALUE_TYPE_FIELD,
    Code,
    Diagnostic,
)
from plait_schema.federation import is_applied

_ROOTS = frozenset({"Query", "Mutation", "Subscription"})


def value_types(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A type without key should be the same wherever it is; an entity should have a key everywhere.

    What one subgraph lacks must be fetched in another way, which may not exist on all paths.
    """
    for type_ in merged.composites():
        if type_.name in _ROOTS or len(type_.declared) < 2:
            continue
        keyed = [each for each in type_.declared if is_applied(each.node, "key")]
        if not keyed:
            yield from _missing_fields(type_)
        elif isinstance(type_, MergedObject) and len(keyed) < len(type_.declared):
            others = [each.name for each in type_.declared if each not in keyed]
            yield INCONSISTENT_ENTITY.at(
                type_.name,
                f"{type_.name} has a key in {named(each.name for each in keyed)}, none in {named(others)}.",
                locations=places(type_.declared),
            )


def _missing_fields(type_: MergedObject | MergedInterface) -> Iterator[Diagnostic]:
    is_object = isinstance(type_, MergedObject)
    if not is_object and any(isinstance(each.node, ObjectTypeDefinitionNode) for each in type_.declared):
        return  # an interface object is there to have other fields
    code = INCONSISTENT_OBJECT_VALUE_TYPE_FIELD if is_object else INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD
    for field in type_.fields:
        yield from _missing(type_, field, code)


def _missing(type_: MergedObject | MergedInterface, field: MergedField, code: Code) -> Iterator[Diagnostic]:
    present = {source.subgraph for source in field.sources}
    lacking = [each.name for each in type_.declared if each.name not in present]
    if present and lacking:
        yield code.at(
            field.coordinate,
            f"{field.coordinate} is defined in {named(present)}, not in {named(lacking)}.",
            subgraphs=[each.name for each in type_.declared],
            locations=places(field.declared),
        )
