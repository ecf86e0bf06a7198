"""What every federated server has besides its schema: `_service`, `_entities` and their types.

https://www.apollographql.com/docs/graphos/reference/federation/subgraph-spec
"""

from dataclasses import replace

from graphql import (
    DefinitionNode,
    DocumentNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationType,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
)

from plait_schema.subgraph.definitions import MACHINERY_TYPES
from plait_schema.subgraph.roots import operation_types

MACHINERY_FIELDS = frozenset({"_service", "_entities"})


def without_machinery(document: DocumentNode) -> DocumentNode:
    """The document without federation's own fields and types; a query type that has nothing else goes too."""
    roots = [
        node.type.name.value for node in operation_types(document) if node.operation is OperationType.QUERY
    ]
    query = roots[0] if roots else "Query"
    definitions = tuple(
        _without_fields(node, query)
        for node in document.definitions
        if not (
            isinstance(node, TypeDefinitionNode | TypeExtensionNode) and node.name.value in MACHINERY_TYPES
        )
    )
    if _is_emptied(document.definitions, definitions, query):
        definitions = tuple(_without_type(node, query) for node in definitions if not _declares(node, query))
    return replace(document, definitions=definitions)


def _declares(node: DefinitionNode, name: str) -> bool:
    return isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode) and node.name.value == name


def _without_fields(node: DefinitionNode, query: str) -> DefinitionNode:
    if not isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode) or node.name.value != query:
        return node
    kept = tuple(field for field in node.fields or () if field.name.value not in MACHINERY_FIELDS)
    return replace(node, fields=kept)


def _is_emptied(before: tuple[DefinitionNode, ...], after: tuple[DefinitionNode, ...], query: str) -> bool:
    return _has_fields(before, query) and not _has_fields(after, query)


def _has_fields(definitions: tuple[DefinitionNode, ...], name: str) -> bool:
    return any(
        bool(node.fields)
        for node in definitions
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode) and node.name.value == name
    )


def _without_type(node: DefinitionNode, root: str) -> DefinitionNode:
    if not isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
        return node
    kept = tuple(operation for operation in node.operation_types or () if operation.type.name.value != root)
    return replace(node, operation_types=kept)
