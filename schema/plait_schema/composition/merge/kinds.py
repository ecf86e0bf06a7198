"""What kind of type a name stands for; an @interfaceObject is an interface where another subgraph has one."""

from collections.abc import Sequence
from enum import StrEnum

from graphql import (
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
)

from plait_schema.composition.declared import Declared
from plait_schema.federation import is_applied


class Kind(StrEnum):
    """The kinds of GraphQL types, as messages name them."""

    OBJECT = "an object type"
    INTERFACE = "an interface"
    UNION = "a union"
    ENUM = "an enum"
    INPUT_OBJECT = "an input object"
    SCALAR = "a scalar"


def kind_of(node: TypeDefinitionNode) -> Kind:
    """The kind as written; an @interfaceObject counts as an interface."""
    match node:
        case InterfaceTypeDefinitionNode():
            return Kind.INTERFACE
        case UnionTypeDefinitionNode():
            return Kind.UNION
        case EnumTypeDefinitionNode():
            return Kind.ENUM
        case InputObjectTypeDefinitionNode():
            return Kind.INPUT_OBJECT
        case ScalarTypeDefinitionNode():
            return Kind.SCALAR
        case _:
            return Kind.INTERFACE if is_applied(node, "interfaceObject") else Kind.OBJECT


def agreeing(
    declared: Sequence[Declared[TypeDefinitionNode]],
) -> tuple[Kind, tuple[Declared[TypeDefinitionNode], ...]]:
    """The kind that the first subgraph says, and the declarations that agree with it."""
    kind = kind_of(declared[0].node)
    return kind, tuple(each for each in declared if kind_of(each.node) is kind)
