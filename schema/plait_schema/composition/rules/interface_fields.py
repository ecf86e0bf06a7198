from collections.abc import Iterator

from plait_schema.composition.declared import places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import MergedInterface, MergedObject
from plait_schema.composition.rules.wording import named
from plait_schema.diagnostics import INTERFACE_FIELD_NO_IMPLEM, Diagnostic


def interface_fields(merged: MergedSchema) -> Iterator[Diagnostic]:
    """Every type must have all fields of its interfaces, also those that only another subgraph knows."""
    for type_ in merged.composites():
        own = {field.name for field in type_.fields}
        for name in sorted(type_.interfaces):
            interface = merged.types.get(name)
            if isinstance(interface, MergedInterface):
                yield from _check(type_, own, interface)


def _check(
    type_: MergedObject | MergedInterface, own: set[str], interface: MergedInterface
) -> Iterator[Diagnostic]:
    for field in interface.fields:
        if field.name not in own:
            yield INTERFACE_FIELD_NO_IMPLEM.at(
                f"{type_.name}.{field.name}",
                f"{type_.name} implements {interface.name}, but has no field {field.name}, which the"
                f" interface has in {named(source.subgraph for source in field.sources)}.",
                subgraphs=[each.name for each in type_.declared] + [s.subgraph for s in field.sources],
                locations=[*places(type_.declared), *places(field.declared)],
                fix=f"Add the field to {type_.name} in one of its subgraphs,"
                f" or remove it from the interface.",
            )
