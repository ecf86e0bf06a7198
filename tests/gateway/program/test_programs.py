"""What is compiled, what is refused, and that programs of every shape give what the interpreter gives."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from plait_gateway.clients import sending
from plait_gateway.executor import ExecutionResult
from plait_gateway.executor.program import Completed, Counters, Executable
from plait_gateway.query_plan import parse_plan
from tests.gateway.executor.world import ClientOperation, Graph, canned
from tests.gateway.program.both import both

GRAPH = Graph.of(
    """
    scalar Date
    type Query { products(first: Int): [[Product!]]  product: Product!  shelf: Shelf  node: Node  item: Item
                 today: Date  ratio: Float }
    type Mutation { rename: Product }
    interface Node { id: ID! }
    union Item = Product | Shelf
    type Product implements Node { id: ID!  sku: String  maker: Maker  price(currency: String): Int
                                   weight: Float  shipping: Int  parts: [Part!]  similar: [Product] }
    type Part { size: Int  colour: String }
    type Maker { code: ID  country: Country }
    type Country { iso: String }
    type Shelf implements Node { id: ID! }
    """
)


async def run(
    operation: str,
    plan: str,
    answers: Mapping[str, Any],
    variables: Mapping[str, Any] | None = None,
    counters: Counters | None = None,
) -> ExecutionResult:
    return await both(
        parse_plan(plan),
        ClientOperation.of(operation, GRAPH.api_schema),
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        variables=variables or {},
        send=canned(**answers).send,
        counters=counters if counters is not None else Counters(),
    )


async def compiled(operation: str, plan: str, answers: Mapping[str, Any], **variables: Any) -> Any:
    """The data, of an execution that was compiled to its end."""
    counters = Counters()
    result = await run(operation, plan, answers, variables, counters)
    assert counters == Counters(programs_compiled=1, executions_compiled=1)
    return result.data


def answer(**data: Any) -> Any:
    return {"data": data}


async def test_keys_in_the_clients_order_with_aliases_and_typenames() -> None:
    data = await compiled(
        "{ root: __typename b: shelf { x: __typename id __typename } a: today class: ratio }",
        """QueryPlan { Fetch(service: "a") { { class: ratio a: today b: shelf { __typename id } } } }""",
        {"a": {"data": {"class": 1, "a": "1999-12-31", "b": {"__typename": "Shelf", "id": "s"}}}},
    )
    assert json.dumps(data) == (
        '{"root": "Query", "b": {"x": "Shelf", "id": "s", "__typename": "Shelf"}, '
        '"a": "1999-12-31", "class": 1}'
    )


NESTED_KEY = """
QueryPlan { Sequence {
  Fetch(service: "a") { query($n: Int) {
    products(first: $n) { __typename sku maker { code country { iso } } weight parts { size } }
  } }
  Flatten(path: "products.@.@") { Fetch(service: "b") {
    {
      ... on Product {
        __typename sku maker { code country { iso } } weight @requires parts @requires { size }
      }
    } =>
    query($c: String) { ... on Product { shipping parts_of_it: parts { colour } price(currency: $c) } }
  } }
} }
"""


async def test_composite_keys_lists_of_lists_and_variables() -> None:
    """Representations of several fields, objects and lists are sent once each, null where it may be."""
    maker = {"code": "m", "country": {"iso": None}}
    first = {"__typename": "Product", "sku": None, "maker": maker, "weight": 1, "parts": [{"size": None}]}
    others = [{**first, "weight": 1.0}, {**first, "maker": None, "sku": "x", "parts": None}]
    brought = [{"shipping": number, "parts_of_it": [{"colour": "red"}], "price": None} for number in range(3)]
    data = await compiled(
        """
        query ($n: Int, $c: String) {
          products(first: $n) { price(currency: $c) shipping parts_of_it: parts { colour } }
        }
        """,
        NESTED_KEY,
        {
            "a": answer(products=[[first, others[0]], None, [], [first, others[1]]]),
            "b": answer(_entities=brought),
        },
        n=5,
    )
    shown = [[one["shipping"] for one in inner] if inner is not None else None for inner in data["products"]]
    assert shown == [[0, 1], None, [], [0, 2]]
    assert list(data["products"][0][0]) == ["price", "shipping", "parts_of_it"]


async def test_equal_objects_may_be_one_and_still_are_at_every_place() -> None:
    """An object with no more than its key is kept once, however often it is met."""
    similar = [{"maker": {"code": code}} for code in ("m", "n", "m", None)]
    plan = """
    QueryPlan { Sequence {
      Fetch(service: "a") { { product { similar { maker { code } } } } }
      Flatten(path: "product.similar.@.maker") { Fetch(service: "b") {
        { ... on Maker { __typename code } } => { ... on Maker { country { iso } } }
      } }
    } }
    """
    countries = [{"country": {"iso": "fr"}}, {"country": None}]
    answers = {"a": answer(product={"similar": similar[:3]}), "b": answer(_entities=countries)}
    data = await compiled("{ product { similar { maker { country { iso } } } } }", plan, answers)
    assert [one["maker"]["country"] for one in data["product"]["similar"]] == [
        {"iso": "fr"},
        None,
        {"iso": "fr"},
    ]
    counters = Counters()
    answers["a"] = answer(product={"similar": similar})
    await run("{ product { similar { maker { country { iso } } } } }", plan, answers, counters=counters)
    assert counters.executions_handed_over == {"key_is_null": 1}


async def test_a_leaf_that_two_fetches_bring_stays_as_it_came_first() -> None:
    plan = """
    QueryPlan { Sequence {
      Fetch(service: "a") { { product { __typename id sku similar { __typename id sku } } } }
      Flatten(path: "product.similar.@") { Fetch(service: "b") {
        { ... on Product { __typename id } } => { ... on Product { sku shipping } }
      } }
    } }
    """
    similar = [{"__typename": "Product", "id": one, "sku": sku} for one, sku in (("1", "s"), ("2", None))]
    product = {"__typename": "Product", "id": "0", "sku": None, "similar": similar}
    brought = [{"sku": "other", "shipping": 1}, {"sku": "new", "shipping": None}]
    answers = {"a": answer(product=product), "b": answer(_entities=brought)}
    data = await compiled("{ product { sku similar { sku shipping } } }", plan, answers)
    assert [one["sku"] for one in data["product"]["similar"]] == ["s", "new"]


ITEMS = """
QueryPlan { Sequence {
  Fetch(service: "a") { {
    item { __typename ... on Product { id similar { __typename id } } ... on Shelf { id } }
    node { __typename id }
  } }
  Flatten(path: "item.|[Product].similar.@") { Fetch(service: "b") {
    { ... on Product { __typename id } } => { ... on Product { sku parts { size } } }
  } }
  Flatten(path: "item") { Fetch(service: "b") {
    { ... on Product { __typename id } } => { ... on Product { sku } }
  } }
} }
"""
ITEM_OPERATION = """
{
  item { ... on Shelf { x: __typename } ... on Product { sku similar { sku parts { size } } __typename } }
  node { id ... on Shelf { __typename } }
}
"""


async def test_objects_of_abstract_types_in_the_clients_order() -> None:
    product = {"__typename": "Product", "id": "1", "similar": [{"__typename": "Product", "id": "2"}]}
    shelf = {"__typename": "Shelf", "id": "3"}
    outcomes = []
    for item, node in ((product, shelf), (shelf, {"id": "4", "__typename": "Product"}), (None, None)):
        entities = iter([answer(_entities=[{"sku": "s", "parts": []}]), answer(_entities=[{"sku": "t"}])] * 2)
        answers = {"a": answer(item=item, node=node), "b": lambda _, found=entities: next(found)}
        outcomes.append(await compiled(ITEM_OPERATION, ITEMS, answers))
    assert json.dumps(outcomes[0]) == (
        '{"item": {"sku": "t", "similar": [{"sku": "s", "parts": []}], "__typename": "Product"}, '
        '"node": {"id": "3", "__typename": "Shelf"}}'
    )
    assert outcomes[1] == {"item": {"x": "Shelf"}, "node": {"id": "4"}}
    assert outcomes[2] == {"item": None, "node": None}


@pytest.mark.parametrize(
    "node",
    [
        {"id": "1"},
        {"__typename": None, "id": "1"},
        {"__typename": "", "id": "1"},
        {"__typename": "Part"},
        "node",
    ],
)
async def test_an_object_of_an_abstract_type_has_to_say_its_type(node: Any) -> None:
    counters = Counters()
    plan = ONE % "node { __typename ... on Product { id } }"
    await run("{ node { ... on Product { id } } }", plan, {"a": answer(node=node)}, counters=counters)
    await run("{ node { id } }", plan, {"a": answer(node=node)}, counters=counters)
    assert counters.programs_compiled == 2
    assert counters.executions_handed_over == {"unexpected": 2}


CONDITIONS = """
QueryPlan { Sequence {
  Fetch(service: "a") { query($more: Boolean!) { product { __typename id sku @include(if: $more) } } }
  Include(if: $more) { Flatten(path: "product") { Fetch(service: "b") {
    { ... on Product { __typename id } } => { ... on Product { shipping } }
  } } }
} }
"""


async def test_a_program_for_each_value_of_a_condition() -> None:
    counters = Counters()
    graph = {"schema": GRAPH.schema, "api_schema": GRAPH.api_schema}
    operation = ClientOperation.of(
        "query ($more: Boolean!) { product { sku @include(if: $more) ...F @skip(if: false) id } }"
        " fragment F on Product { shipping @include(if: $more) }",
        GRAPH.api_schema,
    )
    executable = Executable(parse_plan(CONDITIONS), operation, **graph, counters=counters)
    for more in (True, False, True):
        product = {"__typename": "Product", "id": "1"} | ({"sku": "s"} if more else {})
        subgraphs = canned(a=answer(product=product), b=answer(_entities=[{"shipping": 2}]))
        outcome = await executable.execute({"more": more}, send=sending(subgraphs.send))
        assert isinstance(outcome, Completed)
        fields = {"sku": "s", "shipping": 2, "id": "1"} if more else {"id": "1"}
        assert json.loads(outcome.data) == {"product": fields}
        assert outcome.subgraph_requests == len(subgraphs.requests) == (2 if more else 1)
    assert counters == Counters(programs_compiled=2, executions_compiled=3)


ONE = 'QueryPlan { Fetch(service: "a") { { %s } } }'


async def test_a_fetch_may_bring_only_what_the_client_does_not_see() -> None:
    plan = """
    QueryPlan { Parallel { Fetch(service: "a") { { today } } Fetch(service: "b") { { ratio } } } }
    """
    answers = {"a": answer(today="now"), "b": answer(ratio=1.5)}
    assert await compiled("{ today }", plan, answers) == {"today": "now"}


@pytest.mark.parametrize(
    ("reason", "operation", "plan"),
    [
        (
            "mutation",
            "mutation { rename { id } }",
            'QueryPlan { Fetch(service: "a") { mutation { rename { id } } } }',
        ),
        ("no_fetch", "{ __typename }", "QueryPlan { }"),
        ("introspection", "{ __schema { queryType { name } } today }", ONE % "today"),
        ("abstract_type", "{ node { id } }", ONE % "node { id }"),
        (
            "several_types",
            "{ node { ... on Product { sku } ... on Shelf { __typename } } }",
            """QueryPlan { Sequence {
              Fetch(service: "a") { { node { __typename ... on Product { id } ... on Shelf { id } } } }
              Flatten(path: "node") { Fetch(service: "b") {
                { ... on Product { __typename id } ... on Shelf { __typename id } } =>
                { ... on Product { sku } ... on Shelf { __typename } }
              } }
            } }""",
        ),
        ("nothing_brings_it", "{ today ratio }", ONE % "today"),
        (
            "context",
            "{ product { sku } }",
            """QueryPlan { Sequence {
              Fetch(service: "a") { { product { __typename id } } }
              Flatten(path: "product") { Fetch(service: "b", representations: "sent") {
                { ... on Product { __typename id } } => { ... on Product { sku } }
              } }
            } }""",
        ),
        (
            "merged_objects",
            "{ shelf { id } }",
            'QueryPlan { Parallel { Fetch(service: "a") { { shelf { id } } }'
            ' Fetch(service: "b") { { shelf { id } } } } }',
        ),
    ],
)
async def test_refused(reason: str, operation: str, plan: str) -> None:
    """The reference interpreter runs the plan, and the counters say so."""
    counters = Counters()
    await run(operation, plan, {"a": answer(today=None), "b": answer()}, counters=counters)
    assert counters.programs_refused == {reason: 1}
    assert counters.executions_interpreted == 1
    assert counters.executions_compiled == 0


async def test_lists_nested_deeper_than_python_nests_loops_are_refused() -> None:
    depth = 20
    open_, close = "similar { " * depth, "} " * depth
    plan = f"""
    QueryPlan {{ Sequence {{
      Fetch(service: "a") {{ {{ product {{ {open_} __typename id {close} }} }} }}
      Flatten(path: "product.{".".join(["similar.@"] * depth)}") {{ Fetch(service: "b") {{
        {{ ... on Product {{ __typename id }} }} => {{ ... on Product {{ sku }} }}
      }} }}
    }} }}
    """
    product: Any = {"__typename": "Product", "id": "1"}
    for _ in range(depth):
        product = {"similar": [product]}
    counters = Counters()
    answers = {"a": answer(product=product), "b": answer(_entities=[{"sku": "s"}])}
    await run(f"{{ product {{ {open_} sku {close} }} }}", plan, answers, counters=counters)
    assert counters.programs_refused == {"nesting": 1}


async def test_an_execution_makes_no_tasks() -> None:
    counters = Counters()
    operation = ClientOperation.of("{ product { similar { sku } } }", GRAPH.api_schema)
    plan = parse_plan("""
    QueryPlan { Sequence {
      Fetch(service: "a") { { product { similar { __typename id } } } }
      Flatten(path: "product.similar.@") { Fetch(service: "b") {
        { ... on Product { __typename id } } => { ... on Product { sku } }
      } }
    } }
    """)
    similar = [{"__typename": "Product", "id": "1"}]
    subgraphs = canned(a=answer(product={"similar": similar}), b=answer(_entities=[{"sku": "s"}]))
    executable = Executable(
        plan, operation, schema=GRAPH.schema, api_schema=GRAPH.api_schema, counters=counters
    )
    await executable.execute({}, send=sending(subgraphs.send))
    made: list[Any] = []

    def note(loop: asyncio.AbstractEventLoop, coroutine: Any, **about: Any) -> Any:
        made.append(coroutine)
        return asyncio.Task(coroutine, loop=loop, **about)

    loop = asyncio.get_running_loop()
    loop.set_task_factory(note)
    try:
        await executable.execute({}, send=sending(subgraphs.send))
    finally:
        loop.set_task_factory(None)
    assert {coroutine.__qualname__ for coroutine in made} == {"Subgraphs.send"}  # what answers
    assert counters.executions_compiled == 2
