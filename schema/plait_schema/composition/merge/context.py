"""What merging one element needs to know about all subgraphs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphql import InterfaceTypeDefinitionNode, ObjectTypeDefinitionNode, UnionTypeDefinitionNode

from plait_schema.composition.merge.composed_directives import ComposedDirectives
from plait_schema.composition.merge.field_set_usage import FieldSetUsage, field_set_usage
from plait_schema.subgraph import Subgraph


@dataclass(frozen=True, slots=True)
class MergeContext:
    """Facts about all subgraphs, found once."""

    composed: ComposedDirectives
    field_sets: Mapping[str, FieldSetUsage]  # by subgraph
    possible: Mapping[str, frozenset[str]]  # abstract type -> what some subgraph says is one of it

    def is_subtype(self, sub: str, abstract: str) -> bool:
        """Is the first type, anywhere, a possible type of the second?"""
        return sub in self.possible.get(abstract, ())

    def merges_like(self, other: "MergeContext") -> bool:
        """Does what all subgraphs say together make the same of a type that the same ones declare?"""
        return (self.composed, self.possible) == (other.composed, other.possible)


def merge_context(subgraphs: Sequence[Subgraph], composed: ComposedDirectives) -> MergeContext:
    """Look at all subgraphs."""
    return MergeContext(
        composed=composed,
        field_sets={subgraph.name: field_set_usage(subgraph) for subgraph in subgraphs},
        possible=_possible_types(subgraphs),
    )


def _possible_types(subgraphs: Sequence[Subgraph]) -> Mapping[str, frozenset[str]]:
    possible: dict[str, set[str]] = {}
    for subgraph in subgraphs:
        for name, node in subgraph.types.items():
            match node:
                case ObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode():
                    for interface in node.interfaces or ():
                        possible.setdefault(interface.name.value, set()).add(name)
                case UnionTypeDefinitionNode():
                    possible.setdefault(name, set()).update(member.name.value for member in node.types or ())
    return {name: frozenset(types) for name, types in possible.items()}
