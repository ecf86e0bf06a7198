"""Fetches to one subgraph at one place, of which neither waits for the other, become one."""

from collections.abc import Iterator
from itertools import combinations

from plait_gateway.planner.fetch_graph import FetchGraph, FetchNode
from plait_gateway.planner.passes.merging import merged_fetch, replaced


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
        one = merged_fetch(first, second)
        if one is None or _waits(graph, first, second) or _waits(graph, second, first):
            continue
        candidate = replaced(graph, one, second)
        if max(candidate.depths.values()) <= longest:
            yield candidate


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
