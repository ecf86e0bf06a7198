"""The merged schema: every element of the supergraph, beside what each subgraph says about it.

`merge` builds it, the rules read it, `sdl` writes it. An element keeps its declarations, so that a rule can
compare them and say where they stand; parts that merging leaves out (an argument that one subgraph lacks)
are kept too, with `is_kept` false, since a rule may have something to say about them.
"""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from graphql import (
    ConstDirectiveNode,
    ConstValueNode,
    DirectiveDefinitionNode,
    EnumTypeDefinitionNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    Node,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
)

from plait_schema.composition.declared import Declared
from plait_schema.composition.field_sources import FieldSource

CompositeNode: TypeAlias = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode


class MergedElement(Protocol):
    """What every merged element has, whatever its kind."""

    @property
    def coordinate(self) -> str: ...
    @property
    def description(self) -> str | None: ...
    @property
    def directives(self) -> tuple[ConstDirectiveNode, ...]: ...
    @property
    def declared(self) -> tuple[Declared[Node], ...]: ...


def merged_declarations(element: MergedElement) -> tuple[Declared[Node], ...]:
    """The declarations whose description and directives are merged: all but those of external fields."""
    if isinstance(element, MergedField):
        return tuple(owner.declared for owner in element.owners)
    return element.declared


@dataclass(frozen=True, slots=True)
class MergedInputValue:
    """An argument, or a field of an input object."""

    coordinate: str
    name: str
    type: TypeNode
    default: ConstValueNode | None
    description: str | None
    directives: tuple[ConstDirectiveNode, ...]
    declared: tuple[Declared[InputValueDefinitionNode], ...]
    missing_in: tuple[str, ...] = ()  # the subgraphs that have the parent, but not this
    contextual_in: tuple[str, ...] = ()  # the subgraphs that fill it from a context
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class MergedField:
    """A field of an object or interface; `sources` is empty when it comes from an interface object."""

    coordinate: str
    name: str
    type: TypeNode
    description: str | None
    directives: tuple[ConstDirectiveNode, ...]
    arguments: tuple[MergedInputValue, ...]
    sources: tuple[FieldSource, ...]
    abstracted: tuple[FieldSource, ...] = ()  # through @interfaceObject types of the object's interfaces

    @property
    def declared(self) -> tuple[Declared[FieldDefinitionNode], ...]:
        """What the subgraphs say about it."""
        return tuple(source.declared for source in self.sources)

    @property
    def owners(self) -> tuple[FieldSource, ...]:
        """The declarations that are not external: those that are merged."""
        return tuple(source for source in self.sources if not source.is_external)


@dataclass(frozen=True, slots=True)
class MergedObject:
    """An object type."""

    name: str
    description: str | None
    directives: tuple[ConstDirectiveNode, ...]
    interfaces: tuple[str, ...]
    fields: tuple[MergedField, ...]
    declared: tuple[Declared[ObjectTypeDefinitionNode], ...]

    @property
    def coordinate(self) -> str:
        """Its schema coordinate."""
        return self.name


@dataclass(frozen=True, slots=True)
class MergedInterface:
    """An interface; where it is an @interfaceObject, its declaration is an object type."""

    name: str
    description: str | None
    directives: tuple[ConstDirectiveNode, ...]
    interfaces: tuple[str, ...]
    fields: tuple[MergedField, ...]
    declared: tuple[Declared[CompositeNode], ...]

    @property
    def coordinate(self) -> str:
        """Its schema coordinate."""
        return self.name


@dataclass(frozen=True, slots=True)
class MergedUnion:
    """A union with the members of all subgraphs."""

    name: str
    description: str | None
    directives: tuple[ConstDirectiveNode, ...]
    members: tuple[str, ...]
    declared: tuple[Declared[UnionTypeDefinitionNode], ...]

    @property
    def coordinate(self) -> str:
        """Its schema coordinate."""
        return self.name


@dataclass(frozen=True, slots=True)
class MergedEnumValue:
    """A value of an enum."""

    coordinate: str
    name: str
    description: str | None
    directives: tuple[ConstDirectiveNode, ...]
    declared: tuple[Declared[EnumValueDefinitionNode], ...]
    missing_in: tuple[str, ...]  # the subgraphs that have the enum, but not this value
    is_inaccessible: bool
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class MergedEnum:
    """An enum; what becomes of values that not all subgraphs know depends on where it is used."""

    name: str
    description: str | None
    directives: tuple[ConstDirectiveNode, ...]
    values: tuple[MergedEnumValue, ...]
    declared: tuple[Declared[EnumTypeDefinitionNode], ...]
    is_input: bool = False
    is_output: bool = False

    @property
    def coordinate(self) -> str:
        """Its schema coordinate."""
        return self.name


@dataclass(frozen=True, slots=True)
class MergedInputObject:
    """An input object with the fields that all subgraphs have."""

    name: str
    description: str | None
    directives: tuple[ConstDirectiveNode, ...]
    fields: tuple[MergedInputValue, ...]
    declared: tuple[Declared[InputObjectTypeDefinitionNode], ...]

    @property
    def coordinate(self) -> str:
        """Its schema coordinate."""
        return self.name


@dataclass(frozen=True, slots=True)
class MergedScalar:
    """A custom scalar."""

    name: str
    description: str | None
    directives: tuple[ConstDirectiveNode, ...]
    declared: tuple[Declared[ScalarTypeDefinitionNode], ...]

    @property
    def coordinate(self) -> str:
        """Its schema coordinate."""
        return self.name


MergedType: TypeAlias = (
    MergedObject | MergedInterface | MergedUnion | MergedEnum | MergedInputObject | MergedScalar
)


@dataclass(frozen=True, slots=True)
class MergedDirective:
    """The definition of a directive for operations, or of a composed one."""

    name: str
    description: str | None
    arguments: tuple[MergedInputValue, ...]
    locations: tuple[str, ...]
    is_repeatable: bool
    is_composed: bool  # by @composeDirective; otherwise for operations
    declared: tuple[Declared[DirectiveDefinitionNode], ...]
    missing_in: tuple[str, ...] = ()

    @property
    def coordinate(self) -> str:
        """Its schema coordinate."""
        return f"@{self.name}"

    @property
    def is_kept(self) -> bool:
        """A directive for operations must be understood by all subgraphs, somewhere at least."""
        return self.is_composed or (bool(self.locations) and not self.missing_in)
