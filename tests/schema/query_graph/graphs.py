"""Query graphs for tests, composed from subgraphs given as text."""

from plait_schema.composition import compose
from plait_schema.query_graph import QueryGraph, build_query_graph
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph import read_supergraph

_NAMES = (
    "key",
    "shareable",
    "external",
    "requires",
    "provides",
    "override",
    "interfaceObject",
    "inaccessible",
)
DIRECTIVES = ", ".join(f'"@{name}"' for name in _NAMES)
LINK = f'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: [{DIRECTIVES}])\n'


def sources(**subgraphs: str) -> list[SubgraphSource]:
    """Federation 2 subgraphs, by name."""
    return [
        SubgraphSource(name, f"http://{name}.example/graphql", LINK + sdl) for name, sdl in subgraphs.items()
    ]


def graph_of(**subgraphs: str) -> QueryGraph:
    """The query graph of subgraphs that compose."""
    composition = compose(sources(**subgraphs))
    assert composition.supergraph_sdl is not None, composition.diagnostics
    return build_query_graph(read_supergraph(composition.supergraph_sdl))
