"""Ways from one subgraph into another at the same position: keys, and the root."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import GraphQLInterfaceType, GraphQLObjectType

from plait_schema.query_graph.node import Node
from plait_schema.query_graph.selection import Selection, parse_selections, runtime_types
from plait_schema.supergraph import Supergraph, TypeInSubgraph


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """Objects of a type are asked from the target's subgraph by a key, or a root type without any.

    `on` is the type of the objects: one object type, or an interface when all its objects are meant and
    their own types need not be known. `typename` is what the target's subgraph calls them, if not by their
    own name (`@interfaceObject`). Compared by identity.
    """

    target: Node
    on: str
    key: tuple[Selection, ...] = ()
    typename: str | None = None
    is_root: bool = False


def edges_of(supergraph: Supergraph, type_name: str) -> tuple[Edge, ...]:
    """Every edge that objects of an object type, or all objects of an interface, can take."""
    return tuple(_edges(supergraph, type_name))


def _edges(supergraph: Supergraph, name: str) -> Iterator[Edge]:
    joins = supergraph.types.get(name, {})
    schema = supergraph.schema
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    if any(root is not None and root.name == name for root in roots):
        yield from (Edge(Node(subgraph, name), name, is_root=True) for subgraph in joins)
        return
    for join in joins.values():
        typename = name if join.is_interface_object else None
        yield from _by_key(supergraph, join, Node(join.subgraph, name), name, typename)
    match schema.get_type(name):
        case GraphQLObjectType(interfaces=interfaces):
            for interface in sorted(interfaces, key=lambda interface: interface.name):
                yield from _into_interface_objects(supergraph, interface, name)


def _into_interface_objects(
    supergraph: Supergraph, interface: GraphQLInterfaceType, name: str
) -> Iterator[Edge]:
    for join in supergraph.types.get(interface.name, {}).values():
        if join.is_interface_object:
            yield from _by_key(supergraph, join, Node(join.subgraph, interface.name), name, interface.name)


def _by_key(
    supergraph: Supergraph, join: TypeInSubgraph, target: Node, name: str, typename: str | None
) -> Iterator[Edge]:
    for key in join.keys:
        if key.resolvable:
            types = runtime_types(supergraph.schema, name)
            yield Edge(target, name, parse_selections(supergraph.schema, name, key.fields, types), typename)
