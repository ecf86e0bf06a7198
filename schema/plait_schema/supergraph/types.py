"""Which subgraph has which type: `@join__graph`, `@join__type`, `@join__implements`, `@join__unionMember`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DirectiveNode,
    EnumTypeDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    SelectionSetNode,
    UnionTypeDefinitionNode,
    is_abstract_type,
)

from plait_schema.diagnostics import INVALID_FEDERATION_SUPERGRAPH
from plait_schema.federation.field_set import parse_field_set
from plait_schema.supergraph.document import SupergraphDocument, arguments_of
from plait_schema.supergraph.errors import error_at
from plait_schema.supergraph.model import KeyInSubgraph, SubgraphEndpoint, TypeInSubgraph


def read_endpoints(document: SupergraphDocument) -> dict[str, SubgraphEndpoint]:
    """The subgraphs by the enum value that stands for each in the document, in order of their names."""
    name = document.join.type_name("Graph")
    graphs = next(
        (
            node
            for node in document.types
            if isinstance(node, EnumTypeDefinitionNode) and node.name.value == name
        ),
        None,
    )
    if graphs is None:
        raise error_at(INVALID_FEDERATION_SUPERGRAPH, f"The supergraph does not define the enum {name}.")
    found: dict[str, SubgraphEndpoint] = {}
    for value in graphs.values or ():
        for applied in document.applied(value, "graph"):
            arguments = arguments_of(applied)
            endpoint = SubgraphEndpoint(str(arguments.get("name")), str(arguments.get("url") or ""))
            if any(other.name == endpoint.name for other in found.values()):
                raise error_at(
                    INVALID_FEDERATION_SUPERGRAPH, f'Two subgraphs have the name "{endpoint.name}".', value
                )
            found[value.name.value] = endpoint
    return dict(sorted(found.items(), key=lambda entry: entry[1].name))


def graph_of(
    applied: DirectiveNode, arguments: Mapping[str, Any], endpoints: Mapping[str, SubgraphEndpoint]
) -> str:
    """The name of the subgraph that a join directive speaks of."""
    graph = str(arguments.get("graph"))
    if graph not in endpoints:
        raise error_at(
            INVALID_FEDERATION_SUPERGRAPH, f"There is no subgraph {graph} in the supergraph.", applied
        )
    return endpoints[graph].name


def field_set(text: object, node: Node) -> SelectionSetNode:
    """A field set of the join specification, parsed."""
    try:
        return parse_field_set(str(text))
    except GraphQLError as error:
        raise error_at(
            INVALID_FEDERATION_SUPERGRAPH, f'"{text}" is not a field set: {error.message}', node
        ) from error


def read_types(
    document: SupergraphDocument, endpoints: Mapping[str, SubgraphEndpoint]
) -> dict[str, dict[str, TypeInSubgraph]]:
    """For each type the subgraphs that have it, with their keys.

    A type without any `@join__type` is in every subgraph: that is how join v0.1 writes value types.
    """
    everywhere = {endpoint.name: TypeInSubgraph(endpoint.name) for endpoint in endpoints.values()}
    return {
        node.name.value: _in_subgraphs(node, document, endpoints) or everywhere for node in document.types
    }


def _in_subgraphs(
    node: Node, document: SupergraphDocument, endpoints: Mapping[str, SubgraphEndpoint]
) -> dict[str, TypeInSubgraph]:
    found: dict[str, TypeInSubgraph] = {}
    for applied in document.applied(node, "type"):
        arguments = arguments_of(applied)
        name = graph_of(applied, arguments, endpoints)
        known = found.get(name, TypeInSubgraph(name))
        keys = known.keys
        if (key := arguments.get("key")) is not None:
            keys += (KeyInSubgraph(field_set(key, applied), arguments.get("resolvable", True)),)
        is_object = known.is_interface_object or arguments.get("isInterfaceObject", False)
        found[name] = TypeInSubgraph(name, keys, is_object)
    for applied in document.applied(node, "owner"):
        name = graph_of(applied, arguments_of(applied), endpoints)
        found.setdefault(name, TypeInSubgraph(name))
    return dict(sorted(found.items()))


def read_possible_types(
    document: SupergraphDocument,
    endpoints: Mapping[str, SubgraphEndpoint],
    types: Mapping[str, Mapping[str, TypeInSubgraph]],
    schema: GraphQLSchema,
) -> dict[str, dict[str, frozenset[str]]]:
    """For each abstract type and subgraph the object types that a value of it can have there.

    Versions of join before 0.3 do not say: there it is every possible type that the subgraph has.
    """
    said = _said_of_members(document, endpoints) if document.join.version >= (0, 3) else None
    found: dict[str, dict[str, frozenset[str]]] = {}
    for name in sorted(schema.type_map):
        abstract = schema.type_map[name]
        if not is_abstract_type(abstract) or name not in types:
            continue
        everywhere = frozenset(possible.name for possible in schema.get_possible_types(abstract))
        found[name] = {
            subgraph: everywhere
            if join.is_interface_object
            else frozenset(
                possible
                for possible in everywhere
                if subgraph in types[possible]
                and (said is None or (name, subgraph) in said.get(possible, ()))
            )
            for subgraph, join in types[name].items()
        }
    return found


def _said_of_members(
    document: SupergraphDocument, endpoints: Mapping[str, SubgraphEndpoint]
) -> Mapping[str, set[tuple[str, str]]]:
    """For each object type, where it belongs to which abstract type: (abstract type, subgraph)."""
    said: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for node in document.types:
        for applied in document.applied(node, "implements"):
            arguments = arguments_of(applied)
            said[node.name.value].add(
                (str(arguments.get("interface")), graph_of(applied, arguments, endpoints))
            )
        if isinstance(node, UnionTypeDefinitionNode):
            for member, subgraph in _members(node, document, endpoints):
                said[member].add((node.name.value, subgraph))
    return said


def _members(
    node: UnionTypeDefinitionNode, document: SupergraphDocument, endpoints: Mapping[str, SubgraphEndpoint]
) -> Iterator[tuple[str, str]]:
    for applied in document.applied(node, "unionMember"):
        arguments = arguments_of(applied)
        yield str(arguments.get("member")), graph_of(applied, arguments, endpoints)


def read_contexts(document: SupergraphDocument) -> dict[str, tuple[str, ...]]:
    """For each context the types on which it is set."""
    found: dict[str, list[str]] = defaultdict(list)
    for node in document.types:
        for applied in document.applied(node, "context", specification="context"):
            found[str(arguments_of(applied).get("name"))].append(node.name.value)
    return {name: tuple(sorted(found[name])) for name in sorted(found)}
