"""The query plan: all that planner and executor share."""

from plait_gateway.query_plan.batches import EntitiesField, EntitiesRequest, fetches_in, request_of
from plait_gateway.query_plan.json_form import plan_as_json
from plait_gateway.query_plan.nodes import (
    BatchFetch,
    Condition,
    ContextRead,
    ContextVariable,
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
    Rename,
    Representation,
    RepresentationField,
    RepresentationFragment,
    Sequence,
)
from plait_gateway.query_plan.operations import operation_text
from plait_gateway.query_plan.parser import parse_plan
from plait_gateway.query_plan.text import format_plan
from plait_gateway.query_plan.tokens import PlanSyntaxError

__all__ = [
    "BatchFetch",
    "Condition",
    "ContextRead",
    "ContextVariable",
    "Each",
    "EntitiesField",
    "EntitiesRequest",
    "Fetch",
    "Flatten",
    "Key",
    "On",
    "OperationKind",
    "Parallel",
    "PathElement",
    "PlanNode",
    "PlanSyntaxError",
    "QueryPlan",
    "Rename",
    "Representation",
    "RepresentationField",
    "RepresentationFragment",
    "Sequence",
    "fetches_in",
    "format_plan",
    "operation_text",
    "parse_plan",
    "plan_as_json",
    "request_of",
]
