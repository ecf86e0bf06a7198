"""Fields that the client may not see are null in programs, too, with an error at each of their places."""

from plait_gateway.executor.program import Counters
from tests.gateway.program.products import answer, run

PLAN = """
QueryPlan { Sequence {
  Fetch(service: "a") { { products { __typename id } node { __typename ... on Shelf { name } } } }
  Flatten(path: "products.@.@") { Fetch(service: "b") {
    { ... on Product { __typename id } } => { ... on Product { maker { country { iso } } } }
  } }
} }
"""
OPERATION = """
{
  today
  products { first: sku maker { code country { iso } } owner { id } }
  node { ... on Shelf { stock name } ... on Product { sku weight } }
}
"""
ANSWERS = {
    "a": answer(
        products=[[{"__typename": "Product", "id": "1"}], None, [{"__typename": "Product", "id": "2"}]],
        node={"__typename": "Shelf", "name": "top"},
    ),
    "b": answer(_entities=[{"maker": {"country": {"iso": "PT"}}}, {"maker": None}]),
}


async def test_a_program_tells_each_place() -> None:
    counters = Counters()
    denied = ("today", "sku", "code", "owner", "stock", "weight")
    result = await run(OPERATION, PLAN, ANSWERS, counters=counters, denied=denied)
    assert counters == Counters(programs_compiled=1, executions_compiled=1)
    first = {"first": None, "maker": {"code": None, "country": {"iso": "PT"}}, "owner": None}
    second = {"first": None, "maker": None, "owner": None}
    assert result.data == {
        "today": None,
        "products": [[first], None, [second]],
        "node": {"stock": None, "name": "top"},
    }
    assert {(error.path, error.message.rpartition(" ")[2]) for error in result.errors} == {
        (("today",), "Query.today"),
        (("products", 0, 0, "first"), "Product.sku"),
        (("products", 0, 0, "maker", "code"), "Maker.code"),
        (("products", 0, 0, "owner"), "Product.owner"),
        (("products", 2, 0, "first"), "Product.sku"),
        (("products", 2, 0, "owner"), "Product.owner"),
        (("node", "stock"), "Shelf.stock"),
    }


async def test_a_field_that_may_not_be_null_is_for_the_interpreter() -> None:
    plan = 'QueryPlan { Fetch(service: "a") { { shelf { name } } } }'
    counters = Counters()
    answers = {"a": answer(shelf={"name": "top"})}
    result = await run("{ shelf { name room } }", plan, answers, counters=counters, denied=("room",))
    assert counters.programs_refused == {"unauthorized": 1}
    assert result.data == {"shelf": None}


async def test_what_the_gateway_needs_is_not_shown() -> None:
    plan = """
    QueryPlan { Sequence {
      Fetch(service: "a") { { shelf { __typename id } } }
      Flatten(path: "shelf") { Fetch(service: "b") {
        { ... on Shelf { __typename id } } => { ... on Shelf { stock } }
      } }
    } }
    """
    answers = {"a": answer(shelf={"__typename": "Shelf", "id": "1"}), "b": answer(_entities=[{"stock": 5}])}
    result = await run("{ shelf { label stock } }", plan, answers, denied=("label",))
    assert result.data == {"shelf": {"label": None, "stock": 5}}
    counters = Counters()
    plan = plan.replace("__typename id", "__typename id: label", 1)
    result = await run("{ shelf { id: label stock } }", plan, answers, counters=counters, denied=("label",))
    assert result.data == {"shelf": {"id": None, "stock": 5}}
    assert counters.programs_refused == {"unauthorized": 1}
