"""Fetches that go on from objects of several types, or in several places."""

import json
from typing import Any

import pytest

from plait_gateway.executor.program import Counters
from tests.gateway.program.products import answer, compiled, run

ENTITIES = """
QueryPlan { Sequence {
  Fetch(service: "a") { { products { similar { owner {
    __typename ... on Product { id } ... on Shelf { id }
  } } } } }
  Flatten(path: "products.@.@.similar.@.owner") { Fetch(service: "b") {
    { ... on Product { __typename id } ... on Shelf { __typename id } } =>
    { ... on Product { sku } ... on Shelf { room sold: stock maker { code } } }
  } }
  Flatten(path: "products.@.@.similar.@.owner|[Shelf].maker") { Fetch(service: "c") {
    { ... on Maker { __typename code } } => { ... on Maker { country { iso } } }
  } }
} }
"""
ENTITIES_OPERATION = """
{ products { similar { owner {
  ... on Shelf { maker { country { iso } } room sold: stock } ... on Product { sku id }
} } } }
"""


def owned(*owners: tuple[str, str] | None) -> Any:
    found = [{"owner": one and {"__typename": one[0], "id": one[1]}} for one in owners]
    return answer(products=[[{"similar": found}]])


SHELF = {"room": 4, "sold": 7, "maker": {"code": "m"}}


async def test_entities_of_several_types_in_one_request() -> None:
    answers = {
        "a": owned(("Product", "1"), ("Shelf", "1"), None, ("Product", "2"), ("Shelf", "1"), ("Shelf", "2")),
        "b": answer(_entities=[{"sku": "s"}, SHELF, None, {**SHELF, "maker": None}]),
        "c": answer(_entities=[{"country": {"iso": "fr"}}]),
    }
    data = await compiled(ENTITIES_OPERATION, ENTITIES, answers)
    owners = [one["owner"] for one in data["products"][0][0]["similar"]]
    first = {"maker": {"country": {"iso": "fr"}}, "room": 4, "sold": 7}
    assert owners == [
        {"sku": "s", "id": "1"},
        first,
        None,
        {"sku": None, "id": "2"},
        first,
        {**first, "maker": None},
    ]
    assert list(owners[1]) == ["maker", "room", "sold"]


@pytest.mark.parametrize(
    ("reason", "entities"),
    [
        ("unexpected", [{"sku": 1}, SHELF]),
        ("unexpected", [{"sku": "s"}, {"sku": "s"}]),
        ("unexpected", [SHELF, {"sku": "s"}]),
        ("unexpected", [{"sku": "s"}, {**SHELF, "extra": 1}]),
        ("unexpected", ["sku", SHELF]),
        ("entities", [{"sku": "s"}]),
        ("entities", [{"sku": "s"}, SHELF, SHELF]),
        ("entity_is_null", [{"sku": "s"}, None]),
    ],
)
async def test_entities_that_are_not_as_asked_are_handed_over(reason: str, entities: list[Any]) -> None:
    counters = Counters()
    answers = {
        "a": owned(("Product", "1"), ("Shelf", "1")),
        "b": answer(_entities=entities),
        "c": answer(_entities=[{"country": {"iso": "fr"}}]),
    }
    await run(ENTITIES_OPERATION, ENTITIES, answers, counters=counters)
    assert counters.executions_handed_over == {reason: 1}


async def test_repeated_keys_in_entities_of_several_types_are_handed_over() -> None:
    counters = Counters()
    twice = b'{"data":{"_entities":[{"sku":"s","sku":"t"},{"room":4,"sold":7,"maker":null}]}}'
    answers = {"a": owned(("Product", "1"), ("Shelf", "1")), "b": twice, "c": answer(_entities=[])}
    await run(ENTITIES_OPERATION, ENTITIES, answers, counters=counters)
    assert counters.executions_handed_over == {"not_json": 1}


MAKERS = """
QueryPlan { Sequence {
  Fetch(service: "a") { { item {
    __typename ... on Product { maker { __typename code } } ... on Shelf { maker { __typename code } }
  } } }
  Flatten(path: "item.maker") { Fetch(service: "b") {
    { ... on Maker { __typename code } } => { ... on Maker { country { iso } } }
  } }
} }
"""


