"""What Federation 1 read over: keys of interfaces, and ownership of their fields."""

from graphql import FieldDefinitionNode, InterfaceTypeDefinitionNode, TypeDefinitionNode

from plait_schema.federation import without
from plait_schema.subgraph.rewriting import Types, map_fields


def interfaces_with_keys(types: Types) -> frozenset[str]:
    """The interfaces that lose their key."""
    return frozenset(name for name, node in types.items() if _without_key(node) is not node)


def without_ignored(types: Types) -> Types:
    """The types without directives that meant nothing where they stand."""
    types = {name: _without_key(node) for name, node in types.items()}
    return map_fields(types, _without_ownership)


def _without_key(node: TypeDefinitionNode) -> TypeDefinitionNode:
    return without(node, "key") if isinstance(node, InterfaceTypeDefinitionNode) else node


def _without_ownership(field: FieldDefinitionNode, type_: TypeDefinitionNode) -> FieldDefinitionNode:
    if isinstance(type_, InterfaceTypeDefinitionNode):
        return without(field, "external", "requires", "provides")
    return field
