"""@override: which subgraphs a field has moved from, and to."""

from collections.abc import Sequence
from dataclasses import replace

from plait_schema.composition.merged import FieldSource, Overridden


def apply_overrides(sources: Sequence[FieldSource]) -> tuple[FieldSource, ...]:
    """Mark the declarations that another subgraph's @override replaces.

    An override of a field that is itself overridden changes nothing; a rule reports it.
    """
    overriding = {
        source.override.from_subgraph: Overridden(source.subgraph, source.override.label)
        for source in sources
        if source.override and source.override.from_subgraph != source.subgraph
    }
    return tuple(
        replace(source, overridden=overriding[source.subgraph])
        if source.subgraph in overriding and not source.override and not source.is_external
        else source
        for source in sources
    )
