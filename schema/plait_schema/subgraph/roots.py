"""The root types under their standard names, whatever the schema definition calls them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    NamedTypeNode,
    NameNode,
    Node,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationType,
    OperationTypeDefinitionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    Visitor,
    visit,
)

from plait_schema.diagnostics import (
    ROOT_MUTATION_USED,
    ROOT_QUERY_USED,
    ROOT_SUBSCRIPTION_USED,
    Diagnostic,
)
from plait_schema.subgraph.model import SubgraphSource

ROOT_NAMES: dict[OperationType, str] = {
    OperationType.QUERY: "Query",
    OperationType.MUTATION: "Mutation",
    OperationType.SUBSCRIPTION: "Subscription",
}
_CODES = {
    OperationType.QUERY: ROOT_QUERY_USED,
    OperationType.MUTATION: ROOT_MUTATION_USED,
    OperationType.SUBSCRIPTION: ROOT_SUBSCRIPTION_USED,
}


def schema_nodes(document: DocumentNode) -> tuple[SchemaDefinitionNode | SchemaExtensionNode, ...]:
    """The schema definition and its extensions, in the order they are written."""
    definitions: tuple[Node, ...] = document.definitions
    return tuple(node for node in definitions if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode))


def operation_types(document: DocumentNode) -> tuple[OperationTypeDefinitionNode, ...]:
    """What the schema definition and its extensions say about root types."""
    return tuple(operation for node in schema_nodes(document) for operation in node.operation_types or ())


def check_roots(document: DocumentNode, source: SubgraphSource) -> Iterator[Diagnostic]:
    """A root type with another name must leave its standard name free.

    All root types of one kind are merged under the standard name, so a type there would be mixed with them.
    """
    types = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, TypeDefinitionNode | TypeExtensionNode)
    }
    for operation in operation_types(document):
        standard = ROOT_NAMES[operation.operation]
        name = operation.type.name.value
        if name != standard and (taken := types.get(standard)):
            yield _CODES[operation.operation].at(
                standard,
                f"{name} is the {operation.operation.value} root and becomes {standard} in the supergraph, "
                f"but another type has that name.",
                locations=source.locate(taken, operation),
                fix=f"Rename the type {standard}.",
            )


def with_standard_roots(document: DocumentNode) -> DocumentNode:
    """The document with root types, and all references to them, under their standard names."""
    names = {
        node.type.name.value: ROOT_NAMES[node.operation]
        for node in operation_types(document)
        if node.type.name.value != ROOT_NAMES[node.operation]
    }
    if not names:
        return document
    renamed: DocumentNode = visit(document, _Renaming(names))
    return renamed


def schema_definition(document: DocumentNode) -> SchemaDefinitionNode:
    """The schema definition and its extensions as one node, with default root types where none are named."""
    nodes = schema_nodes(document)
    definition = next((node for node in nodes if isinstance(node, SchemaDefinitionNode)), None)
    operations = operation_types(document)
    if definition is None:
        named = {node.operation for node in operations}
        operations = (
            *operations,
            *(node for node in _default_roots(document) if node.operation not in named),
        )
    return SchemaDefinitionNode(
        description=definition.description if definition else None,
        directives=tuple(
            directive
            for node in nodes
            for directive in node.directives or ()
            if directive.name.value not in {"link", "core"}
        ),
        operation_types=operations,
        loc=nodes[0].loc if nodes else None,
    )


def _default_roots(document: DocumentNode) -> Iterator[OperationTypeDefinitionNode]:
    """Another kind of type under the name of an operation other than query is just that."""
    types = {
        node.name.value
        for node in document.definitions
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode)
        or (isinstance(node, TypeDefinitionNode | TypeExtensionNode) and node.name.value == "Query")
    }
    for operation, name in ROOT_NAMES.items():
        if name in types:
            reference = NamedTypeNode(name=NameNode(value=name))
            yield OperationTypeDefinitionNode(operation=operation, type=reference)


class _Renaming(Visitor):
    """Renames types in definitions, in references, and in the type conditions of field sets."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self.names = names
        self.condition = re.compile(rf"(\.\.\.\s*on\s+)({'|'.join(names)})\b", re.ASCII)

    def _renamed(self, node: Any, *_: object) -> Any:
        name = self.names.get(node.name.value)
        return replace(node, name=NameNode(value=name, loc=node.name.loc)) if name else None

    enter_named_type = _renamed
    enter_object_type_definition = _renamed
    enter_object_type_extension = _renamed

    def enter_directive(self, node: DirectiveNode, *_: object) -> Any:
        if node.name.value not in {"key", "requires", "provides", "fromContext"}:
            return self.SKIP
        return None

    def enter_string_value(self, node: StringValueNode, _key: object, parent: object, *_: object) -> Any:
        if not isinstance(parent, ArgumentNode):
            return None  # a description or a default value
        text = self.condition.sub(lambda match: match[1] + self.names[match[2]], node.value)
        return replace(node, value=text) if text != node.value else None
