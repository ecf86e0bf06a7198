"""Fourth stage: an operation to its query plan, ready to be run."""

from plait_gateway.authorization import without_fields
from plait_gateway.errors import ResponseError
from plait_gateway.executor.program import Counters, Executable
from plait_gateway.pipeline.introspection import introspection_fields
from plait_gateway.pipeline.request import Refused
from plait_gateway.pipeline.size import refuse_too_large
from plait_gateway.planner import Operation, PlanningError, plan
from plait_gateway.supergraph import ServedGraph


def executable_bytes(normalized: str) -> int:
    """What a plan and its program take in memory, as measured; most of it are types and functions."""
    return 8192 + 200 * len(normalized)


def plan_operation(
    operation: Operation,
    graph: ServedGraph,
    labels: frozenset[str],
    *,
    max_fields: int,
    counters: Counters,
    is_rare: bool,
    denied: frozenset[int] = frozenset(),
) -> Executable | Refused:
    """The plan with these labels of `@override` on, without the fields that have the identities `denied`;
    `is_rare` if it is not known to come again.

    Or why there is none: a graph that was composed well has one for every valid operation.
    """
    too_large = refuse_too_large(operation, max_fields=max_fields)
    if too_large is not None:
        return too_large
    try:
        asked = without_fields(operation, denied) if denied else operation
        query_plan = plan(asked, graph.query_graph.with_labels(labels))
    except PlanningError as error:
        return refused(error)
    if query_plan.notice is not None:
        counters.plans_with_notice += 1
    return Executable(
        query_plan,
        operation,
        schema=graph.supergraph.schema,
        api_schema=graph.supergraph.api_schema,
        counters=counters,
        is_rare=is_rare and not introspection_fields(operation.document),  # which takes long
        denied=denied,
    )


def refused(error: PlanningError) -> Refused:
    """The planner's exception as a response."""
    return Refused(
        (ResponseError(error.message, locations=error.locations, extensions={"code": error.code}),)
    )
