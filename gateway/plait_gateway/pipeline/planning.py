"""Fourth stage: an operation to its query plan."""

from plait_gateway.errors import ResponseError
from plait_gateway.pipeline.request import Refused
from plait_gateway.planner import Operation, PlanningError, plan
from plait_gateway.query_plan.nodes import QueryPlan
from plait_schema.query_graph import QueryGraph


def plan_operation(operation: Operation, graph: QueryGraph) -> QueryPlan | Refused:
    """The plan, or why there is none: a graph that was composed well has one for every valid operation."""
    try:
        return plan(operation, graph)
    except PlanningError as error:
        return Refused((ResponseError(error.message, extensions={"code": error.code}),))
