"""Can every query of the API schema be answered?

The query graph is walked from its roots with all nodes at hand that a path can stand on: a field is fine
when it can be asked at one of them, or where keys lead from one of them. Positions are remembered, so that
the walk ends: one with more nodes than another one of its type can only do better.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from graphql import GraphQLInterfaceType, GraphQLObjectType, OperationType

from plait_schema.composition.witness import Step, witness
from plait_schema.diagnostics import SATISFIABILITY_ERROR, Diagnostic, in_order
from plait_schema.federation.field_set import print_field_set
from plait_schema.query_graph import Node, QueryGraph, Way, contexts_below
from plait_schema.query_graph.selection import field_type
from plait_schema.supergraph import FieldInSubgraph


@dataclass(frozen=True, slots=True)
class _Position:
    """Objects of a type (as the API schema has it), the nodes that they can be had at, the way to them."""

    type: str
    nodes: frozenset[Node]
    path: "_Path | None"  # None at a root
    contexts: frozenset[str] = frozenset()  # set by objects on the way, so that fields can take from them

    def is_no_worse_than(self, other: "_Position") -> bool:
        """Whether whatever can be asked there can be asked here, too."""
        return other.nodes <= self.nodes and other.contexts <= self.contexts


@dataclass(frozen=True, slots=True)
class _Path:
    """The last step of a way through the graph, and the way to it: paths share their beginnings."""

    step: Step
    length: int
    before: "_Path | None"

    def last(self, number: int) -> tuple[Step, ...]:
        """The last steps, in order."""
        found: list[Step] = []
        path: _Path | None = self
        while path and len(found) < number:
            found.append(path.step)
            path = path.before
        return tuple(reversed(found))


def check_satisfiability(graph: QueryGraph) -> tuple[Diagnostic, ...]:
    """A SATISFIABILITY_ERROR for each field that a query can ask for and no plan can fetch.

    Fields that progressive `@override` moves must be there both before and after.
    """
    found: dict[str | None, Diagnostic] = {}
    for labels in _label_sets(graph):
        for diagnostic in _check(graph.with_labels(labels)):
            found.setdefault(diagnostic.coordinate, diagnostic)
    return in_order(found.values())


def _label_sets(graph: QueryGraph) -> Iterator[frozenset[str]]:
    """None, each alone, all: enough to see each side of every `@override`."""
    labels = sorted(graph.labels)
    yield frozenset()
    if len(labels) > 1:
        yield from (frozenset((label,)) for label in labels)
    if labels:
        yield frozenset(labels)


def _check(graph: QueryGraph, start: _Position | None = None) -> Iterator[Diagnostic]:
    """Walk from the roots, or from a position."""
    seen: dict[str, list[_Position]] = {}
    reported: set[tuple[str, str]] = set()
    pending = deque(_roots(graph) if start is None else (start,))
    while pending:
        position = pending.popleft()
        if any(position.is_no_worse_than(other) for other in seen.get(position.type, ())):
            continue
        seen.setdefault(position.type, []).append(position)
        for type_name, field in _asked(graph, position):
            ways = _ways(graph, position, type_name, field)
            step = Step(position.type, type_name, field)
            path = _Path(step, position.path.length + 1 if position.path else 1, position.path)
            if not ways:
                if (type_name, field) not in reported:
                    reported.add((type_name, field))
                    yield _unreachable(graph, position, type_name, field, path)
                continue
            nodes = frozenset(child for way in ways if (child := graph.follow(way.node, type_name, field)))
            if nodes:
                api_type = str(field_type(graph.api_schema, type_name, field))
                below = _Position(api_type, nodes, path, _contexts(graph, position, type_name))
                if _runs_once(graph, type_name) and len(nodes) > 1:
                    yield from _check_alternatives(graph, below)
                else:
                    pending.append(below)


def _runs_once(graph: QueryGraph, type_name: str) -> bool:
    """Whether fields of a type cannot be asked in two subgraphs, as that would do a thing twice."""
    roots = (graph.schema.mutation_type, graph.schema.subscription_type)
    return any(root is not None and root.name == type_name for root in roots)


def _check_alternatives(graph: QueryGraph, position: _Position) -> Iterator[Diagnostic]:
    """One of the nodes must do for itself; else the problems of the one with the fewest."""
    alternatives = [replace(position, nodes=frozenset((node,))) for node in _sorted(position.nodes)]
    yield from min((tuple(_check(graph, one)) for one in alternatives), key=len)


def _contexts(graph: QueryGraph, position: _Position, type_name: str) -> frozenset[str]:
    """The contexts that are set for fields of objects of a type, and for all below them."""
    if not graph.contexts_of(type_name):
        return position.contexts
    nodes = () if position.path is None else _sorted(position.nodes)
    return contexts_below(graph, type_name, nodes, position.contexts)


def _roots(graph: QueryGraph) -> Iterator[_Position]:
    for operation in OperationType:
        if graph.api_schema.get_root_type(operation) is not None and (nodes := graph.root_nodes(operation)):
            yield _Position(nodes[0].type, frozenset(nodes), None)


def _asked(graph: QueryGraph, position: _Position) -> Iterator[tuple[str, str]]:
    """What clients can ask at a position: each field of each type that its objects can have.

    An interface comes as such where an `@interfaceObject` stands for it; its types follow.
    """
    names = set().union(*(graph.possible_types(node) for node in position.nodes))
    whole = {node.type for node in position.nodes if graph.is_interface_object(node)}
    for name in (*sorted(whole), *sorted(names)):
        match graph.api_schema.get_type(name):
            case GraphQLObjectType(fields=fields) | GraphQLInterfaceType(fields=fields):
                yield from ((name, field) for field in fields if not field.startswith("__"))


def _ways(graph: QueryGraph, position: _Position, type_name: str, field: str) -> tuple[Way, ...]:
    contexts = position.contexts | _contexts(graph, position, type_name)
    if position.path is None:
        return graph.standing(type_name, ()).exact_ways(field, contexts)
    found: list[Way] = []
    for node in _sorted(position.nodes):
        if graph.is_interface_object(node) and node.type == type_name:
            found += graph.standing(type_name, (node,)).exact_ways(field, contexts) or _one_by_one(
                graph, node, field, contexts
            )
        elif type_name in graph.possible_types(node):
            found += graph.standing(type_name, (node,)).exact_ways(field, contexts)
    return tuple(found)


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


def _unreachable(
    graph: QueryGraph, position: _Position, type_name: str, field: str, path: _Path
) -> Diagnostic:
    coordinate = f"{type_name}.{field}"
    starts = sorted({node.subgraph for node in position.nodes})
    owners = dict(_owners(graph, position, type_name, field))
    reasons = [
        f'- from subgraph "{name}": it does not resolve {coordinate}.'
        for name in starts
        if name not in owners
    ]
    reasons += [f'- into subgraph "{name}": {why}.' for name, why in owners.items()]
    labels = ", ".join(f'"{label}"' for label in sorted(graph.active_labels))
    when = f" when the @override labels {labels} are active" if labels else ""
    message = "\n".join(
        [
            f"{coordinate} cannot be fetched{when} in {_example(graph, path)}",
            "",
            "No subgraph can be asked for it there:",
            *reasons,
        ]
    )
    return SATISFIABILITY_ERROR.at(
        coordinate, message, subgraphs=[*starts, *owners], fix=_fix(graph, position, type_name, field)
    )


def _example(graph: QueryGraph, path: _Path) -> str:
    """A query that follows the path; of one that nobody could read, how it ends."""
    if path.length <= _LONGEST_WITNESS:
        return f"a query such as\n\n{witness(graph.api_schema, path.last(path.length))}"
    end = " > ".join(f"{step.type}.{step.field}" for step in path.last(3))
    return f"a query that is {path.length} fields deep and ends with {end}"


_LONGEST_WITNESS = 32


def _fix(graph: QueryGraph, position: _Position, type_name: str, field: str) -> str:
    owners = graph.supergraph.fields.get(type_name, {}).get(field, {}).values()
    return _FIX if all(_are_set(graph, position, type_name, owner) for owner in owners) else _FIX_CONTEXT


_FIX_CONTEXT = (
    "Set the context on a type above the field on every way to it, or let the client give the argument."
)
_FIX = "Give the type a resolvable @key that both subgraphs know, or share the field with @shareable."


def _owners(graph: QueryGraph, position: _Position, type_name: str, field: str) -> Iterator[tuple[str, str]]:
    """The subgraphs that have the field, and why none of them can be entered."""
    for subgraph, join in graph.supergraph.fields.get(type_name, {}).get(field, {}).items():
        keys = graph.supergraph.types[type_name][subgraph].keys
        resolvable = [key for key in keys if key.resolvable] or keys
        texts = ", ".join(f'"{print_field_set(key.fields)}"' for key in resolvable)
        node = Node(subgraph, type_name)
        if join.external:
            yield subgraph, f"the field is @external there, and no path to {type_name} provides it"
        elif graph.field_at(node, type_name, field) is None:
            yield subgraph, f'the field is overridden there (label "{join.override_label}")'
        elif not keys:
            yield subgraph, f"{type_name} has no @key there"
        elif not any(key.resolvable for key in keys):
            yield subgraph, f"the @key of {type_name} ({texts}) is not resolvable there"
        elif join.context_arguments and not _are_set(graph, position, type_name, join):
            names = ", ".join(sorted({argument.context for argument in join.context_arguments}))
            yield subgraph, f"the field takes arguments from a context that nothing above it sets ({names})"
        elif join.requires is not None and _can_enter(graph, position, node):
            required = print_field_set(join.requires)
            yield subgraph, f'what the field requires ("{required}") cannot be fetched'
        else:
            yield subgraph, f"no @key of {type_name} there ({texts}) can be fetched from where the query is"


def _are_set(graph: QueryGraph, position: _Position, type_name: str, join: FieldInSubgraph) -> bool:
    contexts = position.contexts | _contexts(graph, position, type_name)
    return all(argument.context in contexts for argument in join.context_arguments)


def _can_enter(graph: QueryGraph, position: _Position, node: Node) -> bool:
    return any(
        (node, node.type) in graph.standing(node.type, (start,)).entries
        for start in position.nodes
        if node.type in graph.possible_types(start)
    )
