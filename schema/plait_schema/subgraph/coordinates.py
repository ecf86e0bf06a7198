"""Schema coordinates of places in a text: https://spec.graphql.org/draft/#sec-Schema-Coordinates."""

from bisect import bisect_right
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
    """Every element of a document with its place in the text; those that hold others come before them."""

    elements: tuple[_Element, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, document: DocumentNode) -> "Coordinates":
        """The elements that the document defines or extends."""
        elements = sorted(
            (
                _Element(node.loc.start, node.loc.end, coordinate)
                for definition in document.definitions
                for node, coordinate in _elements(definition)
                if node.loc
            ),
            key=lambda element: (element.start, -element.end),
        )
        return cls(tuple(elements), tuple(element.start for element in elements))

    def at(self, position: int) -> str | None:
        """The coordinate of the innermost element around a position in the text."""
        for place in reversed(range(bisect_right(self.starts, position))):
            if position < self.elements[place].end:
                return self.elements[place].coordinate
        return None


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
