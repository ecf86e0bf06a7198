"""What is told about a plan: golden cases, and that nothing is told of another plan than the one made."""

from pathlib import Path

import pytest
from graphql import parse

from plait_gateway.planner import Operation, plan
from plait_gateway.planner.cost import Budget
from plait_gateway.planner.explaining import explain, explanation_as_mermaid, explanation_text
from plait_schema.composition import compose
from plait_schema.query_graph import QueryGraph, build_query_graph
from plait_schema.supergraph import read_supergraph
from tests.gateway.planner.fetches import requests_of
from tests.schema.golden import Case, cases, check

FOLDER = Path(__file__).parent


def graph_and_operation(case: Case) -> tuple[QueryGraph, Operation]:
    sdl = compose(case.subgraphs).supergraph_sdl
    assert sdl is not None
    graph = build_query_graph(read_supergraph(sdl))
    return graph, Operation.from_document(parse(case.text("operation", "client")))


@pytest.mark.parametrize("case", cases(FOLDER / "explanations"))
def test_explanation(case: Case, update: bool) -> None:
    graph, operation = graph_and_operation(case)
    explanation = explain(operation, graph.with_labels(graph.labels))
    texts = {"explanation": explanation_text(explanation), "mermaid": explanation_as_mermaid(explanation)}
    check(case, texts, update=update)


@pytest.mark.parametrize("case", cases(FOLDER / "cases"))
def test_the_plan_that_is_explained_is_the_plan(case: Case) -> None:
    graph, operation = graph_and_operation(case)
    budget = Budget()
    explanation = explain(operation, graph, budget=budget)
    assert explanation.plan == plan(operation, graph)
    assert explanation.spent == budget.spent
    fetches = [reason.number for reason in explanation.fetches]
    assert all(before in fetches for reason in explanation.fetches for before in reason.after)
    requests = {frozenset((reason.number, *reason.in_batch_with)) for reason in explanation.fetches}
    assert len(requests) == explanation.stages[-1].cost.fetches
    assert len(requests_of(explanation.plan)) == explanation.stages[-1].cost.fetches
