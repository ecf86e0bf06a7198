from collections.abc import Iterator

from graphql import InterfaceTypeDefinitionNode

from plait_schema.composition.merge import MergedSchema
from plait_schema.diagnostics import OVERRIDE_ON_INTERFACE, Diagnostic
from plait_schema.federation import applied, written_name


def interface_overrides(merged: MergedSchema) -> Iterator[Diagnostic]:
    """What no subgraph resolves cannot move from one subgraph to another."""
    for interface in merged.interfaces():
        for declared in interface.declared:
            if not isinstance(declared.node, InterfaceTypeDefinitionNode):
                continue
            for field in declared.node.fields or ():
                coordinate = f"{interface.name}.{field.name.value}"
                for directive in applied(field, "override"):
                    yield OVERRIDE_ON_INTERFACE.at(
                        coordinate,
                        f"{written_name(directive)} cannot be used on {coordinate}: no subgraph resolves an"
                        " interface's field.",
                        locations=declared.subgraph.locate(directive),
                        fix="Move it to the fields of the implementations.",
                    )
