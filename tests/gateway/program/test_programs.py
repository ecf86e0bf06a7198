"""What is compiled, what is refused, and that programs of every shape give what the interpreter gives."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from graphql import build_schema

from plait_gateway.clients import Outcome, SubgraphRequest, sending
from plait_gateway.clients.send import Cancel
from plait_gateway.executor import ExecutionResult
from plait_gateway.executor.program import Completed, Counters, Executable
from plait_gateway.query_plan import parse_plan
from tests.gateway.executor.world import ClientOperation, Graph, canned
from tests.gateway.program.both import both
from tests.gateway.program.products import GRAPH, answer, compiled, run


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


@pytest.mark.parametrize("sizes", [(1, 1, 2), (1, 2, 1), (1, 2, 2), (None, None, None)])
async def test_required_objects_beside_a_key(sizes: tuple[int | None, ...]) -> None:
    """Objects with one key are sent once, unless what is required of them differs."""
    plan = """
    QueryPlan { Sequence {
      Fetch(service: "a") { { products { __typename id parts { size } } } }
      Flatten(path: "products.@.@") { Fetch(service: "b") {
        { ... on Product { __typename id parts @requires { size } } } => { ... on Product { shipping } }
      } }
      Flatten(path: "products.@.@") { Fetch(service: "c") {
        { ... on Product { __typename id parts @requires { size } } } => { ... on Product { sku } }
      } }
    } }
    """
    products = [
        {"__typename": "Product", "id": "1", "parts": None if size is None else [{"size": size}]}
        for size in sizes
    ]
    different = len(set(sizes))
    answers = {
        "a": answer(products=[products]),
        "b": answer(_entities=[{"shipping": number} for number in range(different)]),
        "c": answer(_entities=[{"sku": str(number)} for number in range(different)]),
    }
    data = await compiled("{ products { shipping sku } }", plan, answers)
    found = [list(dict.fromkeys(sizes)).index(size) for size in sizes]
    assert data["products"] == [[{"shipping": one, "sku": str(one)} for one in found]]


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
    operation = ClientOperation.of(
        "query ($more: Boolean!) { product { sku @include(if: $more) ...F @skip(if: false) id } }"
        " fragment F on Product { shipping @include(if: $more) }",
        GRAPH.api_schema,
    )
    executable = Executable(
        parse_plan(CONDITIONS), operation, schema=GRAPH.schema, api_schema=GRAPH.api_schema, counters=counters
    )
    for more in (True, False, True):
        product = {"__typename": "Product", "id": "1"} | ({"sku": "s"} if more else {})
        subgraphs = canned(a=answer(product=product), b=answer(_entities=[{"shipping": 2}]))
        outcome = await executable.execute({"more": more}, send=sending(subgraphs.send))
        assert isinstance(outcome, Completed)
        fields = {"sku": "s", "shipping": 2, "id": "1"} if more else {"id": "1"}
        assert json.loads(msgspec.json.encode(outcome.data)) == {"product": fields}
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
    ("handed_over", "value"),
    [
        ({}, '{"b":[1,2.5,null,{"a":"\u00e9"}],"a":{}}'),
        ({}, '[[[{"a":1}]]]'),
        ({}, "[]"),
        ({"unexpected": 1}, "[[[[[]]]]]"),
        ({"not_json": 1}, '{"a":{"b":1,"b":2}}'),
        ({"unexpected": 1}, '{"a":1e999}'),
        ({"not_json": 1}, '{"a":NaN}'),
        ({"not_json": 1}, '{"a":"\\ud800"}'),
    ],
)
async def test_custom_scalars_that_are_objects_and_lists(handed_over: dict[str, int], value: str) -> None:
    counters = Counters()
    body = f'{{"data":{{"today":{value}}}}}'.encode()
    await run("{ today }", ONE % "today", {"a": body}, counters=counters)
    assert counters.executions_handed_over == handed_over
    assert counters.executions_compiled == (not handed_over)


async def test_keys_that_a_fetch_renames() -> None:
    """In objects of abstract types, in others, and in entities."""
    plan = """
    QueryPlan { Sequence {
      Fetch(
        service: "a",
        renames: ["node.maker.iso_of: code", "node.kind: name", "node.own_id: id"]
      ) {
        { node {
          __typename ... on Product { own_id: id sku }
          ... on Shelf { id kind: name maker { __typename iso_of: code } }
        } }
      }
      Flatten(path: "node") {
        Fetch(service: "b", renames: ["other: parts"]) {
          { ... on Product { __typename id } } => { ... on Product { other: parts { size } } }
        }
      }
    } }
    """
    operation = """
    { node { ... on Product { parts { size } sku id } ... on Shelf { id maker { code } name } } }
    """
    shelf = {"__typename": "Shelf", "id": "1", "kind": "k", "maker": {"__typename": "Maker", "iso_of": "fr"}}
    data = await compiled(operation, plan, {"a": answer(node=shelf), "b": answer(_entities=[])})
    assert json.dumps(data) == '{"node": {"id": "1", "maker": {"code": "fr"}, "name": "k"}}'
    product = {"__typename": "Product", "own_id": "1", "sku": "s"}
    answers = {"a": answer(node=product), "b": answer(_entities=[{"other": [{"size": 1}]}])}
    data = await compiled(operation, plan, answers)
    assert json.dumps(data) == '{"node": {"parts": [{"size": 1}], "sku": "s", "id": "1"}}'


async def test_another_name_for_the_variable_of_representations() -> None:
    plan = """
    QueryPlan { Sequence {
      Fetch(service: "a") { { product { __typename id } } }
      Flatten(path: "product") { Fetch(service: "b", representations: "sent") {
        { ... on Product { __typename id } } =>
        query($representations: String) { ... on Product { price(currency: $representations) } }
      } }
    } }
    """
    operation = "query($representations: String) { product { price(currency: $representations) } }"
    product = {"__typename": "Product", "id": "1"}
    answers = {"a": answer(product=product), "b": answer(_entities=[{"price": 2}])}
    assert await compiled(operation, plan, answers, representations="eur") == {"product": {"price": 2}}
    assert await compiled(operation, plan, answers) == {"product": {"price": 2}}


@pytest.mark.parametrize(
    ("operation", "plan"),
    [
        ("{ __typename x: __typename }", "QueryPlan { }"),
        (
            "query ($yes: Boolean = true) { __schema { queryType { name @skip(if: $yes) kind } } today }",
            ONE % "today",
        ),
        (
            'query ($n: String!) { x: __type(name: "Part") { name ...F } product { ...P } }'
            " fragment F on __Type { fields { name } } fragment P on Product { price(currency: $n) }",
            'QueryPlan { Fetch(service: "a") { query($n: String) { product { price(currency: $n) } } } }',
        ),
        ('{ none: __type(name: "Nothing") { name } }', "QueryPlan { }"),
    ],
)
async def test_what_no_subgraph_is_asked_for(operation: str, plan: str) -> None:
    a = answer(product={"price": 1}) if "product" in plan else answer(today="now")
    await compiled(operation, plan, {"a": a}, yes=True, n="eur")


@pytest.mark.parametrize(
    ("reason", "operation", "plan"),
    [
        (
            "introspection",
            'query ($name: String = "Product") { __type(name: $name) { name } today }',
            ONE % "today",
        ),
        (
            "introspection",
            "query ($n: String!) { ...Q today } fragment Q on Query { __type(name: $n) { name } }",
            ONE % "today",
        ),
        ("abstract_type", "{ node { id } }", ONE % "node { id }"),
        ("nothing_brings_it", "{ today ratio }", ONE % "today"),
        (
            "rename",
            "{ shelf { id } }",
            """QueryPlan {
              Fetch(service: "a", renames: ["shelf.other: id"]) { { shelf { id other: id } } }
            }""",
        ),
        (
            "interface_object",
            "{ node { ... on Product { sku } } }",
            """QueryPlan { Sequence {
              Fetch(service: "a") { { node { __typename id } } }
              Flatten(path: "node") { Fetch(service: "b") {
                { ... on Node { __typename id } } => { ... on Node { __typename ... on Product { sku } } }
              } }
            } }""",
        ),
        (
            "representation",
            "{ product { sku } }",
            """QueryPlan { Sequence {
              Fetch(service: "a") { { product { id } } }
              Flatten(path: "product") { Fetch(service: "b") {
                { ... on Shelf { __typename id } } => { ... on Product { sku } }
              } }
            } }""",
        ),
        (
            "root_fields_below_root",
            "{ product { sku } }",
            """QueryPlan { Sequence {
              Fetch(service: "a") { { product { id } } }
              Flatten(path: "product") { Fetch(service: "b") { { sku: today } } }
            } }""",
        ),
        (
            "context",
            "{ product { sku } }",
            """QueryPlan { Sequence {
              Fetch(service: "a") { { product { __typename id } } }
              Flatten(path: "product") { Fetch(service: "b", contexts: ["c: ^0.id"]) {
                { ... on Product { __typename id } } => { ... on Product { sku } }
              } }
            } }""",
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


async def test_interfaces_of_very_many_types_are_refused() -> None:
    types = "".join(f" type T{number} implements Wide {{ id: ID }}" for number in range(40))
    graph = Graph.of(f"type Query {{ wide: Wide }} interface Wide {{ id: ID }} {types}")
    counters = Counters()
    await both(
        parse_plan(ONE % "wide { __typename id }"),
        ClientOperation.of("{ wide { id } }", graph.api_schema),
        schema=graph.schema,
        api_schema=graph.api_schema,
        variables={},
        send=canned(a=answer(wide={"__typename": "T7", "id": "1"})).send,
        counters=counters,
    )
    assert counters.programs_refused == {"too_many_types": 1}


async def test_an_interface_whose_objects_all_have_another_one() -> None:
    """A program takes them by their types; where the interface alone is known, the interpreter does."""
    graph = Graph.of(
        "type Query { media: Media } interface Media { id: ID } interface Seen { views: Int }"
        " type Book implements Media & Seen { id: ID views: Int }"
        " type Song implements Media & Seen { id: ID views: Int }"
    )
    counters = Counters()
    for name in ("Book", "Media"):
        result = await both(
            parse_plan(ONE % "media { __typename id views }"),
            ClientOperation.of("{ media { id ... on Seen { views } } }", graph.api_schema),
            schema=graph.schema,
            api_schema=graph.api_schema,
            variables={},
            send=canned(a=answer(media={"__typename": name, "id": "1", "views": 2})).send,
            counters=counters,
        )
        assert result.data == {"media": {"id": "1", "views": 2}}
    assert (counters.executions_compiled, counters.executions_handed_over) == (1, {"unexpected": 1})


async def test_programs_for_ever_more_conditions_are_refused() -> None:
    """Five Booleans have 32 combinations; the first 16 that are met are compiled."""
    counters = Counters()
    names = [f"v{number}" for number in range(5)]
    fields = " ".join(f"id{number}: id @include(if: $v{number})" for number in range(5))
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    plan = f"query({declared}) {{ shelf {{ __typename {fields} }} }}"
    operation = f"query({declared}) {{ shelf {{ {fields} room: __typename }} }}"
    executable = Executable(
        parse_plan(f'QueryPlan {{ Fetch(service: "a") {{ {plan} }} }}'),
        ClientOperation.of(operation, GRAPH.api_schema),
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        counters=counters,
    )
    for number in range(20):
        chosen = [bool(number >> place & 1) for place in range(5)]
        shelf = {f"id{place}": "1" for place, is_asked in enumerate(chosen) if is_asked}
        subgraphs = canned(a=answer(shelf={"__typename": "Shelf", **shelf}))
        await executable.execute(dict(zip(names, chosen, strict=True)), send=sending(subgraphs.send))
    assert counters.programs_compiled == counters.executions_compiled == 16
    assert counters.programs_refused == {"conditions": 4}
    assert counters.executions_interpreted == 4


async def test_a_defect_of_the_compiler_is_logged_and_the_plan_interpreted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What makes it fail here is a supergraph that lacks a type of the API schema."""
    counters = Counters()
    executable = Executable(
        parse_plan(ONE % "shelf { id }"),
        ClientOperation.of("{ shelf { id } }", GRAPH.api_schema),
        schema=build_schema("type Query { today: Int }"),
        api_schema=GRAPH.api_schema,
        counters=counters,
    )
    outcome = await executable.execute({}, send=sending(canned(a=answer(shelf={"id": "1"})).send))
    assert isinstance(outcome, ExecutionResult)
    assert outcome.data == {"shelf": {"id": "1"}}
    assert counters.programs_refused == {"defect": 1}
    assert counters.executions_interpreted == 1
    assert "shelf" in caplog.text
    assert "Traceback" in caplog.text


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


