"""Directives about resolving a field have no place on an interface, whose fields nobody resolves."""

from collections.abc import Iterator

from graphql import InterfaceTypeDefinitionNode

from plait_schema.diagnostics import (
    COST_APPLIED_TO_INTERFACE_FIELD,
    INVALID_SHAREABLE_USAGE,
    Diagnostic,
)
from plait_schema.federation import applied, written_name
from plait_schema.subgraph.model import Subgraph

_FORBIDDEN = {
    "cost": COST_APPLIED_TO_INTERFACE_FIELD,
    "shareable": INVALID_SHAREABLE_USAGE,
}


def interface_fields(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """No `@cost` or `@shareable` on a field of an interface."""
    for name, node in subgraph.types.items():
        if not isinstance(node, InterfaceTypeDefinitionNode):
            continue
        for field in node.fields or ():
            coordinate = f"{name}.{field.name.value}"
            for forbidden, code in _FORBIDDEN.items():
                for directive in applied(field, forbidden)[:1]:
                    yield code.at(
                        coordinate,
                        f"{written_name(directive)} cannot be used on {coordinate}: no subgraph resolves an "
                        "interface's field.",
                        locations=subgraph.locate(directive),
                        fix="Move it to the fields of the implementations.",
                    )
