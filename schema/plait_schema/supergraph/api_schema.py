"""The API schema: what is left for clients when inaccessible elements are gone.

https://specs.apollo.dev/inaccessible/v0.2
"""

from typing import TypeVar

from graphql import DefinitionNode, NamedTypeNode, Node, TypeDefinitionNode

from plait_schema.supergraph.document import SupergraphDocument
from plait_schema.supergraph.machinery import changed, without_applications

_Node = TypeVar("_Node", bound=Node)


def api_definitions(
    definitions: tuple[DefinitionNode, ...], document: SupergraphDocument
) -> tuple[DefinitionNode, ...]:
    """The definitions without inaccessible types, fields, arguments and values, and without machinery."""
    hidden = {
        node.name.value
        for node in definitions
        if isinstance(node, TypeDefinitionNode) and _is_hidden(node, document)
    }
    return tuple(
        without_applications(_visible(node, hidden, document))
        for node in definitions
        if not (isinstance(node, TypeDefinitionNode) and node.name.value in hidden)
    )


def _is_hidden(node: Node, document: SupergraphDocument) -> bool:
    return any(True for _ in document.applied(node, "inaccessible", specification="inaccessible"))


def _visible(node: _Node, hidden: set[str], document: SupergraphDocument) -> _Node:
    changes: dict[str, object] = {}
    for key in ("fields", "arguments", "values"):
        if children := getattr(node, key, None):
            changes[key] = tuple(
                _visible(child, hidden, document) for child in children if not _is_hidden(child, document)
            )
    for key in ("interfaces", "types"):
        if names := getattr(node, key, None):
            changes[key] = tuple(name for name in names if _name(name) not in hidden)
    if operations := getattr(node, "operation_types", None):
        changes["operation_types"] = tuple(
            operation for operation in operations if _name(operation.type) not in hidden
        )
    return changed(node, changes)


def _name(node: NamedTypeNode) -> str:
    return node.name.value
