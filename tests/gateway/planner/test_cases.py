"""Golden plans, one file per feature of the federation specification."""

from pathlib import Path

import pytest
from graphql import parse, validate

from plait_gateway.planner import Operation, labels_of, plan
from plait_gateway.query_plan import format_plan, parse_plan
from plait_schema.composition import compose
from plait_schema.query_graph import build_query_graph
from plait_schema.subgraph import load_subgraphs
from plait_schema.supergraph import read_supergraph
from tests.gateway.planner.fetches import assert_accepted
from tests.schema.golden import Case, cases, check, diagnostics_text


@pytest.mark.parametrize("case", cases(Path(__file__).parent / "cases"))
def test_plan(case: Case, update: bool) -> None:
    composition = compose(case.subgraphs)
    assert composition.supergraph_sdl is not None, diagnostics_text(composition.diagnostics)
    graph = build_query_graph(read_supergraph(composition.supergraph_sdl))
    document = parse(case.text("operation", "client"))
    assert not validate(graph.api_schema, document)
    operation = Operation.from_document(document)
    subgraphs, _ = load_subgraphs(case.subgraphs)
    texts = {}
    for name in case.expected:
        # `plan`, or `plan:a,b` with the labels of `@override` that are on
        labels = frozenset(filter(None, name.partition(":")[2].split(",")))
        assert labels <= labels_of(operation, graph)
        planned = plan(operation, graph.with_labels(labels))
        texts[name] = format_plan(planned)
        assert parse_plan(texts[name]) == planned
        assert_accepted(planned, subgraphs)
    check(case, texts, update=update)
