"""The merged schema as a whole: what the rules are given."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import ConstDirectiveNode, TypeDefinitionNode

from plait_schema.composition.declared import Declared
from plait_schema.composition.merge.context import MergeContext
from plait_schema.composition.merged import (
    MergedDirective,
    MergedElement,
    MergedEnum,
    MergedField,
    MergedInputObject,
    MergedInputValue,
    MergedInterface,
    MergedObject,
    MergedType,
)
from plait_schema.subgraph import Subgraph


@dataclass(frozen=True)
class MergedSchema:
    """All subgraphs, in order of name, and what merging them gives."""

    subgraphs: tuple[Subgraph, ...]
    context: MergeContext
    types: Mapping[str, MergedType]  # sorted by name
    directives: tuple[MergedDirective, ...]
    description: str | None
    applied: tuple[ConstDirectiveNode, ...]  # to the schema itself
    declared_types: Mapping[str, tuple[Declared[TypeDefinitionNode], ...]]
    alone: Mapping[str, MergedType]  # as each type's declarations make it, whatever the other types are

    def composites(self) -> Iterator[MergedObject | MergedInterface]:
        """The types with fields that are asked for."""
        for type_ in self.types.values():
            if isinstance(type_, MergedObject | MergedInterface):
                yield type_

    def objects(self) -> Iterator[MergedObject]:
        """The object types."""
        for type_ in self.types.values():
            if isinstance(type_, MergedObject):
                yield type_

    def interfaces(self) -> Iterator[MergedInterface]:
        """The interfaces."""
        for type_ in self.types.values():
            if isinstance(type_, MergedInterface):
                yield type_

    def enums(self) -> Iterator[MergedEnum]:
        """The enums."""
        for type_ in self.types.values():
            if isinstance(type_, MergedEnum):
                yield type_

    def input_objects(self) -> Iterator[MergedInputObject]:
        """The input objects."""
        for type_ in self.types.values():
            if isinstance(type_, MergedInputObject):
                yield type_

    def fields(self) -> Iterator[MergedField]:
        """The fields of objects and interfaces that a subgraph declares on the type itself."""
        for type_ in self.composites():
            for field in type_.fields:
                if field.sources:
                    yield field

    def arguments(self) -> Iterator[MergedInputValue]:
        """The arguments of fields, and of the directives that the supergraph has."""
        for field in self.fields():
            yield from field.arguments
        for directive in self.directives:
            if directive.is_kept:
                yield from directive.arguments

    def input_fields(self) -> Iterator[MergedInputValue]:
        """The fields of input objects."""
        for type_ in self.input_objects():
            yield from type_.fields

    def elements(self) -> Iterator[MergedElement]:
        """Everything that may have a description and directives."""
        for type_ in self.types.values():
            yield type_
            match type_:
                case MergedObject() | MergedInterface():
                    for field in type_.fields:
                        yield field
                        yield from field.arguments
                case MergedEnum():
                    yield from type_.values
                case MergedInputObject():
                    yield from type_.fields
