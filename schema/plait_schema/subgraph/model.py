"""The data: a subgraph as given, and as understood."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    DirectiveDefinitionNode,
    FieldDefinitionNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    Node,
    SchemaDefinitionNode,
    TypeDefinitionNode,
)

from plait_schema.diagnostics import Diagnostic, Location, location
from plait_schema.federation import Link, Version


@dataclass(frozen=True, slots=True)
class SubgraphSource:
    """A subgraph as the user gives it."""

    name: str
    url: str
    sdl: str
    file: str | None = None

    def locate(self, *nodes: Node | None) -> tuple[Location, ...]:
        """Where the nodes stand in the SDL; nodes that no text holds are left out."""
        return _locate(self.name, self.file, nodes)


@dataclass(frozen=True)
class Subgraph:
    """One subgraph in canonical form, valid unless problems are named.

    Canonical: federation's directives stand under their own plain names, whatever imports and namespaces
    called them; Federation 1 is upgraded; the root types are named Query, Mutation and Subscription;
    extensions are merged into definitions; `@shareable` and `@external` on a type are moved to its fields;
    `@extends` is dropped, as is `@external` on the key fields of an extension, which this subgraph does
    resolve; federation's machinery (`_entities`, `_service`, definitions of federation's elements) is gone.
    Nodes keep their location.
    """

    name: str
    url: str
    file: str | None
    version: Version  # FEDERATION_1, else that of the linked federation specification
    links: tuple[Link, ...]  # as written, without the implied one to the link specification itself
    types: Mapping[str, TypeDefinitionNode]  # sorted by name
    directives: Mapping[str, DirectiveDefinitionNode]  # its own, but for those with types of a specification
    schema: GraphQLSchema  # the same types and directives
    extended: Mapping[str, TypeDefinitionNode]  # only extended here, never defined; also what upgrading drops
    marked_extended: frozenset[str]  # types that have `@extends` here
    ignored_interface_keys: frozenset[str]  # interfaces whose keys Federation 1 reads over, so they are gone
    schema_definition: (
        SchemaDefinitionNode  # description, roots, directives but @link; made up when not written
    )
    keyless_extensions: frozenset[str] = frozenset()  # in Federation 1: the keys are those of other subgraphs
    upgrade_problems: tuple[Diagnostic, ...] = ()  # of Federation 1: what Federation 2 cannot say; errors
    rule_problems: tuple[Diagnostic, ...] = ()  # of Federation 1: what breaks the rules of Federation 2

    def field(self, type_name: str, name: str) -> FieldDefinitionNode | None:
        """The field of an object or interface type."""
        match self.schema.get_type(type_name):
            case GraphQLObjectType(fields=fields) | GraphQLInterfaceType(fields=fields):
                return fields[name].ast_node if name in fields else None
            case _:
                return None

    def locate(self, *nodes: Node | None) -> tuple[Location, ...]:
        """Where the nodes stand in the SDL; nodes that no text holds are left out."""
        return _locate(self.name, self.file, nodes)


def _locate(name: str, file: str | None, nodes: tuple[Node | None, ...]) -> tuple[Location, ...]:
    found = (location(name, node, file=file) for node in nodes if node is not None)
    return tuple(place for place in found if place is not None)
