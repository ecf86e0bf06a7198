"""What a program does not handle: the interpreter goes on from what has arrived."""

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from plait_gateway.clients import SubgraphRequest, SubgraphResponse, SubgraphUnreachable, sending
from plait_gateway.executor import ExecutionResult
from plait_gateway.executor.program import Counters, HandedOver, Program, compile_program
from plait_gateway.executor.program.kept import Kept
from plait_gateway.executor.program.schedule import Schedule
from plait_gateway.query_plan import parse_plan
from tests.gateway.executor.world import ClientOperation, Graph, canned
from tests.gateway.program.both import both

GRAPH = Graph.of(
    """
    type Query { products: [Product]  me: User }
    type Product { upc: ID!  name: String!  price: Float  size: Size  reviews: [Review!]  stock: Int! }
    type Review { body: String  author: User }
    type User { id: ID  name: String! }
    enum Size { S M L }
    """,
    api="""
    type Query { products: [Product]  me: User }
    type Product { upc: ID!  name: String!  price: Float  size: Size  reviews: [Review!]  stock: Int! }
    type Review { body: String  author: User }
    type User { id: ID  name: String! }
    enum Size { S M }
    """,
)
OPERATION = "{ products { name size price reviews { body author { name } } } me { name } }"
PLAN = """
QueryPlan { Parallel {
  Sequence {
    Fetch(service: "products") { { products { __typename upc name size price } } }
    Flatten(path: "products.@") { Fetch(service: "reviews") {
      { ... on Product { __typename upc } } =>
      { ... on Product { reviews { body author { __typename id } } } }
    } }
    Flatten(path: "products.@.reviews.@.author") { Fetch(service: "users") {
      { ... on User { __typename id } } => { ... on User { name } }
    } }
  }
  Fetch(service: "accounts") { { me { name } } }
} }
"""
PRODUCT = {"__typename": "Product", "upc": "1", "name": "Table", "size": "S", "price": 1.5}
ADA = {"__typename": "User", "id": "a"}
REVIEWS = [{"body": "good", "author": ADA}, {"body": "bad", "author": ADA}, {"body": "", "author": None}]
GOOD: Mapping[str, Any] = {
    "products": {"data": {"products": [PRODUCT, None, PRODUCT]}},
    "reviews": {"data": {"_entities": [{"reviews": REVIEWS}]}},
    "users": {"data": {"_entities": [{"name": "Ada"}]}},
    "accounts": {"data": {"me": {"name": "Ada"}}},
}


async def run(answers: Mapping[str, Any], counters: Counters) -> ExecutionResult:
    """Run the operation both ways; `both` asserts that all is the same, and nothing sent twice."""
    return await both(
        parse_plan(PLAN),
        ClientOperation.of(OPERATION, GRAPH.api_schema),
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        variables={},
        send=canned(**answers).send,
        counters=counters,
    )


async def test_a_good_answer_is_not_handed_over() -> None:
    counters = Counters()
    result = await run(GOOD, counters)
    assert counters == Counters(programs_compiled=1, executions_compiled=1)
    assert result.data is not None
    assert result.data["products"][0] == result.data["products"][2]


def with_product(**fields: Any) -> Any:
    return {"products": {"data": {"products": [{**PRODUCT, **fields}]}}}


def entities(subgraph: str, *found: Any) -> Any:
    return {subgraph: {"data": {"_entities": list(found)}}}


def text(of: Any, change: Callable[[str], str] = lambda body: body, **layout: Any) -> bytes:
    return change(json.dumps(of, **layout)).encode()


@pytest.mark.parametrize(
    ("reason", "answers"),
    [
        ("unreachable", {"users": SubgraphUnreachable("users", "gone")}),
        ("unreachable", {"accounts": SubgraphUnreachable("accounts", "slow", "SUBGRAPH_TIMEOUT")}),
        ("status", {"products": SubgraphResponse(503, "application/json", text(GOOD["products"]))}),
        ("not_json", {"products": b'{"data": {"products": []'}),
        ("unexpected", {"accounts": b"[" * 100_000}),
        ("unexpected", {"accounts": b'{"data": {"me": {"name": "\xff"}}}'}),
        ("not_json", {"accounts": b'{"data":{"me":{"name":"x","name":"y"}}}'}),
        ("not_json", {"accounts": b'{ "data": {"me": {"name": "x", "name": "y"}}}'}),
        ("not_json", {"accounts": b'{"data":{"me":{"name":"x\\u003a","name":"y"}}}'}),
        ("not_json", {"accounts": b'{"data":{"me":{"name":"x"}},"data":{"me":{"name":"y"}}}'}),
        ("not_json", {"accounts": b'{"data":{"me":{"name":"x"}},"more":{"a":1,"a":2}}'}),
        (
            "not_json",
            {
                "products": text(
                    with_product(price=1e9)["products"],
                    lambda body: body.replace("1000000000.0", "1e9").replace('"size"', '"upc":"1","size"'),
                    separators=(",", ":"),
                )
            },
        ),
        ("errors", {"users": {"data": {"_entities": [None]}, "errors": [{"message": "no"}]}}),
        ("errors", {"accounts": {"data": {"me": {"name": "x"}}, "errors": [{"message": "half"}]}}),
        ("unexpected", {"accounts": {"data": None}}),
        ("unexpected", {"accounts": {"data": {"me": {"name": None}}}}),
        ("unexpected", {"accounts": {"data": {"me": {}}}}),
        ("unexpected", {"accounts": {"data": {"me": {"name": "x", "id": "1"}}}}),
        ("unexpected", with_product(size="L")),  # inaccessible
        ("unexpected", with_product(size="XXL")),
        ("unexpected", with_product(upc=1)),
        ("unexpected", with_product(price="1")),
        ("unexpected", with_product(price=True)),
        ("unexpected", with_product(__typename="User")),
        ("unexpected", with_product(reviews=[])),  # what another fetch brings
        ("unexpected", entities("users", {"name": "Ada", "__typename": "User"})),
        ("entities", entities("users")),
        ("entities", entities("users", {"name": "Ada"}, {"name": "Bo"})),
        ("entity_is_null", entities("users", None)),
        ("key_is_null", entities("reviews", {"reviews": [{"body": "", "author": {**ADA, "id": None}}]})),
    ],
)
async def test_handed_over(reason: str, answers: Mapping[str, Any]) -> None:
    counters = Counters()
    await run({**GOOD, **answers}, counters)
    assert counters.executions_handed_over == {reason: 1}
    assert counters.executions_compiled == counters.executions_interpreted == 0


