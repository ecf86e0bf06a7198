"""Changes to fields and directives all over a set of types."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias, TypeVar

from graphql import (
    ConstDirectiveNode,
    FieldDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    TypeDefinitionNode,
)

Types: TypeAlias = Mapping[str, TypeDefinitionNode]

_Node = TypeVar("_Node", TypeDefinitionNode, FieldDefinitionNode)


def map_fields(
    types: Types, change: Callable[[FieldDefinitionNode, TypeDefinitionNode], FieldDefinitionNode]
) -> Types:
    """The types with every field of objects and interfaces changed; `change` gets the field and its type."""
    return {name: _with_mapped_fields(node, change) for name, node in types.items()}


def map_directives(node: _Node, change: Callable[[ConstDirectiveNode], ConstDirectiveNode | None]) -> _Node:
    """The node with every applied directive changed, or dropped where `change` gives None."""
    changed = [change(directive) for directive in node.directives or ()]
    return replace(node, directives=tuple(directive for directive in changed if directive))


def with_fields(node: TypeDefinitionNode, fields: tuple[FieldDefinitionNode, ...]) -> TypeDefinitionNode:
    """An object or interface type with these fields; every other type as it is."""
    if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
        return replace(node, fields=fields)
    return node


def _with_mapped_fields(
    node: TypeDefinitionNode, change: Callable[[FieldDefinitionNode, TypeDefinitionNode], FieldDefinitionNode]
) -> TypeDefinitionNode:
    if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
        return replace(node, fields=tuple(change(field, node) for field in node.fields or ()))
    return node
