"""Fields of objects and interfaces."""

from collections.abc import Sequence

from plait_schema.composition.declared import Declared
from plait_schema.composition.field_sources import FieldSource
from plait_schema.composition.merge.applied_directives import merge_applied
from plait_schema.composition.merge.arguments import merge_arguments
from plait_schema.composition.merge.context import MergeContext
from plait_schema.composition.merge.descriptions import merge_descriptions
from plait_schema.composition.merge.sources import field_sources
from plait_schema.composition.merge.type_references import merge_output_types
from plait_schema.composition.merged import CompositeNode, MergedField


def merge_fields(
    type_name: str, parents: Sequence[Declared[CompositeNode]], context: MergeContext
) -> tuple[MergedField, ...]:
    """All fields that a subgraph has, in the order in which the subgraphs, by name, declare them."""
    return tuple(
        merge_field(type_name, name, sources, context)
        for name, sources in field_sources(parents, context.field_sets).items()
    )


def merge_field(
    type_name: str, name: str, sources: Sequence[FieldSource], context: MergeContext
) -> MergedField:
    """What the owners say; external declarations say nothing new, a rule checks that they agree."""
    coordinate = f"{type_name}.{name}"
    declared = tuple(source.declared for source in sources if not source.is_external)
    if not declared:  # an error, but the merged schema is to have the field
        declared = tuple(source.declared for source in sources)
    types = [each.node.type for each in declared]
    return MergedField(
        coordinate=coordinate,
        name=name,
        type=merge_output_types(types, context.is_subtype) or types[0],
        description=merge_descriptions(declared),
        directives=merge_applied(declared, context.composed),
        arguments=merge_arguments(declared, coordinate, context.composed),
        sources=tuple(sources),
    )
