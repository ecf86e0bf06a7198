"""Access requirements: https://www.apollographql.com/docs/graphos/routing/security/authorization."""

from collections.abc import Iterator

from graphql import InterfaceTypeDefinitionNode, Node

from plait_schema.diagnostics import AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE, Diagnostic
from plait_schema.federation import applied, is_applied, written_name
from plait_schema.federation.fields import fields_of
from plait_schema.subgraph.model import Subgraph

_REQUIREMENTS = ("authenticated", "policy", "requiresScopes")


def access_on_interfaces(subgraph: Subgraph) -> Iterator[Diagnostic]:
    """Access is asked of objects and their fields: through an interface one could go around a requirement.

    An interface object resolves its own fields, so these may have requirements.
    """
    for name, node in subgraph.types.items():
        if isinstance(node, InterfaceTypeDefinitionNode):
            yield from _requirements(node, name, "an interface", subgraph)
            for field in fields_of(node):
                coordinate = f"{name}.{field.name.value}"
                yield from _requirements(field, coordinate, "a field of an interface", subgraph)
        elif is_applied(node, "interfaceObject"):
            yield from _requirements(node, name, "an interface object", subgraph)


def _requirements(node: Node, coordinate: str, place: str, subgraph: Subgraph) -> Iterator[Diagnostic]:
    for name in _REQUIREMENTS:
        for directive in applied(node, name):
            yield AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE.at(
                coordinate,
                f"{written_name(directive)} cannot be applied to {coordinate}: it is {place}.",
                locations=subgraph.locate(directive),
                fix="Apply it to the types that implement the interface, or to their fields.",
            )
