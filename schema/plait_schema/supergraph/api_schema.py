"""The API schema: what is left for clients when inaccessible elements are gone.

https://specs.apollo.dev/inaccessible/v0.2
"""

from dataclasses import replace
from typing import TypeVar

from graphql import GraphQLSchema, NamedTypeNode, Node, TypeDefinitionNode

from plait_schema.supergraph.applications import changed, without_applications
from plait_schema.supergraph.document import SupergraphDocument, valid_schema

_Node = TypeVar("_Node", bound=Node)


def api_schema_of(document: SupergraphDocument) -> GraphQLSchema:
    """The schema without inaccessible types, fields, arguments and values; raises SupergraphError.

    Where nothing can be inaccessible it is the document's own schema, whose nodes still have the
    applications of the specifications' directives.
    """
    if "inaccessible" not in document.links:
        return valid_schema(document)
    hidden = {
        node.name.value
        for node in document.own
        if isinstance(node, TypeDefinitionNode) and _is_hidden(node, document)
    }
    visible = tuple(
        without_applications(_visible(node, hidden, document))
        for node in document.own
        if not (isinstance(node, TypeDefinitionNode) and node.name.value in hidden)
    )
    return valid_schema(replace(document, definitions=visible))


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
