"""Access requirements of interfaces: a composer takes them over from what implements the interface.

A subgraph cannot have them there, and need not: composing it again brings them back.
https://www.apollographql.com/docs/graphos/routing/security/authorization
"""

from collections.abc import Mapping
from typing import TypeAlias

from graphql import InterfaceTypeDefinitionNode, Node

from plait_schema.supergraph.document import directives_of
from plait_schema.supergraph.extraction.definitions import Definitions, interfaces_of
from plait_schema.supergraph.extraction.names import Names

_REQUIREMENTS = frozenset({"authenticated", "requiresScopes", "policy"})

InheritedAccess: TypeAlias = Mapping[tuple[str, str | None], frozenset[str]]
"""By interface and field, or None for the interface itself: the requirements that an implementation has."""


def inherited_access(definitions: Definitions, names: Names) -> InheritedAccess:
    """What interfaces require because some implementation does."""
    found: dict[tuple[str, str | None], frozenset[str]] = {}
    for name, node in definitions.types.items():
        if isinstance(node, InterfaceTypeDefinitionNode):
            continue
        for interface in interfaces_of(node):
            parts: list[tuple[str | None, Node]] = [(None, node), *definitions.fields[name].items()]
            for field, element in parts:
                applied = {names.merged_element(each.name.value) for each in directives_of(element)}
                coordinate = (interface, field)
                found[coordinate] = found.get(coordinate, frozenset()) | (_REQUIREMENTS & applied)
    return found
