"""The graph being served: loaded before anybody sees it, swapped in one step, held by who began with it.

`served_graph.py` is one loaded supergraph with its caches, `holder.py` the place where the current one is
swapped, `source.py` how it gets there, from a file (`file.py`) or a registry (`registry.py`), `notices.py`
what a person editing the graph should see.
"""

from plait_gateway.supergraph.file import SupergraphFile
from plait_gateway.supergraph.holder import SupergraphHolder
from plait_gateway.supergraph.notices import Notices
from plait_gateway.supergraph.served_graph import ServedGraph, load_graph
from plait_gateway.supergraph.source import SupergraphSource, SupergraphUnavailable

__all__ = [
    "Notices",
    "ServedGraph",
    "SupergraphFile",
    "SupergraphHolder",
    "SupergraphSource",
    "SupergraphUnavailable",
    "load_graph",
]
