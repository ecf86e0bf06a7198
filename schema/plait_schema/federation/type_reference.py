"""References to types in the syntax tree: `[Course!]!` refers to Course."""

from collections.abc import Callable
from dataclasses import replace

from graphql import ListTypeNode, NamedTypeNode, NameNode, NonNullTypeNode, TypeNode


def named_type(node: TypeNode) -> NamedTypeNode:
    """The reference inside all lists and non-nulls."""
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    assert isinstance(node, NamedTypeNode)
    return node


def with_named_type(node: TypeNode, rename: Callable[[str], str]) -> TypeNode:
    """The same reference to the renamed type; the node itself when the name stays."""
    inner = named_type(node)
    if (name := rename(inner.name.value)) == inner.name.value:
        return node
    return _wrapped_like(node, replace(inner, name=NameNode(value=name, loc=inner.name.loc)))


def _wrapped_like(node: TypeNode, inner: NamedTypeNode) -> TypeNode:
    match node:
        case ListTypeNode():
            return replace(node, type=_wrapped_like(node.type, inner))
        case NonNullTypeNode():
            nullable = _wrapped_like(node.type, inner)
            assert isinstance(nullable, NamedTypeNode | ListTypeNode)
            return replace(node, type=nullable)
        case _:
            return inner
