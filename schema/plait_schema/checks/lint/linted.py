"""A subgraph's schema as lint rules see it: the user's own definitions, as they are written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InputValueDefinitionNode,
    Node,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
)

from plait_schema.checks.settings import LintSettings
from plait_schema.diagnostics import Code, Diagnostic
from plait_schema.federation.type_reference import named_type
from plait_schema.subgraph import SubgraphSource

_MACHINERY: Final = re.compile(
    r"_Any|_Entity|_Service|(federation|link|join|core)__.*|_entities|_service|FieldSet"
)
_DEFAULT_ROOTS: Final = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}


@dataclass(frozen=True)
class Linted:
    """The definitions and extensions of a schema, without what federation adds to it."""

    source: SubgraphSource
    document: DocumentNode
    types: tuple[TypeDefinitionNode | TypeExtensionNode, ...]
    directives: tuple[DirectiveDefinitionNode, ...]
    schemas: tuple[SchemaDefinitionNode | SchemaExtensionNode, ...]
    roots: Mapping[str, str]  # operation -> type
    approved_tags: frozenset[str] | None

    @classmethod
    def of(cls, source: SubgraphSource, document: DocumentNode, settings: LintSettings) -> "Linted":
        definitions = document.definitions
        schemas = tuple(
            node for node in definitions if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)
        )
        named = {
            operation.operation.value: operation.type.name.value
            for node in schemas
            for operation in node.operation_types or ()
        }
        return cls(
            source,
            document,
            tuple(
                node
                for node in definitions
                if isinstance(node, TypeDefinitionNode | TypeExtensionNode) and not _is_machinery(node)
            ),
            tuple(
                node
                for node in definitions
                if isinstance(node, DirectiveDefinitionNode) and not _is_imported(node, schemas)
            ),
            schemas,
            _DEFAULT_ROOTS | named,
            settings.approved_tags,
        )

    @property
    def fields(self) -> Iterator[tuple[str, FieldDefinitionNode]]:
        """Fields of objects and interfaces, with coordinates."""
        for type_ in self.types:
            for node in getattr(type_, "fields", None) or ():
                if isinstance(node, FieldDefinitionNode) and not _is_machinery(node):
                    yield f"{type_.name.value}.{node.name.value}", node

    @property
    def arguments(self) -> Iterator[tuple[str, InputValueDefinitionNode]]:
        """Arguments of fields and directives, with coordinates."""
        holders: list[tuple[str, Any]] = [*self.fields]
        holders += ((f"@{node.name.value}", node) for node in self.directives)
        for coordinate, holder in holders:
            for node in holder.arguments or ():
                yield f"{coordinate}({node.name.value}:)", node

    @property
    def input_fields(self) -> Iterator[tuple[str, InputValueDefinitionNode]]:
        """Fields of input objects, with coordinates."""
        for type_ in self.types:
            if isinstance(type_, InputObjectTypeDefinitionNode | InputObjectTypeExtensionNode):
                for node in type_.fields or ():
                    yield f"{type_.name.value}.{node.name.value}", node

    @property
    def enum_values(self) -> Iterator[tuple[str, EnumValueDefinitionNode]]:
        """Values of enums, with coordinates."""
        for type_ in self.types:
            if isinstance(type_, EnumTypeDefinitionNode | EnumTypeExtensionNode):
                for node in type_.values or ():
                    yield f"{type_.name.value}.{node.name.value}", node

    @property
    def elements(self) -> Iterator[tuple[str, Any]]:
        """Everything that has a coordinate."""
        yield from ((node.name.value, node) for node in self.types)
        yield from self.fields
        yield from self.input_fields
        yield from self.enum_values
        yield from ((f"@{node.name.value}", node) for node in self.directives)
        yield from self.arguments

    @property
    def sent(self) -> frozenset[str]:
        """The types of arguments and input fields."""
        values = (*self.arguments, *self.input_fields)
        return frozenset(named_type(node.type).name.value for _, node in values)

    @property
    def got(self) -> frozenset[str]:
        """The types of fields."""
        return frozenset(named_type(node.type).name.value for _, node in self.fields)

    @property
    def related(self) -> frozenset[str]:
        """The types that are used by being a member of a union, an interface or an implementation."""
        found: set[str] = set()
        for node in self.types:
            if interfaces := getattr(node, "interfaces", None):
                found.update(interface.name.value for interface in interfaces)
                found.add(node.name.value)
            found.update(member.name.value for member in getattr(node, "types", None) or ())
        return frozenset(found)

    def applied(self, name: str) -> Iterator[tuple[str | None, DirectiveNode]]:
        """The applications of a directive, under its own name or federation's, with coordinates."""
        bearers: list[tuple[str | None, Any]] = [*self.elements]
        bearers += ((None, node) for node in self.schemas)
        for coordinate, bearer in bearers:
            for directive in getattr(bearer, "directives", None) or ():
                if directive.name.value in (name, f"federation__{name}"):
                    yield coordinate, directive

    def finding(
        self, code: Code, coordinate: str | None, message: str, *nodes: Node, fix: str | None = None
    ) -> Diagnostic:
        """A finding at these nodes."""
        places = self.source.locate(*nodes)
        return code.at(coordinate, message, subgraphs=[self.source.name], locations=places, fix=fix)


def _is_machinery(node: Any) -> bool:
    return _MACHINERY.fullmatch(node.name.value) is not None


def _is_imported(
    node: DirectiveDefinitionNode, schemas: tuple[SchemaDefinitionNode | SchemaExtensionNode, ...]
) -> bool:
    """Whether a linked specification defines the directive: its name is not the user's choice."""
    name = node.name.value
    return name == "link" or "__" in name or any(f'"@{name}"' in _text(schema) for schema in schemas)


def _text(node: Node) -> str:
    return node.loc.source.body[node.loc.start : node.loc.end] if node.loc else ""
