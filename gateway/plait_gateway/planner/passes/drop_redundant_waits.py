"""A fetch need not wait for what another one, which it waits for, has waited for."""

from dataclasses import replace

from plait_gateway.planner.fetch_graph import FetchGraph, in_order


def drop_redundant_waits(graph: FetchGraph) -> FetchGraph:
    """The same order with the fewest dependencies (transitive reduction)."""
    before: dict[int, frozenset[int]] = {}  # all that a fetch waits for, directly or not
    fetches = dict(graph.fetches)
    for number in in_order(graph.fetches):
        after = graph.fetches[number].after
        before[number] = after.union(*(before[other] for other in after))
        implied = frozenset().union(*(before[other] for other in after))
        fetches[number] = replace(fetches[number], after=after - implied)
    return replace(graph, fetches=fetches)
