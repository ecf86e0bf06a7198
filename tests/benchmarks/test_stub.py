"""The benchmark's subgraphs tell the truth, and say so when they cannot."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from graphql import GraphQLUnionType, build_schema, parse

from benchmarks.workload.documents import (
    Document,
    NotAnsweredError,
    execute_by_graphql_core,
    read_document,
)
from benchmarks.workload.operations import SHAPES, Shape
from benchmarks.workload.records import identifier
from benchmarks.workload.resolvers import SUBGRAPHS, WHOLE
from benchmarks.workload.stub import Subgraph
from benchmarks.workload.subgraphs import academy_sources, academy_supergraph, subgraph_schema
from plait_gateway.planner import Operation, plan
from plait_gateway.query_plan.nodes import Fetch
from plait_schema.query_graph import build_query_graph
from plait_schema.supergraph import read_supergraph

SUPERGRAPH = read_supergraph(academy_supergraph("http://127.0.0.1"))
GRAPH = build_query_graph(SUPERGRAPH)
SCHEMAS = {source.name: subgraph_schema(source) for source in academy_sources("")}

_REPRESENTATIONS: list[dict[str, Any]] = [
    {"__typename": "User", "id": identifier(4)},
    {"__typename": "Lesson", "id": identifier(120)},
    {"__typename": "Exercise", "id": identifier(1201)},
    {
        "__typename": "Course",
        "id": identifier(9),
        "difficulty": "ADVANCED",
        "lessonCount": 4,
        "exerciseCounts": [{"type": "QUIZ", "count": 3}],
    },
]


def _known_to(subgraph: str) -> list[dict[str, Any]]:
    entity = SCHEMAS[subgraph].get_type("_Entity")
    assert isinstance(entity, GraphQLUnionType)
    names = {member.name for member in entity.types}
    return [one for one in _REPRESENTATIONS if one["__typename"] in names]


def _all_fetches(node: Any) -> list[Fetch]:
    if isinstance(node, Fetch):
        return [node]
    inner = getattr(node, "nodes", None) or [getattr(node, "node", None)]
    return [fetch for one in inner if one is not None for fetch in _all_fetches(one)]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_subgraphs_answer_as_graphql_core_does(shape: Shape) -> None:
    """Five times: the first few are checked by the stub itself, then memory and compiled document answer."""
    stub = {name: Subgraph(name, schema) for name, schema in SCHEMAS.items()}
    for fetch in _all_fetches(plan(Operation.from_document(parse(shape.query)), GRAPH).node):
        name, operation = fetch.subgraph, fetch.operation
        for number in range(5):
            variables = {**shape.variables_of(number), "representations": _known_to(name)}
            body = json.dumps({"query": operation, "variables": variables}).encode()
            truth = execute_by_graphql_core(SCHEMAS[name], SUBGRAPHS[name], parse(operation), variables)
            assert truth.errors is None
            assert json.loads(stub[name].respond(body)) == {"data": truth.data}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_right_answers_are_those_of_graphql_core(shape: Shape) -> None:
    document = shape.document(SUPERGRAPH.api_schema)
    for number in range(5):
        variables = shape.variables_of(number)
        truth = execute_by_graphql_core(SUPERGRAPH.api_schema, WHOLE, parse(shape.query), variables)
        assert truth.errors is None
        assert document.answer(variables) == truth.data


def test_heavy_answer_is_of_the_size_that_is_promised() -> None:
    shape = SHAPES["heavy"]
    answer = shape.document(SUPERGRAPH.api_schema).answer({})
    assert 60_000 < len(json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode()) < 90_000


def test_varying_requests_ask_for_different_users() -> None:
    shape = SHAPES["varying"]
    assert len({shape.body_of(number) for number in range(1000)}) == 1000


def test_forgotten_requirement_is_found_out() -> None:
    stub = Subgraph("gamification", SCHEMAS["gamification"])
    query = "query($r:[_Any!]!){_entities(representations:$r){...on Course{xpAvailable}}}"

    def ask(representation: dict[str, Any]) -> Any:
        body = json.dumps({"query": query, "variables": {"r": [representation]}}).encode()
        return json.loads(stub.respond(body))["data"]["_entities"][0]["xpAvailable"]

    assert ask(_REPRESENTATIONS[-1]) > 0
    assert ask({"__typename": "Course", "id": identifier(9)}) is None


def test_document_that_differs_from_graphql_core_is_an_error() -> None:
    schema = build_schema("type Query { a: Int b: Int }")
    document = read_document(schema, {("Query", "a"): lambda *_: 1}, "{ a b }")
    wrong: Callable[[Any, Any], Any] = lambda *_: {"a": 2, "b": None}  # noqa: E731 -- in place of what was compiled
    with pytest.raises(NotAnsweredError, match="differ"):
        Document(schema, document.resolvers, document.node, wrong).answer({})
    assert document.answer({}) == {"a": 1, "b": None}


@pytest.mark.parametrize("query", ["{ nothing }", "{", "{ me @skip(if: true) { id } }"])
def test_what_cannot_be_answered_is_an_error(query: str) -> None:
    stub = Subgraph("identity", SCHEMAS["identity"])
    answer = json.loads(stub.respond(json.dumps({"query": query}).encode()))
    assert "data" not in answer
    assert answer["errors"][0]["message"].startswith("benchmark's stub")
