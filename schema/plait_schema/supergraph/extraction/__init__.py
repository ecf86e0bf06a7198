"""The inverse of composition: each subgraph's schema, as far as the supergraph says who has what.

1. `definitions`, `names`: what the supergraph defines, and what it calls federation's directives.
2. `joins`, `holdings`: who has what; `completion` adds what join v0.1 leaves unsaid, `emptied` drops what
   nothing is left of.
3. `sharing`, `access`: what the supergraph implies rather than says.
4. `applied`, `rendering`, `links`: the schema of one subgraph, written.
"""

from collections.abc import Iterator

from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph.document import read_document
from plait_schema.supergraph.extraction.access import inherited_access
from plait_schema.supergraph.extraction.applied import Applied
from plait_schema.supergraph.extraction.completion import complete
from plait_schema.supergraph.extraction.definitions import read_definitions
from plait_schema.supergraph.extraction.emptied import without_emptied
from plait_schema.supergraph.extraction.holdings import holdings_of
from plait_schema.supergraph.extraction.joins import Joins
from plait_schema.supergraph.extraction.names import read_names
from plait_schema.supergraph.extraction.rendering import Rendering
from plait_schema.supergraph.extraction.sdl import available_directives, print_subgraph
from plait_schema.supergraph.extraction.sharing import shareable_fields

__all__ = ["extract_subgraphs"]


def extract_subgraphs(sdl: str) -> tuple[SubgraphSource, ...]:
    """The subgraphs of a supergraph in the join specification, v0.1 to v0.5, in order of name.

    Each is Federation 2 SDL, also those of a Federation 1 supergraph; composing them gives the supergraph
    again. What a supergraph does not tell is not in them: directives and parts that composition left out.
    Raises SupergraphError as `read_supergraph` does.
    """
    document = read_document(sdl)
    definitions = read_definitions(document)
    names = read_names(document, definitions)
    joins = Joins.of(document)
    holdings = {
        subgraph: without_emptied(holding, definitions)
        for subgraph, holding in complete(holdings_of(definitions, joins), definitions, joins).items()
    }
    shareable = shareable_fields(holdings, definitions)
    access = inherited_access(definitions, names)

    def subgraphs() -> Iterator[SubgraphSource]:
        for graph, endpoint in joins.endpoints.items():
            holding = holdings[endpoint.name]
            available = available_directives(definitions, holding)
            applied = Applied(document, definitions, names, endpoint.name, graph, available)
            rendering = Rendering(applied, shareable[endpoint.name], access)
            yield SubgraphSource(endpoint.name, endpoint.url, print_subgraph(holding, rendering))

    return tuple(subgraphs())
