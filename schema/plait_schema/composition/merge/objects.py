"""Object types: the union of their fields and interfaces."""

from collections.abc import Sequence

from graphql import ObjectTypeDefinitionNode

from plait_schema.composition.declared import Declared
from plait_schema.composition.merge.applied_directives import merge_applied
from plait_schema.composition.merge.context import MergeContext
from plait_schema.composition.merge.contexts import merge_contexts
from plait_schema.composition.merge.descriptions import merge_descriptions
from plait_schema.composition.merge.fields import merge_fields
from plait_schema.composition.merge.interfaces import implemented
from plait_schema.composition.merged import MergedObject


def merge_object(
    name: str, declared: Sequence[Declared[ObjectTypeDefinitionNode]], context: MergeContext
) -> MergedObject:
    """Each subgraph adds the part it knows."""
    return MergedObject(
        name=name,
        description=merge_descriptions(declared),
        directives=(*merge_applied(declared, context.composed), *merge_contexts(declared)),
        interfaces=implemented(declared),
        fields=merge_fields(name, declared, context),
        declared=tuple(declared),
    )
