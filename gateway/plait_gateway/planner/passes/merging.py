"""Two fetches made one: when that is possible at all, and what comes of it."""

from collections.abc import Iterable
from dataclasses import replace

from plait_gateway.planner.fetch_graph import Ask, Asks, FetchGraph, FetchNode, Part
from plait_gateway.planner.representations import clashes, merged
from plait_gateway.query_plan.nodes import Representation
from plait_schema.query_graph import QueryGraph


def merged_fetch(first: FetchNode, second: FetchNode, graph: QueryGraph) -> FetchNode | None:
    """One fetch that asks what both ask, in place of the first; None when one request cannot."""
    if (first.subgraph, first.kind, first.path) != (second.subgraph, second.kind, second.path):
        return None
    if first.is_root != second.is_root:
        return None
    if {one.variable for one in first.contexts} != {one.variable for one in second.contexts}:
        return None  # objects that lack one value would lose what needs the other one only
    parts = list(first.parts)
    for part in second.parts:
        at = next((at for at, known in enumerate(parts) if _same_objects(known, part)), None)
        if at is None:
            if any(_are_confusable(known, part, graph) for known in parts):
                return None
            parts.append(part)
            continue
        both = _merged_part(parts[at], part)
        if both is None:
            return None
        parts[at] = both
    if _mixes_types(parts) or not _goes_along(first, second, parts):
        return None
    return replace(first, parts=tuple(parts), after=first.after | second.after)


def replaced(graph: FetchGraph, merged_one: FetchNode, gone: FetchNode) -> FetchGraph:
    """The graph with one fetch in place of two; who waited for the other one waits for it."""
    fetches = {
        fetch.number: replace(fetch, after=_renumbered(fetch.after, gone.number, merged_one.number))
        for fetch in ({**graph.fetches, merged_one.number: merged_one}).values()
        if fetch.number != gone.number
    }
    steps = tuple(tuple(number for number in step if number != gone.number) for step in graph.steps)
    return FetchGraph(graph.graph, graph.operation, fetches, tuple(step for step in steps if step))


def merged_asks(first: Asks, second: Asks) -> Asks:
    """A selection set with the fields of both, equal ones once."""
    fields: dict[object, Ask] = {}
    for ask in (*first.fields, *second.fields):
        key = (ask.response_key, ask.field, ask.types, ask.conditions)
        known = fields.get(key)
        if known is not None and known.below is not None and ask.below is not None:
            fields[key] = replace(known, below=merged_asks(known.below, ask.below))
        else:
            fields.setdefault(key, ask)
    return replace(
        first, fields=tuple(fields.values()), wants_typename=first.wants_typename or second.wants_typename
    )


def _goes_along(first: FetchNode, second: FetchNode, parts: Iterable[Part]) -> bool:
    """Whether what is under conditions can go with what is under fewer: if nothing more is sent for it."""
    if first.conditions == second.conditions:
        return True
    surer = min(first, second, key=lambda fetch: len(fetch.conditions))
    return surer.conditions < first.conditions | second.conditions and [
        part.representation for part in surer.parts
    ] == [part.representation for part in parts]


def _same_objects(first: Part, second: Part) -> bool:
    match first.representation, second.representation:
        case None, None:
            return True
        case Representation(on=on, typename=typename), Representation(on=other, typename=other_typename):
            return (on, typename) == (other, other_typename)
        case _:
            return False


def _are_confusable(first: Part, second: Part, graph: QueryGraph) -> bool:
    """Whether an object could be sent for either part, or be taken for one that was sent for the other.

    An object has one place in a request and is sent under one name, though a subgraph may know several of its
    interfaces (`@interfaceObject`).
    """
    if first.representation is None or second.representation is None:
        return False
    objects = graph.runtime_types(first.representation.on)
    others = graph.runtime_types(second.representation.on)
    if not objects.isdisjoint(others):
        return True
    first_type, second_type = first.asks.node.type, second.asks.node.type
    return first_type != second_type and not (
        objects.isdisjoint(graph.runtime_types(second_type))
        and others.isdisjoint(graph.runtime_types(first_type))
    )


def _merged_part(first: Part, second: Part) -> Part | None:
    asks = merged_asks(first.asks, second.asks)
    if first.representation is None or second.representation is None:
        return Part(asks)
    fields = merged((*first.representation.fields, *second.representation.fields))
    return None if clashes(fields) else Part(asks, replace(first.representation, fields=fields))


def _mixes_types(parts: Iterable[Part]) -> bool:
    """Objects of several types that the subgraph has one type for (`@interfaceObject`) get the same only."""
    asked: dict[str, tuple[Ask, ...]] = {}
    for part in parts:
        fields = tuple(replace(ask, types=frozenset()) for ask in part.asks.fields)
        if asked.setdefault(part.asks.node.type, fields) != fields:
            return True
    return False


def _renumbered(numbers: frozenset[int], old: int, new: int) -> frozenset[int]:
    return frozenset(new if number == old else number for number in numbers)
