"""The planner for `plait check`, through the entry point `plait.plans`: how operations would be fetched."""

from functools import cache
from typing import Any, assert_never

from graphql import DocumentNode, IntValueNode, NameNode, VariableNode, Visitor, visit

from plait_gateway.pipeline.expense import Budget
from plait_gateway.planner import Operation, PlanningError, plan
from plait_gateway.query_plan import (
    BatchFetch,
    Condition,
    Fetch,
    Flatten,
    Parallel,
    PlanNode,
    Sequence,
    format_plan,
)
from plait_schema.checks.plans import NoPlan, Planner, PlanShape
from plait_schema.query_graph import QueryGraph, build_query_graph
from plait_schema.supergraph import Supergraph


def planner_of(supergraph: Supergraph) -> Planner:
    """A planner over the supergraph, with all labels of `@override` off."""

    @cache
    def graph() -> QueryGraph:
        return build_query_graph(supergraph)

    def planned(document: DocumentNode) -> PlanShape | NoPlan:
        try:
            found = plan(Operation.from_document(document), graph())
        except PlanningError as error:
            return NoPlan(error.message)
        hops, fetches = _size(found.node) if found.node is not None else (0, 0)
        return PlanShape(fetches, hops, lambda: format_plan(found))

    def expected_cost(document: DocumentNode, list_size: int) -> float:
        operation = Operation.from_document(visit(document, _WithoutZeros()))
        return Budget(supergraph.api_schema, supergraph.costs, 0, list_size).expected(operation)

    return Planner(planned, expected_cost)


class _WithoutZeros(Visitor):
    """Usage writes 0 for every number: how much is asked for is as unknown as with a variable."""

    def enter_int_value(self, node: IntValueNode, *_: Any) -> VariableNode | None:
        return VariableNode(name=NameNode(value="")) if node.value == "0" else None


def _size(node: PlanNode) -> tuple[int, int]:
    """Fetches that come one after the other at most, and all fetches."""
    match node:
        case Fetch() | BatchFetch():
            return 1, 1
        case Flatten(_, child):
            return _size(child)
        case Sequence(nodes):
            sizes = [_size(child) for child in nodes]
            return sum(hops for hops, _ in sizes), sum(fetches for _, fetches in sizes)
        case Parallel(nodes):
            sizes = [_size(child) for child in nodes]
            return max(hops for hops, _ in sizes), sum(fetches for _, fetches in sizes)
        case Condition(_, then, otherwise):
            sizes = [_size(branch) for branch in (then, otherwise) if branch is not None]
            return max(hops for hops, _ in sizes), sum(fetches for _, fetches in sizes)
        case _:
            assert_never(node)
