"""@override: which subgraphs a field has moved from, and to."""

from collections.abc import Sequence
from dataclasses import replace

from plait_schema.composition.field_sources import FieldSource, Overridden


def apply_overrides(sources: Sequence[FieldSource]) -> tuple[FieldSource, ...]:
    """Mark the declarations that another subgraph's @override replaces.

    An override of a field that is itself overridden changes nothing; a rule reports it. Nothing moves step
    by step from a subgraph that has no such field, so a label means nothing there.
    """
    declaring = {source.subgraph for source in sources}
    sources = [
        replace(source, override=replace(source.override, label=None))
        if source.override and source.override.from_subgraph not in declaring
        else source
        for source in sources
    ]
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
