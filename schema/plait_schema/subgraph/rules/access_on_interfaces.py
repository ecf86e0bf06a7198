"""Access requirements: https://www.apollographql.com/docs/graphos/routing/security/authorization."""

from collections.abc import Iterator

from graphql import InterfaceTypeDefinitionNode, Node

from plait_schema.diagnostics import AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE, Diagnostic
from plait_schema.federation import applied, is_applied, written_name
from plait_schema.federation.fields import fields_of
from plait_schema.subgraph.model import Subgraph

_REQUIREMENTS = ("authenticated", "policy", "requiresScopes")


def access_on_interfaces(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Access is asked of objects and their fields: through an interface one could go around a requirement."""
    for name, node in subgraph.types.items():
        if isinstance(node, InterfaceTypeDefinitionNode):
            kind = "interface"
        elif is_applied(node, "interfaceObject"):
            kind = "interface object"
        else:
            continue
        yield from _requirements(node, name, kind, subgraph)
        for field in fields_of(node):
            yield from _requirements(field, f"{name}.{field.name.value}", kind, subgraph)


def _requirements(node: Node, coordinate: str, kind: str, subgraph: Subgraph) -> Iterator[Diagnostic]:
    for name in _REQUIREMENTS:
        for directive in applied(node, name):
            place = f"a field of an {kind}" if "." in coordinate else f"an {kind}"
            yield AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE.at(
                coordinate,
                f"{written_name(directive)} cannot be applied to {coordinate}: it is {place}.",
                locations=subgraph.locate(directive),
                fix="Apply it to the types that implement the interface, or to their fields.",
            )
