"""Several fetches of entities in one request: what is sent, where it belongs, and what goes wrong alone."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from plait_gateway.clients import SubgraphRequest, SubgraphUnreachable
from plait_gateway.executor import ExecutionResult
from plait_gateway.executor.program import Counters
from plait_gateway.query_plan import parse_plan
from tests.gateway.executor.world import ClientOperation, Subgraphs, errors_of
from tests.gateway.program.both import both
from tests.gateway.program.products import GRAPH, answer

SKU = "{ ... on Product { __typename id } } => { ... on Product { sku } }"
SHELF = (
    "{ ... on Shelf { __typename id } } => query ($n: String) { ... on Shelf { room name: label(n: $n) } }"
)
PLAN = f"""
QueryPlan {{ Sequence {{
  Fetch(service: "a") {{ {{ products {{ id similar {{ id }} }} shelf {{ id }} }} }}
  BatchFetch(service: "b") {{
    Flatten(path: "products.@.@") {{ Fetch(service: "b") {{ {SKU} }} }}
    Include(if: $more) {{ Flatten(path: "shelf") {{ Fetch(service: "b") {{ {SHELF} }} }} }}
    Flatten(path: "products.@.@.similar.@") {{ Fetch(service: "b") {{ {SKU} }} }}
  }}
}} }}
"""
OPERATION = """
query ($more: Boolean!) {
  products { sku similar { sku } }
  shelf { ... @include(if: $more) { room name: label } }
}
"""
A = answer(products=[[{"id": "1", "similar": [{"id": "2"}, None, {"id": "1"}]}]], shelf={"id": "7"})
QUERY = (
    "query($representations_0:[_Any!]!$representations_1:[_Any!]!$n:String){"
    "_0:_entities(representations:$representations_0){...on Product{sku}}"
    "_1:_entities(representations:$representations_1){...on Shelf{room name:label(n:$n)}}}"
)
PRODUCTS = [{"__typename": "Product", "id": "1"}, {"__typename": "Product", "id": "2"}]
SHELVES = [{"__typename": "Shelf", "id": "7"}]
SKUS = [{"sku": "one"}, {"sku": "two"}]
NO_SKUS = [[{"sku": None, "similar": [{"sku": None}, None, {"sku": None}]}]]
ROOM = {"room": 4, "name": "top"}


async def run(
    b: Any,
    *,
    a: Any = A,
    plan: str = PLAN,
    operation: str = OPERATION,
    counters: Counters | None = None,
    **variables: Any,
) -> tuple[ExecutionResult, list[SubgraphRequest]]:
    """Run a plan both ways; gives the result, and what `b` was asked by the first of them."""
    answering: Mapping[str, Callable[[SubgraphRequest], Any]] = {
        "a": lambda _: a,
        "b": b if callable(b) else lambda _: b,
    }
    subgraphs = Subgraphs(answering)
    counters = Counters() if counters is None else counters
    result = await both(
        parse_plan(plan),
        ClientOperation.of(operation, GRAPH.api_schema),
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        variables={"more": True, **variables},
        send=subgraphs.send,
        counters=counters,
    )
    asked = subgraphs.asked("b")
    is_compiled = counters.executions_compiled == 1
    return result, asked[: len(asked) // 2] if is_compiled else asked


async def test_a_batch_is_one_request_with_each_entity_once() -> None:
    counters = Counters()
    result, asked = await run(answer(_0=SKUS, _1=[ROOM]), counters=counters)
    assert counters == Counters(programs_compiled=1, executions_compiled=1)
    (request,) = asked
    assert request.query == QUERY
    assert request.variables == {"representations_0": PRODUCTS, "representations_1": SHELVES}
    assert result.data == {
        "products": [[{"sku": "one", "similar": [{"sku": "two"}, None, {"sku": "one"}]}]],
        "shelf": ROOM,
    }


@pytest.mark.parametrize(
    ("a", "more", "products", "shelves"),
    [
        (A, False, PRODUCTS, []),
        (answer(products=None, shelf={"id": "7"}), True, [], SHELVES),
        (answer(products=[None, [{"id": "1", "similar": None}]], shelf=None), True, PRODUCTS[:1], []),
        (answer(products=[[{"id": "1", "similar": []}]], shelf=None), True, PRODUCTS[:1], []),
    ],
)
async def test_what_no_object_is_there_for_sends_an_empty_list(
    a: Any, more: bool, products: list[Any], shelves: list[Any]
) -> None:
    counters = Counters()
    entities = answer(_0=SKUS[: len(products)], _1=[ROOM] if shelves else [])
    _, (request,) = await run(entities, a=a, more=more, counters=counters)
    assert counters == Counters(programs_compiled=1, executions_compiled=1)
    assert request.query == QUERY
    assert request.variables == {"representations_0": products, "representations_1": shelves}


async def test_a_batch_without_any_object_is_not_sent() -> None:
    result, asked = await run(answer(), a=answer(products=None, shelf=None))
    assert asked == []
    assert (result.data, result.errors) == ({"products": None, "shelf": None}, ())


async def test_variables_of_the_client_go_along() -> None:
    _, (request,) = await run(answer(_0=SKUS, _1=[ROOM]), n="x")
    assert list(request.variables) == ["n", "representations_0", "representations_1"]


MAKERS = """
QueryPlan { Sequence {
  Fetch(service: "a") { { product { id similar { id owner { __typename ... on Product { id } } } } } }
  BatchFetch(service: "b") {
    Flatten(path: "product.similar.@") { Fetch(service: "b") { REPRESENTATION => ASKED } }
    Flatten(path: "product") { Fetch(service: "b") { REPRESENTATION => ASKED } }
    Flatten(path: "product.similar.@.owner") { Fetch(service: "b") { REPRESENTATION => ASKED } }
  }
  BatchFetch(service: "b") {
    Flatten(path: "product.similar.@.maker") { Fetch(service: "b") { MAKER } }
    Flatten(path: "product.maker") { Fetch(service: "b") { MAKER } }
    Flatten(path: "product.similar.@.owner|[Product].maker") { Fetch(service: "b") { MAKER } }
  }
} }
"""
for name, text in {
    "REPRESENTATION": "{ ... on Product { __typename id } }",
    "ASKED": "{ ... on Product { maker { code } parts { size } } }",
    "MAKER": "{ ... on Maker { __typename code } } => { ... on Maker { country { iso } } }",
}.items():
    MAKERS = MAKERS.replace(name, text)


@pytest.mark.parametrize(
    "operation",
    [
        """{ product { maker { country { iso } } parts { size } similar {
            parts { size } maker { code country { iso } }
            owner { ... on Product { maker { country { iso } } } }
        } } }""",
        """{ product { ...P similar { ...P owner { ...P } } } }
        fragment P on Product { maker { country { iso } } parts { size } }""",
    ],
)
async def test_fetches_that_go_on_from_what_a_batch_has_brought(operation: str) -> None:
    counters = Counters()
    owner = {"__typename": "Product", "id": "2"}
    a = answer(product={"id": "1", "similar": [{"id": "2", "owner": owner}, {"id": "1", "owner": None}]})

    def b(request: SubgraphRequest) -> Any:
        sent = request.variables["representations"]
        if "code" in sent[0]:
            assert [one["code"] for one in sent] == ["m2", "m1"]
            return answer(_entities=[{"country": {"iso": one["code"]}} for one in sent])
        assert [one["id"] for one in sent] == ["2", "1"]
        parts = [{"size": 3}]
        return answer(_entities=[{"maker": {"code": "m" + one["id"]}, "parts": parts} for one in sent])

    result, asked = await run(b, a=a, plan=MAKERS, operation=operation, counters=counters)
    assert counters == Counters(programs_compiled=1, executions_compiled=1)
    assert len(asked) == 2
    assert result.data is not None
    product = result.data["product"]
    assert product["maker"] == {"country": {"iso": "m1"}}
    assert [one["maker"]["country"]["iso"] for one in product["similar"]] == ["m2", "m1"]
    assert product["similar"][0]["owner"]["maker"] == {"country": {"iso": "m2"}}
    assert product["similar"][0]["parts"] == [{"size": 3}]


async def test_an_error_of_one_field_is_at_its_places() -> None:
    reported = {"message": "no", "path": ["_0", 0, "sku"]}
    b = {"data": {"_0": [{"sku": None}, {"sku": "two"}], "_1": [ROOM]}, "errors": [reported]}
    result, _ = await run(b)
    assert result.data == {
        "products": [[{"sku": None, "similar": [{"sku": "two"}, None, {"sku": None}]}]],
        "shelf": ROOM,
    }
    paths = [("products", 0, 0, "similar", 2, "sku"), ("products", 0, 0, "sku")]
    assert [path for _, path, _ in errors_of(result)] == paths


@pytest.mark.parametrize("errors", [{}, {"errors": [{"message": "slow down"}]}])
async def test_a_null_entity_is_null_at_its_places(errors: dict[str, Any]) -> None:
    result, _ = await run({"data": {"_0": [None, {"sku": "two"}], "_1": [ROOM]}, **errors})
    assert result.data == {
        "products": [[{"sku": None, "similar": [{"sku": "two"}, None, {"sku": None}]}]],
        "shelf": ROOM,
    }
    assert [error.message for error in result.errors] == ["slow down"] * len(errors)


@pytest.mark.parametrize("entities", [[], [*SKUS, {"sku": "three"}], None, 5])
async def test_too_few_or_too_many_entities_of_one_field_leave_the_others(entities: Any) -> None:
    result, _ = await run(answer(_0=entities, _1=[ROOM]))
    assert result.data == {"products": NO_SKUS, "shelf": ROOM}
    assert errors_of(result) == [
        ("SUBGRAPH_INVALID_RESPONSE", ("products", 0, 0), "b"),
        ("SUBGRAPH_INVALID_RESPONSE", ("products", 0, 0, "similar"), "b"),
    ]


async def test_a_field_that_takes_all_data_with_it_is_asked_alone() -> None:
    """`_entities` is not null: a subgraph in which it fails answers no data."""

    def b(request: SubgraphRequest) -> Any:
        if "Product" in request.query:
            key = "_0" if "_0" in request.query else "_entities"
            return {"data": None, "errors": [{"message": "no", "path": [key]}]}
        return answer(_entities=[ROOM])

    result, asked = await run(b)
    assert result.data == {"products": NO_SKUS, "shelf": ROOM}
    assert [error.message for error in result.errors] == ["no"]
    queries = {request.query for request in asked}
    assert len(queries) == 3
    assert QUERY in queries


async def test_a_field_that_fails_alone_is_not_asked_twice() -> None:
    b = {"data": None, "errors": [{"message": "no", "path": ["_0"]}]}
    result, asked = await run(b, a=answer(products=[[{"id": "1", "similar": []}]], shelf=None))
    assert result.data == {"products": [[{"sku": None, "similar": []}]], "shelf": None}
    assert {request.query for request in asked} == {QUERY}


@pytest.mark.parametrize("failure", [SubgraphUnreachable("SUBGRAPH_TIMEOUT", "slow"), b"<html>"])
async def test_a_failed_request_is_an_error_for_each_path(failure: Any) -> None:
    result, _ = await run(failure)
    assert result.data == {"products": NO_SKUS, "shelf": None}
    paths = [("products", 0, 0), ("products", 0, 0, "similar"), ("shelf",)]
    assert [path for _, path, _ in errors_of(result)] == paths
