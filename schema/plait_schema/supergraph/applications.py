"""Definitions without what only composers and gateways read: the applied directives of specifications."""

from typing import TypeVar

from graphql import Node

from plait_schema.supergraph.document import directives_of

CLIENT_DIRECTIVES = frozenset({"deprecated", "specifiedBy", "oneOf"})

_Node = TypeVar("_Node", bound=Node)


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
