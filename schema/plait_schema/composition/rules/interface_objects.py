from collections.abc import Iterator

from plait_schema.composition.declared import Declared, places
from plait_schema.composition.merge import MergedSchema
from plait_schema.composition.merged import CompositeNode, MergedInterface
from plait_schema.composition.rules.wording import listed
from plait_schema.diagnostics import INTERFACE_OBJECT_USAGE_ERROR, Diagnostic
from plait_schema.federation import applied, is_applied, written_name


def interface_objects(merged: MergedSchema) -> Iterator[Diagnostic]:
    """An @interfaceObject stands for an interface that another subgraph defines.

    The subgraph that has it must not know the interface's implementations: it could not say whether an
    object is resolved as the interface object or as itself.
    https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/entities/interfaces
    """
    for interface in merged.interfaces():
        stand_ins = tuple(each for each in interface.declared if is_applied(each.node, "interfaceObject"))
        if not stand_ins:
            continue
        if len(stand_ins) == len(merged.declared_types[interface.name]):  # else the kinds do not match
            yield INTERFACE_OBJECT_USAGE_ERROR.at(
                interface.name,
                f"{interface.name} is an @interfaceObject, but no subgraph defines an interface"
                f" {interface.name}.",
                locations=places(stand_ins),
                fix="Define the interface in the subgraph that knows its implementations, or check the name.",
            )
        yield from _known_implementations(merged, interface)
        yield from _costs(stand_ins)


def _costs(stand_ins: tuple[Declared[CompositeNode], ...]) -> Iterator[Diagnostic]:
    """In the supergraph the type is an interface, which cannot have a cost of its own."""
    for each in stand_ins:
        for directive in applied(each.node, "cost"):
            name = each.node.name.value
            yield INTERFACE_OBJECT_USAGE_ERROR.at(
                name,
                f"{written_name(directive)} cannot be used on {name}, an interface in the supergraph.",
                locations=each.subgraph.locate(directive),
                fix="Move it to the fields.",
            )


def _known_implementations(merged: MergedSchema, interface: MergedInterface) -> Iterator[Diagnostic]:
    implementations = [type_.name for type_ in merged.objects() if interface.name in type_.interfaces]
    for each in interface.declared:
        known = [name for name in implementations if name in each.subgraph.types]
        if known and is_applied(each.node, "interfaceObject"):
            yield INTERFACE_OBJECT_USAGE_ERROR.at(
                interface.name,
                f'{interface.name} is an @interfaceObject in "{each.name}", which also defines'
                f" {listed(known)}: {'an implementation' if len(known) == 1 else 'implementations'}"
                f" of the interface.",
                locations=[*each.places, *each.subgraph.locate(*(each.subgraph.types[n] for n in known))],
                fix="Have either the @interfaceObject or the implementations in one subgraph.",
            )
