"""Neighbouring fields of a mutation go in one request where the subgraph itself keeps their order."""

from graphql import OperationType

from plait_gateway.planner.fetch_graph import FetchGraph
from plait_gateway.planner.passes.merging import merged_fetch, replaced


def merge_mutation_fields(graph: FetchGraph) -> FetchGraph:
    """Merge a field into the one before it if nothing else has to be fetched in between."""
    if graph.operation.type is not OperationType.MUTATION:
        return graph
    at = 1
    while at < len(graph.steps):
        before, step = graph.steps[at - 1], graph.steps[at]
        first, second = graph.fetches[before[0]], graph.fetches[step[0]]
        one = merged_fetch(first, second, graph.graph) if len(before) == 1 else None
        if one is None:
            at += 1
            continue
        steps = (*graph.steps[: at - 1], (*before, *step), *graph.steps[at + 1 :])
        graph = replaced(FetchGraph(graph.graph, graph.operation, graph.fetches, steps), one, second)
    return graph
