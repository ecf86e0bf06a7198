"""Interfaces: the union of their fields, also of those that @interfaceObject types add."""

from collections.abc import Sequence

from plait_schema.composition.declared import Declared
from plait_schema.composition.merge.applied_directives import merge_applied
from plait_schema.composition.merge.context import MergeContext
from plait_schema.composition.merge.contexts import merge_contexts
from plait_schema.composition.merge.descriptions import merge_descriptions
from plait_schema.composition.merge.fields import merge_fields
from plait_schema.composition.merged import CompositeNode, MergedInterface


def merge_interface(
    name: str, declared: Sequence[Declared[CompositeNode]], context: MergeContext
) -> MergedInterface:
    """Each subgraph adds the part it knows, whether it knows the interface or its @interfaceObject."""
    return MergedInterface(
        name=name,
        description=merge_descriptions(declared),
        directives=(*merge_applied(declared, context.composed), *merge_contexts(declared)),
        interfaces=implemented(declared),
        fields=merge_fields(name, declared, context),
        declared=tuple(declared),
    )


def implemented(declared: Sequence[Declared[CompositeNode]]) -> tuple[str, ...]:
    """The interfaces that any of the subgraphs says the type implements."""
    return tuple(
        dict.fromkeys(interface.name.value for each in declared for interface in each.node.interfaces or ())
    )
