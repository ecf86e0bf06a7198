"""Can every query of the API schema be answered?

The query graph is walked from its roots with all nodes at hand that a path can stand on: a field is fine
when it can be asked at one of them, or where keys lead from one of them. Positions are remembered, so that
the walk ends: one with more nodes than another one of its type can only do better. What objects of a type
can be asked does not depend on the interface or union that they come as, so it is looked at once for all.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from graphql import GraphQLInterfaceType, GraphQLObjectType, OperationType

from plait_schema.composition.paths import Path, Position
from plait_schema.composition.unreachable import unreachable
from plait_schema.composition.witness import Step
from plait_schema.diagnostics import Diagnostic, in_order
from plait_schema.query_graph import Exploration, Node, QueryGraph, Way, contexts_below
from plait_schema.query_graph.selection import field_type

Together: TypeAlias = dict[tuple[str, str], set[frozenset[str]]]
"""By type and field: the subgraphs that some query may have the choice of, at one place."""

_Objects: TypeAlias = tuple[str, frozenset[Node], frozenset[str]]
"""Objects of a type, the nodes they stand on, and the contexts that are set for them."""


@dataclass(frozen=True, slots=True)
class Satisfiability:
    """What no query can get, and which subgraphs stand in for each other."""

    diagnostics: tuple[Diagnostic, ...]
    together: Mapping[tuple[str, str], set[frozenset[str]]]


def check_satisfiability(graph: QueryGraph) -> Satisfiability:
    """A SATISFIABILITY_ERROR for each field that a query can ask for and no plan can fetch.

    Fields that progressive `@override` moves must be there both before and after.
    """
    found: dict[str | None, Diagnostic] = {}
    together: Together = {}
    for labels in _label_sets(graph):
        for diagnostic in _check(
            QueryGraph(graph.supergraph, labels, Exploration(from_target=True)), together
        ):
            found.setdefault(diagnostic.coordinate, diagnostic)
    return Satisfiability(in_order(found.values()), together)


def _label_sets(graph: QueryGraph) -> Iterator[frozenset[str]]:
    """None, each alone, all: enough to see each side of every `@override`."""
    labels = sorted(graph.labels)
    yield frozenset()
    if len(labels) > 1:
        yield from (frozenset((label,)) for label in labels)
    if labels:
        yield frozenset(labels)


def _check(graph: QueryGraph, together: Together, start: Position | None = None) -> Iterator[Diagnostic]:
    """Walk from the roots, or from a position."""
    seen: dict[str, list[Position]] = {}
    asked: set[_Objects] = set()
    reported: set[tuple[str, str]] = set()
    pending = deque(_roots(graph) if start is None else (start,))
    while pending:
        position = pending.popleft()
        if any(position.is_no_worse_than(other) for other in seen.get(position.type, ())):
            continue
        seen.setdefault(position.type, []).append(position)
        for type_name, field, objects in _asked(graph, position, asked):
            ways = _ways(graph, objects, field)
            step = Step(position.type, type_name, field)
            path = Path(step, position.path.length + 1 if position.path else 1, position.path)
            if not ways:
                if (type_name, field) not in reported:
                    reported.add((type_name, field))
                    yield unreachable(graph, position, type_name, field, path)
                continue
            nodes = frozenset(child for way in ways if (child := graph.follow(way.node, type_name, field)))
            if len(nodes) > 1:
                subgraphs = frozenset(node.subgraph for node in nodes)
                together.setdefault((type_name, field), set()).add(subgraphs)
            if nodes:
                api_type = str(field_type(graph.api_schema, type_name, field))
                below = Position(api_type, nodes, path, _contexts(graph, position, type_name))
                if _runs_once(graph, type_name) and len(nodes) > 1:
                    yield from _check_alternatives(graph, together, below)
                else:
                    pending.append(below)


def _runs_once(graph: QueryGraph, type_name: str) -> bool:
    """Whether fields of a type cannot be asked in two subgraphs, as that would do a thing twice."""
    roots = (graph.schema.mutation_type, graph.schema.subscription_type)
    return any(root is not None and root.name == type_name for root in roots)


def _check_alternatives(graph: QueryGraph, together: Together, position: Position) -> Iterator[Diagnostic]:
    """One of the nodes must do for itself; else the problems of the one with the fewest."""
    alternatives = [replace(position, nodes=frozenset((node,))) for node in _sorted(position.nodes)]
    yield from min((tuple(_check(graph, together, one)) for one in alternatives), key=len)


def _contexts(graph: QueryGraph, position: Position, type_name: str) -> frozenset[str]:
    """The contexts that are set for fields of objects of a type, and for all below them."""
    if not graph.contexts_of(type_name):
        return position.contexts
    nodes = () if position.path is None else _sorted(position.nodes)
    return contexts_below(graph, type_name, nodes, position.contexts)


def _roots(graph: QueryGraph) -> Iterator[Position]:
    for operation in OperationType:
        if graph.api_schema.get_root_type(operation) is not None and (nodes := graph.root_nodes(operation)):
            yield Position(nodes[0].type, frozenset(nodes), None)


def _asked(
    graph: QueryGraph, position: Position, before: set[_Objects]
) -> Iterator[tuple[str, str, Position]]:
    """What clients can ask at a position: each field of each type that its objects can have, and of which.

    What subgraphs resolve together they must resolve to the same, so only to what all of them can return.
    An interface comes as such where an `@interfaceObject` stands for it; its types follow. What was asked
    `before` of the same type on the same nodes is left out.
    """
    names = frozenset.intersection(*(graph.possible_types(node) for node in position.nodes))
    whole = {node.type for node in position.nodes if graph.is_interface_object(node)}
    for name in (*sorted(whole), *sorted(names)):
        objects = replace(
            position, type=name, nodes=frozenset(graph.narrowed(node, name) for node in position.nodes)
        )
        match graph.api_schema.get_type(name):
            case GraphQLObjectType(fields=fields) | GraphQLInterfaceType(fields=fields):
                key = (name, objects.nodes, objects.contexts)
                if key not in before:
                    before.add(key)
                    yield from ((name, field, objects) for field in fields if not field.startswith("__"))


def _ways(graph: QueryGraph, position: Position, field: str) -> tuple[Way, ...]:
    type_name, contexts = position.type, position.contexts
    if position.path is None:
        return graph.standing(type_name, ()).exact_ways(field, contexts)
    found: list[Way] = []
    places = _places(graph, position, field)
    for node in _sorted(position.nodes):
        if found and places is not None and places <= {way.node for way in found}:
            break  # from other nodes there are only ways to the same places
        if graph.is_interface_object(node) and node.type == type_name:
            found += graph.standing(type_name, (node,)).exact_ways(field, contexts) or _one_by_one(
                graph, node, field, contexts
            )
        elif type_name in graph.possible_types(node):
            found += graph.standing(type_name, (node,)).exact_ways(field, contexts)
    return tuple(found)


def _places(graph: QueryGraph, position: Position, field: str) -> frozenset[Node] | None:
    """Where ways to a field can end at all: on the nodes of the position, and on those that edges enter.

    None if there is nothing to gain from knowing, or an `@interfaceObject` leads to places of its own.
    """
    if len(position.nodes) < 2 or any(graph.is_interface_object(node) for node in position.nodes):
        return None
    entered = {edge.target for edge in graph.edges(position.type)}
    return frozenset(node for node in position.nodes | entered if graph.field_at(node, position.type, field))


def _one_by_one(graph: QueryGraph, node: Node, field: str, contexts: frozenset[str]) -> tuple[Way, ...]:
    """An interface's field, asked of its objects type by type: nothing if one type has no way.

    Only that there are ways matters: those of the types are walked as such.
    """
    ways = [
        graph.standing(name, (node,)).exact_ways(field, contexts)
        for name in sorted(graph.possible_types(node))
    ]
    direct = [way for found in ways for way in found[:1] if graph.field_at(way.node, node.type, field)]
    return tuple(direct) if all(ways) else ()


def _sorted(nodes: frozenset[Node]) -> list[Node]:
    return sorted(nodes, key=lambda node: (node.subgraph, node.type, len(node.provided)))
