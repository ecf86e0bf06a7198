"""What one subgraph says: from its SDL to a valid subgraph in canonical form."""

from collections.abc import Iterable

from plait_schema.diagnostics import Diagnostic
from plait_schema.subgraph.model import Subgraph, SubgraphSource

__all__ = ["Subgraph", "SubgraphSource", "load_subgraph", "load_subgraphs"]


def load_subgraph(source: SubgraphSource) -> Subgraph | tuple[Diagnostic, ...]:
    """The subgraph that the SDL describes, or all that is wrong with it."""
    raise NotImplementedError


def load_subgraphs(sources: Iterable[SubgraphSource]) -> tuple[tuple[Subgraph, ...], tuple[Diagnostic, ...]]:
    """The valid subgraphs in order of name, and what is wrong with the others."""
    raise NotImplementedError
