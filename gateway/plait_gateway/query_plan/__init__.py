"""The query plan: all that planner and executor share."""

from plait_gateway.query_plan.nodes import (
    Condition,
    Each,
    Fetch,
    Flatten,
    Key,
    On,
    OperationKind,
    Parallel,
    PathElement,
    PlanNode,
    QueryPlan,
    Representation,
    RepresentationField,
    RepresentationFragment,
    Sequence,
)

__all__ = [
    "Condition",
    "Each",
    "Fetch",
    "Flatten",
    "Key",
    "On",
    "OperationKind",
    "Parallel",
    "PathElement",
    "PlanNode",
    "QueryPlan",
    "Representation",
    "RepresentationField",
    "RepresentationFragment",
    "Sequence",
]
