"""From an operation to a query plan. Pure: nothing here asks, waits or remembers."""

from dataclasses import replace

from plait_gateway.planner.build import build_fetch_graph
from plait_gateway.planner.contexts import select_contexts
from plait_gateway.planner.cost import Budget
from plait_gateway.planner.errors import PlanningError
from plait_gateway.planner.normalize import MAXIMUM_DEPTH, normalize
from plait_gateway.planner.operation import Operation
from plait_gateway.planner.override_labels import labels_of
from plait_gateway.planner.passes import PASSES
from plait_gateway.planner.paths import find_best_paths
from plait_gateway.planner.to_query_plan import to_query_plan
from plait_gateway.planner.watching import Watcher
from plait_gateway.query_plan.nodes import QueryPlan
from plait_schema.query_graph import QueryGraph

__all__ = ["MAXIMUM_DEPTH", "Operation", "PlanningError", "labels_of", "plan"]


def plan(
    operation: Operation,
    graph: QueryGraph,
    *,
    budget: Budget | None = None,
    watcher: Watcher | None = None,
) -> QueryPlan:
    """Plan the cheapest set of subgraph fetches that answers the operation.

    The operation must be valid against `graph.api_schema`. The plan has a notice if there was more to choose
    than the budget allows. Raises PlanningError for what cannot be planned: no way to a field, names that
    are the gateway's own, nesting that has no end.
    """
    budget = budget or Budget()
    normal = normalize(operation, graph)
    normal = select_contexts(normal, graph)
    paths = find_best_paths(normal, graph, budget, watcher)
    fetches = build_fetch_graph(paths, graph)
    if watcher is not None:
        watcher.made(build_fetch_graph.__name__, fetches)
    for rewrite in PASSES:
        fetches = rewrite(fetches)
        if watcher is not None:
            watcher.made(rewrite.__name__, fetches)
    return replace(to_query_plan(fetches), notice=budget.notice)
