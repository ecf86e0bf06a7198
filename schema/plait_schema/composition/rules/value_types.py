from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedInterface, MergedObject
from plait_schema.composition.rules.wording import named
from plait_schema.diagnostics import (
    INCONSISTENT_ENTITY,
    INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD,
    INCONSISTENT_OBJECT_VALUE_TYPE_FIELD,
    Diagnostic,
)
from plait_schema.federation import is_applied

_ROOTS = frozenset({"Query", "Mutation", "Subscription"})


def value_types(merged: MergedSchema) -> Iterator[Diagnostic]:
    """A type without key should be the same wherever it is; an entity should have a key everywhere.

    What one subgraph lacks must be fetched in another way, which may not exist on all paths.
    """
    for type_ in merged.composites():
        if len(type_.declared) < 2:
            continue
        keyed = [each for each in type_.declared if is_applied(each.node, "key")]
        if isinstance(type_, MergedInterface) or (not keyed and type_.name not in _ROOTS):
            yield from _missing_fields(type_)
        elif keyed and len(keyed) < len(type_.declared):
            others = [each.name for each in type_.declared if each not in keyed]
            yield INCONSISTENT_ENTITY.at(
                type_.name,
                f"{type_.name} has a key in {named(each.name for each in keyed)}, none in {named(others)}.",
                locations=places(type_.declared),
            )


def _only_external(type_: MergedObject | MergedInterface) -> frozenset[str]:
    """The subgraphs that resolve no field of the type: they name those that they need."""
    sources = [source for field in type_.fields for source in field.sources]
    resolving = {source.subgraph for source in sources if not source.is_external}
    return frozenset(source.subgraph for source in sources if source.subgraph not in resolving)


def _missing_fields(type_: MergedObject | MergedInterface) -> Iterator[Diagnostic]:
    """Interface objects have other fields than the interface: that is what they are for."""
    declared = [each for each in type_.declared if not is_applied(each.node, "interfaceObject")]
    if isinstance(type_, MergedObject):
        code = INCONSISTENT_OBJECT_VALUE_TYPE_FIELD
    elif any(is_applied(each.node, "key") for each in declared):
        return
    else:
        code = INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD
    external = _only_external(type_)
    for field in type_.fields:
        present = {source.subgraph for source in field.sources}
        lacking = [each.name for each in declared if each.name not in present | external]
        if present & {each.name for each in declared} and lacking:
            yield code.at(
                field.coordinate,
                f"{field.coordinate} is defined in {named(present)}, not in {named(lacking)}.",
                subgraphs=[each.name for each in type_.declared],
                locations=places(field.declared),
            )
