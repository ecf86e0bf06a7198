"""What the composed graph says: its schema, what clients see of it, and which subgraph has what."""

from plait_schema.supergraph.access import Access, AccessByCoordinate, read_access
from plait_schema.supergraph.api_schema import api_schema_of
from plait_schema.supergraph.consistency import refuse_inconsistent
from plait_schema.supergraph.costs import Costs, ListSize, costs_of, read_costs
from plait_schema.supergraph.document import (
    SupergraphDocument,
    document_of,
    parse_definitions,
    read_document,
    valid_schema,
)
from plait_schema.supergraph.errors import SupergraphError
from plait_schema.supergraph.fields import read_fields
from plait_schema.supergraph.model import (
    ContextArgument,
    FieldInSubgraph,
    KeyInSubgraph,
    SubgraphEndpoint,
    Supergraph,
    TypeInSubgraph,
)
from plait_schema.supergraph.types import read_contexts, read_endpoints, read_possible_types, read_types

__all__ = [
    "Access",
    "AccessByCoordinate",
    "ContextArgument",
    "Costs",
    "FieldInSubgraph",
    "KeyInSubgraph",
    "ListSize",
    "SubgraphEndpoint",
    "Supergraph",
    "SupergraphDocument",
    "SupergraphError",
    "TypeInSubgraph",
    "costs_of",
    "document_of",
    "parse_definitions",
    "read_document",
    "read_supergraph",
    "supergraph_of",
]


def read_supergraph(sdl: str) -> Supergraph:
    """Read a supergraph in the join specification, v0.1 to v0.5, whichever composer made it.

    Raises SupergraphError with a code and the place in the SDL, whatever is wrong with the text.
    https://specs.apollo.dev/join/v0.3
    """
    return supergraph_of(read_document(sdl))


def supergraph_of(document: SupergraphDocument) -> Supergraph:
    """What the document of a supergraph says; raises SupergraphError."""
    endpoints = read_endpoints(document)
    schema = valid_schema(document)
    types = read_types(document, endpoints)
    supergraph = Supergraph(
        schema=schema,
        api_schema=api_schema_of(document),
        subgraphs={endpoint.name: endpoint for endpoint in endpoints.values()},
        types=types,
        fields=read_fields(document, endpoints, types, schema),
        possible_types=read_possible_types(document, endpoints, types, schema),
        contexts=read_contexts(document),
        access=read_access(document),
        costs=read_costs(document),
    )
    refuse_inconsistent(supergraph)
    return supergraph
