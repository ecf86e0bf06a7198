"""Fetches to one subgraph at one place, of which neither waits for the other, become one.

Not so where one waits for what `@requires` asks for and the other does not: when that fails, the other must
still bring what it can, and need not come later for it.
"""

from collections.abc import Iterator
from itertools import combinations

from plait_gateway.planner.fetch_graph import FetchGraph, FetchNode
from plait_gateway.planner.passes.merging import merged_fetch, replaced
from plait_gateway.planner.representations import Sent
from plait_gateway.query_plan.nodes import RepresentationField


def merge_siblings(graph: FetchGraph) -> FetchGraph:
    """Merge whatever does not make the plan wait longer, until nothing can be merged."""
    while True:
        better = next(_merged(graph), None)
        if better is None:
            return graph
        graph = better


def _merged(graph: FetchGraph) -> Iterator[FetchGraph]:
    longest = max(graph.depths.values(), default=0)
    for first, second in _siblings(graph):
        one = merged_fetch(first, second, graph.graph)
        if one is None or _risks_more(first, second):
            continue
        if _waits(graph, first, second) or _waits(graph, second, first):
            continue
        candidate = replaced(graph, one, second)
        if max(candidate.depths.values()) <= longest:
            yield candidate


def _risks_more(first: FetchNode, second: FetchNode) -> bool:
    """Whether one of them would depend on a fetch for values that only the other one requires."""
    return first.after != second.after and _required(first) != _required(second)


def _required(fetch: FetchNode) -> set[tuple[str, Sent]]:
    return {
        (part.representation.on, sent)
        for part in fetch.parts
        if part.representation is not None
        for sent in part.representation.fields
        if not (isinstance(sent, RepresentationField) and sent.key)
    }


def _siblings(graph: FetchGraph) -> Iterator[tuple[FetchNode, FetchNode]]:
    for step in graph.steps:
        places: dict[object, list[FetchNode]] = {}
        for number in step:
            fetch = graph.fetches[number]
            places.setdefault((fetch.subgraph, fetch.path), []).append(fetch)
        for fetches in places.values():
            yield from combinations(fetches, 2)


def _waits(graph: FetchGraph, fetch: FetchNode, other: FetchNode) -> bool:
    """Whether a fetch waits for another one, directly or not."""
    pending, seen = list(fetch.after), set()
    while pending:
        number = pending.pop()
        if number == other.number:
            return True
        if number not in seen:
            seen.add(number)
            pending.extend(graph.fetches[number].after)
    return False
