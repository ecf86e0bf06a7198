"""The best path to every leaf: for each position the visits that answer it, root to leaves."""

from dataclasses import dataclass

from graphql import OperationType

from plait_gateway.errors import OPERATION_TOO_LARGE, QUERY_PLANNING_FAILED
from plait_gateway.planner.cost import Budget
from plait_gateway.planner.errors import PlanningError
from plait_gateway.planner.normalize import NormalOperation
from plait_gateway.planner.position import Position
from plait_gateway.planner.search import Search
from plait_gateway.planner.watching import Watcher
from plait_schema.query_graph import QueryGraph, Selection


@dataclass(frozen=True, eq=False)
class BestPaths:
    """How the root is answered: by positions that run one after another, a query's by a single one."""

    operation: NormalOperation
    positions: tuple[Position, ...]


def find_best_paths(
    operation: NormalOperation, graph: QueryGraph, budget: Budget, watcher: Watcher | None = None
) -> BestPaths:
    """Choose a subgraph for every field, the cheapest together.

    Raises PlanningError when a field cannot be had from where it is asked, or only after more
    steps down than Python's stack has.
    """
    search = Search(graph, budget, watcher)
    if operation.type is OperationType.QUERY:
        steps = [operation.selections] if operation.selections else []
    else:
        steps = [(selection,) for selection in operation.selections]  # a mutation's fields run in order
    try:
        positions = tuple(search.root(operation.root, step) for step in steps)
    except RecursionError:
        message = "The operation, together with what its fields require, is nested too deep."
        raise PlanningError(OPERATION_TOO_LARGE, message) from None
    for position in positions:
        if position.missing:
            raise _unreachable(position.missing[0])
    return BestPaths(operation, positions)


def _unreachable(missing: Selection) -> PlanningError:
    names = [missing.response_key or missing.field]
    while missing.selections:
        missing = missing.selections[0]
        names.append(missing.response_key or missing.field)
    where = f"{'|'.join(sorted(missing.types))}.{missing.field}"
    return PlanningError(
        QUERY_PLANNING_FAILED,
        f"No subgraph can be asked for {where} at {'.'.join(names)}: no key leads there.",
    )
