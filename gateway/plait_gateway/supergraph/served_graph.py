"""One loaded supergraph: all that a request needs from it, made before the first request sees it."""

import hashlib
from dataclasses import dataclass

from plait_schema.query_graph import QueryGraph, build_query_graph
from plait_schema.supergraph import Supergraph, read_supergraph


@dataclass(frozen=True, eq=False)
class ServedGraph:
    """A supergraph with its query graph, under the hash of its SDL. Compared by identity.

    `release` is what its registry calls it.
    """

    version: str
    supergraph: Supergraph
    query_graph: QueryGraph
    release: str | None = None


def load_graph(sdl: str, *, release: str | None = None) -> ServedGraph:
    """Read a supergraph and build what planning needs; raises SupergraphError on bad input.

    This is the expensive part of a swap, and touches nothing that is being served.
    """
    supergraph = read_supergraph(sdl)
    return ServedGraph(version_of(sdl), supergraph, build_query_graph(supergraph), release)


def version_of(sdl: str) -> str:
    """The name of this very text: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(sdl.encode()).hexdigest()[:16]
