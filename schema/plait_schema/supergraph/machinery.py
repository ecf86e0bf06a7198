"""The supergraph without what only composers and gateways read: the linked specifications' elements."""

from collections.abc import Iterable
from typing import TypeVar

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    Node,
    SchemaExtensionNode,
    TypeDefinitionNode,
)

from plait_schema.federation.link import Link
from plait_schema.supergraph.document import SupergraphDocument, directives_of

CLIENT_DIRECTIVES = frozenset({"deprecated", "specifiedBy", "oneOf"})

_Node = TypeVar("_Node", bound=Node)


def without_machinery(document: SupergraphDocument) -> tuple[DefinitionNode, ...]:
    """Definitions of the specifications are dropped. Their applications stay until `api_definitions`."""
    links = tuple(document.links.values())
    return tuple(node for node in document.definitions if not is_machinery(node, links))


def without_applications(node: _Node) -> _Node:
    """The definition with no directives but those that clients see, on it and everything in it."""
    changes: dict[str, object] = {}
    for key in ("fields", "arguments", "values"):
        if children := getattr(node, key, None):
            changes[key] = tuple(without_applications(child) for child in children)
    if applied := directives_of(node):
        changes["directives"] = tuple(d for d in applied if d.name.value in CLIENT_DIRECTIVES)
    return changed(node, changes)


def changed(node: _Node, changes: dict[str, object]) -> _Node:
    """A copy of an (immutable) node with other values for some of its keys."""
    if not changes:
        return node
    values = {key: getattr(node, key, None) for key in (*node.keys, "loc")}
    return type(node)(**(values | changes))


def is_machinery(node: DefinitionNode, links: Iterable[Link]) -> bool:
    """Is it a definition of one of these specifications, or an extension that only links some?"""
    match node:
        case DirectiveDefinitionNode():
            return any(_owns_directive(link, node.name.value) for link in links)
        case TypeDefinitionNode():
            return any(_owns_type(link, node.name.value) for link in links)
        case SchemaExtensionNode():
            return True
        case _:
            return False


def _owns_directive(link: Link, name: str) -> bool:
    return (
        name == link.namespace
        or name.startswith(f"{link.namespace}__")
        or f"@{name}" in link.imports.values()
    )


def _owns_type(link: Link, name: str) -> bool:
    return name.startswith(f"{link.namespace}__") or name in link.imports.values()
