"""Fourth stage: an operation to its query plan, ready to be run."""

from plait_gateway.errors import ResponseError
from plait_gateway.executor.program import Counters, Executable
from plait_gateway.pipeline.request import Refused
from plait_gateway.pipeline.size import refuse_too_large
from plait_gateway.planner import Operation, PlanningError, plan
from plait_gateway.supergraph import ServedGraph


def executable_bytes(normalized: str) -> int:
    """What a plan and its program take in memory, as measured; most of it are types and functions."""
    return 8192 + 200 * len(normalized)


def plan_operation(
    operation: Operation, graph: ServedGraph, *, max_fields: int, counters: Counters
) -> Executable | Refused:
    """The plan, or why there is none: a graph that was composed well has one for every valid operation."""
    too_large = refuse_too_large(operation, max_fields=max_fields)
    if too_large is not None:
        return too_large
    try:
        query_plan = plan(operation, graph.query_graph)
    except PlanningError as error:
        return refused(error)
    return Executable(
        query_plan,
        operation,
        schema=graph.supergraph.schema,
        api_schema=graph.supergraph.api_schema,
        counters=counters,
        is_rare=True,  # until it comes again
    )


def refused(error: PlanningError) -> Refused:
    """The planner's exception as a response."""
    return Refused(
        (ResponseError(error.message, locations=error.locations, extensions={"code": error.code}),)
    )
