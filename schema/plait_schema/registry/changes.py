"""What a change makes of the subgraphs that a variant has."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from plait_schema.registry.errors import LAST_SUBGRAPH, NOT_FOUND
from plait_schema.subgraph import SubgraphSource

Subgraphs: TypeAlias = tuple[SubgraphSource, ...]


def published(held: Subgraphs, proposed: Sequence[SubgraphSource]) -> Subgraphs:
    """With the proposed ones in place of those of the same names, or beside them."""
    after = {subgraph.name: subgraph for subgraph in (*held, *proposed)}
    return tuple(after[name] for name in sorted(after))


def without(held: Subgraphs, names: Iterable[str]) -> Subgraphs:
    """Raises RegistryError: NOT_FOUND when one is not there, LAST_SUBGRAPH when none would be left."""
    names = set(names)
    if missing := sorted(names - {subgraph.name for subgraph in held}):
        raise NOT_FOUND.because(f"there is no subgraph {', '.join(missing)}.")
    after = tuple(subgraph for subgraph in held if subgraph.name not in names)
    if not after:
        raise LAST_SUBGRAPH.because("a variant keeps at least one subgraph.")
    return after