async def test_a_plan_that_is_rare_is_compiled_when_it_comes_again() -> None:
    counters = Counters()
    executable = Executable(
        parse_plan("""QueryPlan { Fetch(service: "a") { { today } } }"""),
        ClientOperation.of("{ today }", GRAPH.api_schema),
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        counters=counters,
        is_rare=True,
    )
    subgraphs = canned(a=answer(today="1999-12-31"))
    await executable.execute({}, send=sending(subgraphs.send))
    assert counters == Counters(executions_interpreted=1)
    await executable.execute({}, send=sending(subgraphs.send))
    assert counters == Counters(programs_compiled=1, executions_interpreted=1, executions_compiled=1)


async def test_a_way_to_a_subgraph_that_raises_ends_the_execution() -> None:
    """Beside another one that answers: an exchange that was never begun has no outcome to wait for."""
    executable = Executable(
        parse_plan("""
        QueryPlan { Parallel { Fetch(service: "a") { { today } }  Fetch(service: "b") { { ratio } } } }
        """),
        ClientOperation.of("{ today ratio }", GRAPH.api_schema),
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        counters=Counters(),
    )
    good = sending(canned(a=answer(today="1999-12-31")).send)

    def send(request: SubgraphRequest, answered: Callable[[Outcome], None]) -> Cancel:
        if request.subgraph == "b":
            raise RuntimeError("no way to b")
        return good(request, answered)

    async with asyncio.timeout(60):
        with pytest.raises(RuntimeError, match="no way to b"):
            await executable.execute({}, send=send)


WHOLE = {"b": {"id": "s", "label": "é"}, "ratio": 1e3, "today": {"day": [1, None]}}


@pytest.mark.parametrize(
    "text",
    [
        '{"data":{"b":{"id":"s","label":"é"},"ratio":1000.0,"today":{"day":[1,null]}}}',
        '{"data": {"today": {"day": [1, null]}, "ratio": 1e3, "b": {"label": "\\u00e9", "id": "s"}}}\n',
        '{"errors":[],"data":{"b":{"id":"s","label":"é"},"ratio":1e3,"today":{"day":[1,null]}}}',
        '{"data":{"b":{"id":"s","label":"é"},"ratio":1e3,"today":{"day":[1,null]}},"errors":null}',
    ],
    ids=["as asked", "in another order", "no errors", "errors are null"],
)
async def test_an_answer_that_is_the_response_is_written_as_it_was_asked(text: str) -> None:
    data = await compiled(
        "{ b: shelf { id label } ratio today }",
        'QueryPlan { Fetch(service: "a") { { b: shelf { id label } ratio today } } }',
        {"a": text.encode()},
    )
    assert data == WHOLE
    assert list(data) == list(WHOLE)
