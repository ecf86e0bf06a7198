"""Custom scalars: nothing but their name, description and directives."""

from collections.abc import Sequence

from graphql import ScalarTypeDefinitionNode

from plait_schema.composition.declared import Declared
from plait_schema.composition.merge.applied_directives import merge_applied
from plait_schema.composition.merge.context import MergeContext
from plait_schema.composition.merge.descriptions import merge_descriptions
from plait_schema.composition.merged import MergedScalar


def merge_scalar(
    name: str, declared: Sequence[Declared[ScalarTypeDefinitionNode]], context: MergeContext
) -> MergedScalar:
    """The same scalar in all subgraphs, as far as a composer can know."""
    return MergedScalar(
        name=name,
        description=merge_descriptions(declared),
        directives=merge_applied(declared, context.composed),
        declared=tuple(declared),
    )