@pytest.mark.parametrize(
    "answers",
    [
        entities("reviews", None),
        entities("reviews", {"reviews": None}),
        entities("reviews", {"reviews": []}),
        {"products": {"data": {"products": None}}},
        {"products": {"data": {"products": []}}},
        with_product(price=None, size=None),
        with_product(price=1),
        with_product(name="a: b, {\u00e9}\u2028"),
        {"accounts": {"data": {"me": None}, "errors": []}},
        {"accounts": {"data": {"me": None}, "errors": None}},
        {"accounts": {"data": {"me": {"name": "x"}}, "extensions": {"cost": [1, {"a": "b:c"}]}}},
        {"accounts": SubgraphResponse(299, "text/plain", b'\n{"data":{"me":{"name":"\\u003a"}}}\r\n')},
    ],
)
async def test_not_handed_over(answers: Mapping[str, Any]) -> None:
    counters = Counters()
    await run({**GOOD, **answers}, counters)
    assert counters.executions_handed_over == {}
    assert counters.executions_compiled == 1


async def test_what_has_failed_is_not_asked_again() -> None:
    """The interpreter is told of the failure, and does not see the subgraph answer after all."""
    counters = Counters()
    outcomes = iter([SubgraphUnreachable("accounts", "gone")] * 2)

    def once(_: SubgraphRequest) -> Any:
        return next(outcomes)  # one for the interpreter alone, one for the program and what follows it

    result = await run({**GOOD, "accounts": once}, counters)
    assert [error.extensions["code"] for error in result.errors] == ["SUBGRAPH_UNREACHABLE"]


async def test_equal_requests_keep_their_own_answers() -> None:
    """Two fetches ask the same and are answered differently: the interpreter finds both, in order."""
    request = SubgraphRequest("a", "{ b }")
    kept = Kept()
    for body in (b"1", b"2"):
        kept.add(request, SubgraphResponse(200, "", body))
    kept.add(replace(request, subgraph="b"), SubgraphUnreachable("b", "gone"))
    send = kept.before(sending(canned(a=b"3", c=b"4").send))
    assert [(await send(request)).body for _ in range(3)] == [b"1", b"2", b"3"]
    assert (await send(replace(request, subgraph="c"))).body == b"4"
    with pytest.raises(SubgraphUnreachable):
        await send(replace(request, subgraph="b"))


async def test_only_what_is_missing_is_sent() -> None:
    """A program gives up at the second of three steps, without asking for the third; the other goes on."""
    subgraphs = canned(**{**GOOD, **entities("reviews", {"reviews": [{"body": 5, "author": ADA}]})})
    await both(
        parse_plan(PLAN),
        ClientOperation.of(OPERATION, GRAPH.api_schema),
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        variables={},
        send=subgraphs.send,
        counters=Counters(),
    )
    asked = [request.subgraph for request in subgraphs.requests]
    assert sorted(asked[:4]) == sorted(asked[4:]) == ["accounts", "products", "reviews", "users"]
    assert asked[-1] == "users"


async def test_a_defect_of_a_compiled_function_is_logged_and_handed_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The interpreter goes on from the answer that has come."""
    operation = ClientOperation.of("{ me { name } }", GRAPH.api_schema)
    program = compile_program(
        parse_plan('QueryPlan { Fetch(service: "accounts") { { me { name } } } }'),
        operation,
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        conditions={},
        denied=(),
    )
    assert isinstance(program, Program)
    (start,) = program.schedule.starts

    def take(*_: object) -> None:
        raise LookupError("not thought of")

    broken = Schedule.of(dataclasses.replace(start.fetch, take=take, is_response=False))
    subgraphs = canned(**GOOD)
    outcome = await dataclasses.replace(program, schedule=broken).run({}, sending(subgraphs.send), ())
    assert isinstance(outcome, HandedOver)
    assert outcome.reason.value == "defect"
    assert "not thought of" in caplog.text
    assert "me{name}" in caplog.text.replace(" ", "")
    response = await outcome.kept.before(sending(subgraphs.send))(subgraphs.requests[0])
    assert json.loads(response.body) == GOOD["accounts"]
    assert len(subgraphs.requests) == 1
