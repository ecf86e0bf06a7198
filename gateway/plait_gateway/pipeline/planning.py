"""Fourth stage: an operation to its query plan."""

from plait_gateway.errors import ResponseError
from plait_gateway.pipeline.request import Refused
from plait_gateway.pipeline.size import refuse_too_large
from plait_gateway.planner import Operation, PlanningError, plan
from plait_gateway.query_plan import QueryPlan
from plait_schema.query_graph import QueryGraph


def plan_operation(operation: Operation, graph: QueryGraph, *, max_fields: int) -> QueryPlan | Refused:
    """The plan, or why there is none: a graph that was composed well has one for every valid operation."""
    too_large = refuse_too_large(operation, max_fields=max_fields)
    if too_large is not None:
        return too_large
    try:
        return plan(operation, graph)
    except PlanningError as error:
        return refused(error)


def refused(error: PlanningError) -> Refused:
    """The planner's exception as a response."""
    return Refused(
        (ResponseError(error.message, locations=error.locations, extensions={"code": error.code}),)
    )
