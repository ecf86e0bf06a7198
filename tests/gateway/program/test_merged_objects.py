"""Objects of which several fetches bring parts."""

from collections.abc import Mapping
from typing import Any

import pytest

from plait_gateway.executor.program import Counters
from tests.gateway.program.products import answer, compiled, run

SHELVES = """
QueryPlan { Parallel {
  Fetch(service: "a") { { shelf { __typename id parts { size } } } }
  Fetch(service: "b") { { shelf { room parts { colour } maker { code } } } }
} }
"""
SHELF_OPERATION = "{ shelf { parts { colour size } x: __typename room maker { code } id } }"
A = {"__typename": "Shelf", "id": "1", "parts": [{"size": 1}, None]}
B = {"room": 3, "parts": [{"colour": "red"}, None], "maker": {"code": "m"}}


async def test_root_fields_that_two_subgraphs_share() -> None:
    data = await compiled(SHELF_OPERATION, SHELVES, {"a": answer(shelf=A), "b": answer(shelf=B)})
    parts = [{"colour": "red", "size": 1}, None]
    assert data == {"shelf": {"parts": parts, "x": "Shelf", "room": 3, "maker": {"code": "m"}, "id": "1"}}
    assert list(data["shelf"]) == ["parts", "x", "room", "maker", "id"]
    nothing = {"a": answer(shelf=None), "b": answer(shelf=None)}
    assert await compiled(SHELF_OPERATION, SHELVES, nothing) == {"shelf": None}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (None, B),
        (A, None),
        (A, {**B, "parts": None}),
        ({**A, "parts": None}, B),
        (A, {**B, "parts": []}),
        (A, {**B, "parts": [None, None]}),
        (A, {**B, "parts": [{"colour": "red"}, {"colour": "red"}]}),
    ],
)
async def test_parts_that_do_not_fit_are_handed_over(
    a: Mapping[str, Any] | None, b: Mapping[str, Any] | None
) -> None:
    counters = Counters()
    await run(SHELF_OPERATION, SHELVES, {"a": answer(shelf=a), "b": answer(shelf=b)}, counters=counters)
    assert counters.executions_handed_over == {"parts_differ": 1}


VALUE_TYPES = """
QueryPlan { Sequence {
  Fetch(service: "a") { { products { __typename id maker { __typename code } } } }
  Flatten(path: "products.@.@") { Fetch(service: "b") {
    { ... on Product { __typename id } } => { ... on Product { parts { size } maker { country { iso } } } }
  } }
  Flatten(path: "products.@.@") { Fetch(service: "c") {
    { ... on Product { __typename id } } => { ... on Product { parts { colour } sku } }
  } }
  Flatten(path: "products.@.@.maker") { Fetch(service: "d") {
    { ... on Maker { __typename code } } => { ... on Maker { country { iso } } }
  } }
} }
"""


async def test_parts_from_entities_that_stand_at_several_places() -> None:
    def product(number: str) -> Any:
        return {"__typename": "Product", "id": number, "maker": {"__typename": "Maker", "code": number}}

    answers = {
        "a": answer(products=[[product("1"), product("2")], [product("1")]]),
        "b": answer(
            _entities=[
                {"parts": [{"size": 1}], "maker": {"country": {"iso": "fr"}}},
                {"parts": None, "maker": {"country": None}},
            ]
        ),
        "c": answer(_entities=[{"parts": [{"colour": "red"}], "sku": "s"}, {"parts": None, "sku": None}]),
        "d": answer(_entities=[{"country": {"iso": "fr"}}, {"country": None}]),
    }
    operation = "{ products { maker { country { iso } } parts { colour size } sku } }"
    data = await compiled(operation, VALUE_TYPES, answers)
    first = {"maker": {"country": {"iso": "fr"}}, "parts": [{"colour": "red", "size": 1}], "sku": "s"}
    second = {"maker": {"country": None}, "parts": None, "sku": None}
    assert data == {"products": [[first, second], [first]]}


async def test_parts_of_objects_of_several_types() -> None:
    plan = """
    QueryPlan { Parallel {
      Fetch(service: "a") { { node { __typename ... on Shelf { room } } } }
      Fetch(service: "b") { { node { __typename ... on Shelf { stock } ... on Product { id } } } }
    } }
    """
    operation = "{ node { ... on Product { id } ... on Shelf { stock room } } }"
    shelf = {"a": answer(node={"__typename": "Shelf", "room": 1})}
    both = {**shelf, "b": answer(node={"__typename": "Shelf", "stock": 5})}
    assert await compiled(operation, plan, both) == {"node": {"stock": 5, "room": 1}}
    counters = Counters()
    other = {**shelf, "b": answer(node={"__typename": "Product", "id": "1"})}
    await run(operation, plan, other, counters=counters)
    assert counters.executions_handed_over == {"parts_differ": 1}
