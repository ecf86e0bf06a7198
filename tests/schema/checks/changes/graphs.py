"""The two graphs of a golden case: API schemas, or subgraphs to compose."""

from graphql import build_schema

from plait_schema.checks.changes import Graph, graph_of_schema, graph_of_supergraph
from plait_schema.composition import compose
from plait_schema.subgraph import SubgraphSource
from tests.schema.golden import Block, Case


def graph_in(case: Case, side: str) -> Graph:
    """The blocks with `side=before` or `side=after`, each with `subgraph=NAME` where they compose."""
    blocks = [block for block in case.blocks if block.attributes.get("side") == side]
    if "subgraph" not in blocks[0].attributes:
        return graph_of_schema(build_schema(blocks[0].text))
    composition = compose(_source(block) for block in blocks)
    assert composition.supergraph_sdl is not None, composition.diagnostics
    return graph_of_supergraph(composition.supergraph_sdl)


def _source(block: Block) -> SubgraphSource:
    name = block.attributes["subgraph"]
    return SubgraphSource(name, block.attributes.get("url", f"http://{name}.example/graphql"), block.text)
