"""A selection set as it is written for one subgraph: with that subgraph's types, fields and fragments."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from graphql import ArgumentNode, TypeNode, is_abstract_type

from plait_gateway.planner.fetch_graph import Ask, Asks
from plait_schema.query_graph import Conditions, QueryGraph
from plait_schema.query_graph.selection import TYPENAME, field_type


@dataclass(frozen=True, slots=True)
class Field:
    """A field under a response key. `type` is what the subgraph says; None for `__typename`."""

    response_key: str
    name: str
    type: TypeNode | None
    arguments: tuple[ArgumentNode, ...] = ()
    conditions: Conditions = frozenset()
    items: "tuple[Item, ...]" = ()


@dataclass(frozen=True, slots=True)
class Fragment:
    """Items for objects of one of the subgraph's types."""

    on: str
    items: "tuple[Item, ...]"


Item: TypeAlias = Field | Fragment

TYPENAME_FIELD = Field(TYPENAME, TYPENAME, None)


def written(
    asks: Asks, graph: QueryGraph, *, parent: str | None = None, hoisted: Conditions = frozenset()
) -> tuple[Item, ...]:
    """A selection set of the subgraph's. `parent` is the type as the supergraph calls it, where it differs.

    Never empty, and never without `__typename` where the type is open or all else depends on conditions.
    Conditions that were hoisted are left out.
    """
    possible = graph.possible_types(asks.node)
    shared: list[Item] = []
    by_type: dict[str, list[Item]] = {}
    fields = asks.fields
    if graph.is_interface_object(asks.node):  # an object type there, whatever its objects are
        fields = tuple(replace(ask, types=possible) for ask in fields)
    for ask in _without_repetitions(fields):
        types = ask.types & possible
        if not types:
            continue
        if owner := _common_owner(ask, types, possible, asks, graph):
            shared.append(_field(ask, owner, asks, graph, hoisted))
        else:
            for on in _owners(ask, types, possible - types, asks, graph):
                by_type.setdefault(on, []).append(_field(ask, on, asks, graph, hoisted))
    fragments = [Fragment(on, tuple(by_type[on])) for on in by_type]
    names = (parent,) if graph.is_interface_object(asks.node) else (parent, asks.node.type)
    is_open = any(is_abstract_type(graph.schema.get_type(name or "")) for name in names)
    if asks.wants_typename or is_open or all(item.conditions for item in shared if isinstance(item, Field)):
        return (TYPENAME_FIELD, *shared, *fragments)
    return (*shared, *fragments)


def _field(ask: Ask, owner: str, asks: Asks, graph: QueryGraph, hoisted: Conditions) -> Field:
    items: tuple[Item, ...] = ()
    if ask.below is not None:
        items = written(ask.below, graph, parent=field_type(graph.schema, min(ask.types), ask.field))
    return Field(
        ask.response_key,
        ask.field,
        graph.supergraph.fields[owner][ask.field][asks.node.subgraph].type,
        ask.arguments,
        ask.conditions - hoisted,
        items,
    )


def _common_owner(
    ask: Ask, types: frozenset[str], possible: frozenset[str], asks: Asks, graph: QueryGraph
) -> str | None:
    """The static type, if the field can be asked of it without a fragment and leads to the same type."""
    if types != possible:
        return None
    return asks.node.type if _fits(ask, asks.node.type, asks, graph) else None


def _owners(
    ask: Ask, types: frozenset[str], others: frozenset[str], asks: Asks, graph: QueryGraph
) -> Iterator[str]:
    """An interface of the subgraph that has just these types, or else the types one by one.

    The executor knows the supergraph's types only: to it, none of the others may be of the interface.
    """
    subgraph = asks.node.subgraph
    for interface in graph.interfaces(min(types)) if len(types) > 1 else ():
        possible = graph.supergraph.possible_types[interface].get(subgraph)
        is_unclear = any(interface in graph.interfaces(other) for other in others)
        if possible == types and not is_unclear and _fits(ask, interface, asks, graph):
            yield interface
            return
    yield from sorted(types)


def _fits(ask: Ask, owner: str, asks: Asks, graph: QueryGraph) -> bool:
    found = graph.supergraph.fields.get(owner, {}).get(ask.field, {}).get(asks.node.subgraph)
    if found is None:
        return False
    return ask.below is None or graph.named_type(found.type) == ask.below.node.type


def _without_repetitions(fields: Iterable[Ask]) -> Iterator[Ask]:
    """Leaves that another field asks anyway, of more objects or under fewer conditions, are left out."""
    alike: dict[str, list[Ask]] = {}
    for ask in fields:
        if not any(_covers(other, ask) for other in alike.get(ask.response_key, ())):
            kept = [other for other in alike.get(ask.response_key, ()) if not _covers(ask, other)]
            alike[ask.response_key] = [*kept, ask]
    return chain.from_iterable(alike.values())


def _covers(ask: Ask, other: Ask) -> bool:
    return other.below is None and ask.conditions <= other.conditions and other.types <= ask.types