@pytest.mark.parametrize(
    "of_shelf",
    [
        "maker { country { iso } }",
        "maker { code country { __typename iso } }",
    ],
)
async def test_objects_of_one_type_below_several_types(of_shelf: str) -> None:
    """Whether the client asks the same of them, or other fields."""
    operation = (
        f"{{ item {{ ... on Product {{ maker {{ country {{ iso }} }} }} ... on Shelf {{ {of_shelf} }} }} }}"
    )
    for typename in ("Product", "Shelf"):
        answers = {
            "a": answer(item={"__typename": typename, "maker": {"__typename": "Maker", "code": "m"}}),
            "b": answer(_entities=[{"country": {"iso": "fr"}}]),
        }
        data = await compiled(operation, MAKERS, answers)
        assert data["item"]["maker"]["country"]["iso"] == "fr"


async def test_one_entity_at_places_with_other_fields() -> None:
    """It is asked for once, and each place gets what the client selected there."""
    plan = """
    QueryPlan { Sequence {
      Fetch(service: "a") { { products { owner {
        __typename ... on Product { maker { __typename code } } ... on Shelf { maker { __typename code } }
      } } } }
      Flatten(path: "products.@.@.owner.maker") { Fetch(service: "b") {
        { ... on Maker { __typename code } } => { ... on Maker { country { iso } } }
      } }
    } }
    """
    operation = """
    { products { owner {
      ... on Product { maker { code country { iso } } }
      ... on Shelf { maker { country { x: __typename iso } } }
    } } }
    """
    maker = {"__typename": "Maker", "code": "m"}
    owners = [{"__typename": name, "maker": maker} for name in ("Product", "Shelf", "Product")]
    answers = {
        "a": answer(products=[[{"owner": one} for one in owners]]),
        "b": answer(_entities=[{"country": {"iso": "fr"}}]),
    }
    data = await compiled(operation, plan, answers)
    assert json.dumps(data["products"][0]) == (
        '[{"owner": {"maker": {"code": "m", "country": {"iso": "fr"}}}}, '
        '{"owner": {"maker": {"country": {"x": "Country", "iso": "fr"}}}}, '
        '{"owner": {"maker": {"code": "m", "country": {"iso": "fr"}}}}]'
    )


async def test_objects_of_which_a_subgraph_knows_the_interface_alone() -> None:
    """It has an `@interfaceObject`: the client gets the interface's fields, and the objects are entities."""
    plan = """
    QueryPlan { Sequence {
      Fetch(service: "a") { { products { owner { __typename id } } } }
      Flatten(path: "products.@.@.owner") { Fetch(service: "b") {
        { ... on Node { __typename id } } => { ... on Node { label } }
      } }
    } }
    """
    owners = [{"__typename": name, "id": name} for name in ("Node", "Shelf", "Node")]
    answers = {
        "a": answer(products=[[{"owner": one} for one in owners]]),
        "b": answer(_entities=[{"label": "a"}, {"label": None}]),
    }
    data = await compiled("{ products { owner { label id } } }", plan, answers)
    labels = [one["owner"]["label"] for one in data["products"][0]]
    assert labels == ["a", None, "a"]
    counters = Counters()
    operation = "{ products { owner { label __typename } } }"
    await run(operation, plan, answers, counters=counters)
    assert counters.executions_handed_over == {"unexpected": 1}


async def test_type_conditions_in_representations() -> None:
    plan = """
    QueryPlan { Sequence {
      Fetch(service: "a") { { product {
        __typename id owner { __typename ... on Product { weight id } ... on Shelf { id room } }
      } } }
      Flatten(path: "product") { Fetch(service: "b") {
        { ... on Product {
          __typename id owner @requires { __typename id ... on Shelf { room } ... on Product { weight id } }
        } } => { ... on Product { shipping } }
      } }
    } }
    """
    for owner in (
        {"__typename": "Shelf", "id": "1", "room": 2},
        {"__typename": "Product", "weight": 1, "id": "1"},
    ):
        product = {"__typename": "Product", "id": "0", "owner": owner}
        answers = {"a": answer(product=product), "b": answer(_entities=[{"shipping": 2}])}
        assert await compiled("{ product { shipping } }", plan, answers) == {"product": {"shipping": 2}}
