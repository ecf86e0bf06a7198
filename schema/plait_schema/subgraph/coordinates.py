"""Schema coordinates of places in a text: https://spec.graphql.org/draft/#sec-Schema-Coordinates."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    Node,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
)


@dataclass(frozen=True, slots=True)
class _Element:
    start: int
    end: int
    coordinate: str


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Every element of a document with its place in the text."""

    elements: tuple[_Element, ...]

    @classmethod
    def of(cls, document: DocumentNode) -> "Coordinates":
        """The elements that the document defines or extends."""
        return cls(
            tuple(
                _Element(node.loc.start, node.loc.end, coordinate)
                for definition in document.definitions
                for node, coordinate in _elements(definition)
                if node.loc
            )
        )

    def at(self, position: int) -> str | None:
        """The coordinate of the innermost element around a position in the text."""
        around = [element for element in self.elements if element.start <= position < element.end]
        return min(around, key=lambda element: element.end - element.start).coordinate if around else None


def _elements(node: Node) -> Iterator[tuple[Node, str]]:
    match node:
        case DirectiveDefinitionNode(name=name):
            yield node, f"@{name.value}"
            yield from _arguments(node.arguments, f"@{name.value}")
        case TypeDefinitionNode() | TypeExtensionNode():
            yield node, node.name.value
            for member in _members(node):
                coordinate = f"{node.name.value}.{member.name.value}"
                yield member, coordinate
                if isinstance(member, FieldDefinitionNode):
                    yield from _arguments(member.arguments, coordinate)


def _arguments(
    arguments: tuple[InputValueDefinitionNode, ...] | None, coordinate: str
) -> Iterator[tuple[Node, str]]:
    for argument in arguments or ():
        yield argument, f"{coordinate}({argument.name.value}:)"


def _members(
    node: TypeDefinitionNode | TypeExtensionNode,
) -> tuple[FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode, ...]:
    match node:
        case (
            ObjectTypeDefinitionNode(fields=fields)
            | ObjectTypeExtensionNode(fields=fields)
            | InterfaceTypeDefinitionNode(fields=fields)
            | InterfaceTypeExtensionNode(fields=fields)
        ):
            return fields or ()
        case InputObjectTypeDefinitionNode(fields=inputs) | InputObjectTypeExtensionNode(fields=inputs):
            return inputs or ()
        case EnumTypeDefinitionNode(values=values) | EnumTypeExtensionNode(values=values):
            return values or ()
        case _:
            return ()
