"""Input objects: the fields that all subgraphs understand."""

from collections.abc import Sequence

from graphql import InputObjectTypeDefinitionNode

from plait_schema.composition.declared import Declared
from plait_schema.composition.merge.applied_directives import merge_applied
from plait_schema.composition.merge.arguments import merge_input_fields
from plait_schema.composition.merge.context import MergeContext
from plait_schema.composition.merge.descriptions import merge_descriptions
from plait_schema.composition.merged import MergedInputObject


def merge_input_object(
    name: str, declared: Sequence[Declared[InputObjectTypeDefinitionNode]], context: MergeContext
) -> MergedInputObject:
    """Fields that a subgraph lacks stay in the result for the rules, marked as not kept."""
    return MergedInputObject(
        name=name,
        description=merge_descriptions(declared),
        directives=merge_applied(declared, context.composed),
        fields=merge_input_fields(declared, name, context.composed),
        declared=tuple(declared),
    )
