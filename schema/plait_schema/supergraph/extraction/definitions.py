"""The supergraph's definitions that come from subgraphs: all but those of federation's specifications."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    FieldDefinitionNode,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    Node,
    ObjectTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
)

from plait_schema.federation.link import Link
from plait_schema.federation.specifications import APOLLO
from plait_schema.federation.type_reference import named_type
from plait_schema.supergraph.applications import CLIENT_DIRECTIVES
from plait_schema.supergraph.document import SupergraphDocument, directives_of, valid_schema
from plait_schema.supergraph.machinery import is_machinery

FieldNode: TypeAlias = FieldDefinitionNode | InputValueDefinitionNode


@dataclass(frozen=True)
class Definitions:
    """Types and directives as the supergraph has them."""

    schema_definition: SchemaDefinitionNode
    types: Mapping[str, TypeDefinitionNode]
    fields: Mapping[str, Mapping[str, FieldNode]]  # type -> field, input fields too
    directives: Mapping[str, DirectiveDefinitionNode]  # for operations, and composed ones
    composed: Mapping[str, Link]  # composed directive -> its specification
    unused: frozenset[str]  # composed directives that are applied nowhere
    schema: GraphQLSchema

    def field_type(self, type_: str, field: str, held: TypeNode | None) -> str:
        """The name of the type that the field is of, which in a subgraph may be another one."""
        return named_type(held or self.fields[type_][field].type).name.value

    def argument_types(self, type_: str, field: str) -> Iterator[str]:
        """The types that the field takes."""
        node = self.fields[type_][field]
        if isinstance(node, FieldDefinitionNode):
            yield from (named_type(argument.type).name.value for argument in node.arguments or ())


def read_definitions(document: SupergraphDocument) -> Definitions:
    """Sort out the document. Raises SupergraphError when it is not valid GraphQL."""
    links = tuple(document.links.values())
    federation = tuple(link for link in links if link.identity.startswith(f"{APOLLO}/"))
    own = tuple(node for node in document.definitions if not is_machinery(node, federation))
    types = {node.name.value: node for node in own if isinstance(node, TypeDefinitionNode)}
    directives = {
        node.name.value: node
        for node in own
        if isinstance(node, DirectiveDefinitionNode) and node.name.value not in CLIENT_DIRECTIVES
    }
    others = tuple(link for link in links if link not in federation)
    composed = {
        name: link for name, node in directives.items() for link in others if is_machinery(node, (link,))
    }
    schema_definition = next(
        (node for node in document.definitions if isinstance(node, SchemaDefinitionNode)),
        SchemaDefinitionNode(operation_types=()),
    )
    applied = {each.name.value for _, each in applications([schema_definition, *own])}
    return Definitions(
        schema_definition=schema_definition,
        types=types,
        fields={name: _fields(node) for name, node in types.items()},
        directives=directives,
        composed=composed,
        unused=frozenset(composed.keys() - applied),
        schema=valid_schema(document),
    )


def _fields(node: TypeDefinitionNode) -> Mapping[str, FieldNode]:
    match node:
        case (
            ObjectTypeDefinitionNode(fields=fields)
            | InterfaceTypeDefinitionNode(fields=fields)
            | InputObjectTypeDefinitionNode(fields=fields)
        ):
            return {field.name.value: field for field in fields or ()}
        case _:
            return {}


def members_of(node: TypeDefinitionNode) -> tuple[str, ...]:
    """The members of a union, none for every other type."""
    members = node.types if isinstance(node, UnionTypeDefinitionNode) else None
    return tuple(member.name.value for member in members or ())


def interfaces_of(node: TypeDefinitionNode) -> tuple[str, ...]:
    """The interfaces that an object type or interface implements, none for every other type."""
    if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
        return tuple(interface.name.value for interface in node.interfaces or ())
    return ()


def applications(nodes: Iterable[Node]) -> Iterator[tuple[Node, ConstDirectiveNode]]:
    """Every application on the definitions and everything in them, with the node it stands on."""
    for node in nodes:
        yield from ((node, each) for each in directives_of(node))
        for children in ("fields", "arguments", "values"):
            yield from applications(getattr(node, children, None) or ())
