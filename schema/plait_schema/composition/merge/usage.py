"""Where types are used: as input, as output, or both. Enums are merged by it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphql import (
    DirectiveDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
)

from plait_schema.federation.type_reference import named_type
from plait_schema.subgraph import Subgraph


@dataclass(frozen=True, slots=True)
class TypeUsage:
    """Names of the types that some field returns, and of those that some argument or input field takes."""

    inputs: frozenset[str]
    outputs: frozenset[str]


def find_usage(subgraphs: Iterable[Subgraph]) -> TypeUsage:
    """Look at every field, argument and input field of all subgraphs."""
    inputs: set[str] = set()
    outputs: set[str] = set()
    for field in _fields(subgraphs):
        if isinstance(field, FieldDefinitionNode):
            outputs.add(named_type(field.type).name.value)
            inputs.update(named_type(argument.type).name.value for argument in field.arguments or ())
        else:
            inputs.add(named_type(field.type).name.value)
    return TypeUsage(frozenset(inputs), frozenset(outputs))


def _fields(subgraphs: Iterable[Subgraph]) -> Iterator[FieldDefinitionNode | InputValueDefinitionNode]:
    for subgraph in subgraphs:
        for node in subgraph.types.values():
            match node:
                case ObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode():
                    yield from node.fields or ()
                case InputObjectTypeDefinitionNode():
                    yield from node.fields or ()
        for directive in subgraph.directives.values():
            yield from _arguments(directive)


def _arguments(directive: DirectiveDefinitionNode) -> Iterator[InputValueDefinitionNode]:
    yield from directive.arguments or ()
