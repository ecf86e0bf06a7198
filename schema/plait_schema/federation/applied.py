"""Directives applied to a node of canonical SDL, where federation's directives have their own plain names."""

from dataclasses import dataclass, replace
from typing import TypeVar

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldDefinitionNode,
    Node,
    SelectionSetNode,
    StringValueNode,
    TypeDefinitionNode,
    ValueNode,
)

from plait_schema.federation.field_set import parse_field_set

_Node = TypeVar("_Node", bound=Node)


@dataclass(frozen=True, slots=True)
class Key:
    """One `@key` of an entity: https://specs.apollo.dev/federation/v2.0 - @key."""

    field_set: str  # as written
    selection_set: SelectionSetNode
    resolvable: bool
    node: DirectiveNode


@dataclass(frozen=True, slots=True)
class Override:
    """An `@override`: the field moves here from another subgraph, for as much traffic as the label says."""

    source: str
    label: str | None
    node: DirectiveNode


def applied(node: Node, name: str) -> tuple[DirectiveNode, ...]:
    """The applications of the directive, `name` without its @, in the order they are written."""
    directives: tuple[DirectiveNode, ...] = getattr(node, "directives", None) or ()
    return tuple(directive for directive in directives if directive.name.value == name)


def is_applied(node: Node, name: str) -> bool:
    """Whether the directive, `name` without its @, stands on the node."""
    return bool(applied(node, name))


def argument(directive: DirectiveNode, name: str) -> ValueNode | None:
    """The value as written, None when the argument is left out."""
    return next((given.value for given in directive.arguments or () if given.name.value == name), None)


def string_argument(directive: DirectiveNode, name: str) -> str | None:
    """The text of a string argument; None when it is left out, null or no string."""
    value = argument(directive, name)
    return value.value if isinstance(value, StringValueNode) else None


def boolean_argument(directive: DirectiveNode, name: str, *, default: bool) -> bool:
    """The value of a Boolean argument, and the default when it is left out, null or no Boolean."""
    value = argument(directive, name)
    return value.value if isinstance(value, BooleanValueNode) else default


def written_name(directive: DirectiveNode) -> str:
    """What the author calls the directive, with its @: canonical names hide imports under other names."""
    loc = directive.name.loc
    return f"@{loc.source.body[loc.start : loc.end] if loc else directive.name.value}"


def keys_of(node: TypeDefinitionNode) -> tuple[Key, ...]:
    """The keys of a type of a valid subgraph, in the order they are written.

    Raises GraphQLSyntaxError for a field set that `load_subgraph` would have refused.
    """
    return tuple(
        Key(text, parse_field_set(text), boolean_argument(directive, "resolvable", default=True), directive)
        for directive in applied(node, "key")
        if (text := string_argument(directive, "fields")) is not None
    )


def override_of(field: FieldDefinitionNode) -> Override | None:
    """From where the field moves to this subgraph (`@override`); an empty label is none."""
    for directive in applied(field, "override"):
        source = string_argument(directive, "from")
        return Override(source or "", string_argument(directive, "label") or None, directive)
    return None


def without(node: _Node, *names: str) -> _Node:
    """The node without the applications of these directives; the node itself when it has none."""
    directives: tuple[DirectiveNode, ...] = getattr(node, "directives", None) or ()
    kept = tuple(directive for directive in directives if directive.name.value not in names)
    return node if len(kept) == len(directives) else replace(node, directives=kept)  # type: ignore[call-arg]  # every node that has directives takes them
