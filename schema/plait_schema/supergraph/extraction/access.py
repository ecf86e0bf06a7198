"""Access requirements of interfaces: a composer takes them over from what implements the interface.

A subgraph cannot have them there, and need not: composing it again brings them back. It can have them on the
fields of an interface object; all implementations have these then.
https://www.apollographql.com/docs/graphos/routing/security/authorization
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from graphql import InterfaceTypeDefinitionNode, Node

from plait_schema.supergraph.document import directives_of
from plait_schema.supergraph.extraction.definitions import Definitions, interfaces_of
from plait_schema.supergraph.extraction.names import Names

_REQUIREMENTS = frozenset({"authenticated", "requiresScopes", "policy"})


@dataclass(frozen=True, slots=True)
class InheritedAccess:
    """By interface and field, or None for the interface itself: what each implementation requires."""

    required: Mapping[tuple[str, str | None], tuple[frozenset[str], ...]]

    def of_interface(self, name: str, field: str | None) -> frozenset[str]:
        """What any implementation requires."""
        return frozenset[str]().union(*self.required.get((name, field), ()))

    def of_interface_object(self, name: str, field: str) -> frozenset[str]:
        """What some implementation requires, and not all: what all require is the interface object's own."""
        all_of_them = reduce(frozenset.intersection, self.required.get((name, field), (frozenset[str](),)))
        return self.of_interface(name, field) - all_of_them


def inherited_access(definitions: Definitions, names: Names) -> InheritedAccess:
    """What interfaces require because some implementation does."""
    found: dict[tuple[str, str | None], list[frozenset[str]]] = {}
    for name, node in definitions.types.items():
        if isinstance(node, InterfaceTypeDefinitionNode):
            continue
        for interface in interfaces_of(node):
            parts: list[tuple[str | None, Node]] = [(None, node), *definitions.fields[name].items()]
            for field, element in parts:
                applied = {names.merged_element(each.name.value) for each in directives_of(element)}
                found.setdefault((interface, field), []).append(_REQUIREMENTS & applied)
    return InheritedAccess({coordinate: tuple(each) for coordinate, each in found.items()})
