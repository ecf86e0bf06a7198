"""Unions: the union of their members, since a subgraph may return any of its own."""

from collections.abc import Sequence

from graphql import UnionTypeDefinitionNode

from plait_schema.composition.declared import Declared
from plait_schema.composition.merge.applied_directives import merge_applied
from plait_schema.composition.merge.context import MergeContext
from plait_schema.composition.merge.contexts import merge_contexts
from plait_schema.composition.merge.descriptions import merge_descriptions
from plait_schema.composition.merged import MergedUnion


def merge_union(
    name: str, declared: Sequence[Declared[UnionTypeDefinitionNode]], context: MergeContext
) -> MergedUnion:
    """Members in the order in which the subgraphs list them."""
    members = [member.name.value for each in declared for member in each.node.types or ()]
    return MergedUnion(
        name=name,
        description=merge_descriptions(declared),
        directives=(*merge_applied(declared, context.composed), *merge_contexts(declared)),
        members=tuple(dict.fromkeys(members)),
        declared=tuple(declared),
    )
