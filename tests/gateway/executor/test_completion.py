"""The client's data: the specification's value completion, over answers of one subgraph."""

from typing import Any

import pytest

from tests.gateway.executor.world import Graph, canned, errors_of, response_of

TYPES = """
    type Query {
      a: A  need: A!  list: [A]  items: [A!]  all: [A!]!  grid: [[Int!]]
      int: Int  float: Float  string: String  boolean: Boolean  id: ID  color: Color  any: Any
      ints: [Int]  must: Int!  node: Node  thing: Thing  query: Query
    }
    type Mutation { first: Int  second: Int }
    type A { x: Int  must: Int!  a: A  need: A!  deep: [A!] }
    enum Color { RED GREEN %s }
    scalar Any
    interface Node { id: ID! }
    type User implements Node { id: ID!  name: String  role: Any }
    type Robot implements Node { id: ID!  model: String  role: Int }
    %s
    union Thing = User | Robot %s
"""
GRAPH = Graph.of(
    TYPES % ("SECRET", "type Spy implements Node { id: ID! }", "| Spy"), api=TYPES % ("", "", "")
)


async def complete(
    operation: str, data: Any, asked: str | None = None, variables: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The response when the subgraph "s" answers this data to an operation, the client's own by default."""
    plan = f'QueryPlan {{ Fetch(service: "s") {{ {asked or operation} }} }}'
    result = await GRAPH.run(operation, plan, canned(s={"data": data}), variables)
    assert all(error.extensions["serviceName"] == "s" for error in result.errors)
    response = response_of(result)
    response["errors"] = [(code, path) for code, path, _ in errors_of(result)]
    if response["errors"] == []:
        del response["errors"]
    return response


INVALID = "SUBGRAPH_INVALID_RESPONSE"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("int", 5, 5),
        ("int", 5.0, 5),
        ("int", -(2**31), -(2**31)),
        ("float", 1, 1),
        ("float", 1.5, 1.5),
        ("string", "", ""),
        ("boolean", False, False),
        ("id", "x", "x"),
        ("id", 7, "7"),
        ("color", "RED", "RED"),
        ("any", {"x": [1, None], "__typename": 3}, {"x": [1, None], "__typename": 3}),
        ("any", [[]], [[]]),
        ("ints", [1, None], [1, None]),
        ("ints", [], []),
        ("grid", [[1], None, []], [[1], None, []]),
    ],
)
async def test_leaves_are_coerced(field: str, value: Any, expected: Any) -> None:
    response = await complete(f"{{ {field} }}", {field: value})
    assert response == {"data": {field: expected}}
    assert type(response["data"][field]) is type(expected)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("int", 2**31),
        ("int", 1.5),
        ("int", True),
        ("int", "5"),
        ("int", {"a": 1}),
        ("float", True),
        ("float", "1"),
        ("string", 5),
        ("string", ["a"]),
        ("boolean", 1),
        ("boolean", "true"),
        ("id", True),
        ("id", 1.5),
        ("color", "BLUE"),
        ("color", 1),
        ("color", ["RED"]),
        ("ints", 1),
        ("ints", {"0": 1}),
    ],
)
async def test_a_value_of_another_type_is_null_and_an_error(field: str, value: Any) -> None:
    assert await complete(f"{{ {field} }}", {field: value}) == {
        "data": {field: None},
        "errors": [(INVALID, (field,))],
    }


async def test_an_inaccessible_enum_value_is_null_and_not_named() -> None:
    plan = 'QueryPlan { Fetch(service: "s") { { color } } }'
    result = await GRAPH.run("{ color }", plan, canned(s={"data": {"color": "SECRET"}}))
    assert result.data == {"color": None}
    assert errors_of(result) == [(INVALID, ("color",), "s")]
    assert "SECRET" not in result.errors[0].message


@pytest.mark.parametrize("value", [5, "x", [], [{}], True])
async def test_something_else_than_an_object(value: Any) -> None:
    response = await complete("{ a { x } }", {"a": value})
    assert response["data"] == {"a": None}
    assert {path[0] for _, path in response["errors"]} == {"a"}


@pytest.mark.parametrize("value", [5, "x", {}, {"x": 1}])
async def test_something_else_than_a_list(value: Any) -> None:
    response = await complete("{ list { x } }", {"list": value})
    assert response["data"] == {"list": None}
    assert {path[0] for _, path in response["errors"]} == {"list"}


@pytest.mark.parametrize(
    ("operation", "data", "expected", "path"),
    [
        ("{ must }", {"must": None}, None, ("must",)),
        ("{ a { must } int }", {"a": {"must": None}, "int": 1}, {"a": None, "int": 1}, ("a", "must")),
        ("{ need { x } }", {"need": None}, None, ("need",)),
        ("{ need { must } }", {"need": {"must": None}}, None, ("need", "must")),
        ("{ a { a { need { must } } } }", {"a": {"a": {"need": {"must": None}}}}, {"a": {"a": None}},
         ("a", "a", "need", "must")),
        ("{ list { must } }", {"list": [{"must": 1}, {"must": None}]}, {"list": [{"must": 1}, None]},
         ("list", 1, "must")),
        ("{ items { must } }", {"items": [{"must": 1}, {"must": None}]}, {"items": None},
         ("items", 1, "must")),
        ("{ items { x } }", {"items": [{"x": 1}, None]}, {"items": None}, ("items", 1)),
        ("{ all { x } }", {"all": [{"x": 1}, None]}, None, ("all", 1)),
        ("{ grid }", {"grid": [[1, None], [2]]}, {"grid": [None, [2]]}, ("grid", 0, 1)),
        ("{ a { deep { must } } }", {"a": {"deep": [{"must": "x"}]}}, {"a": {"deep": None}},
         ("a", "deep", 0, "must")),
    ],
)  # fmt: skip
async def test_null_propagates_to_the_nearest_place_that_may_be_null(
    operation: str, data: Any, expected: Any, path: tuple[str | int, ...]
) -> None:
    assert await complete(operation, data) == {"data": expected, "errors": [(INVALID, path)]}


async def test_fields_stand_in_the_clients_order_whatever_the_subgraphs() -> None:
    operation = (
        "{ two: int a { ...F one: x } string ...on Query { a { must } } } fragment F on A { z: x must }"
    )
    asked = "{ string a { must one: x z: x } two: int }"
    data = {"string": "s", "a": {"one": 1, "must": 2, "z": 1}, "two": 2}
    response = await complete(operation, data, asked)
    assert list(response["data"]) == ["two", "a", "string"]
    assert list(response["data"]["a"]) == ["z", "must", "one"]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"yes": True, "no": False}, {"int": 1, "string": "s", "a": {"x": 1}}),
        ({"yes": False, "no": True}, {"id": "1", "a": {}, "list": []}),
        ({"yes": False}, {"int": 1, "id": "1", "a": {"x": 1}, "list": []}),
    ],
)
async def test_skip_and_include(variables: dict[str, bool], expected: Any) -> None:
    operation = """query($yes: Boolean!, $no: Boolean = false) {
        int @skip(if: $no) @include(if: true)
        id @skip(if: $yes)
        string @include(if: $yes)
        float @skip(if: true)
        a { x @skip(if: $no) }
        ... @include(if: $yes) { int @skip(if: $no) }
        ...L @skip(if: $yes)
    } fragment L on Query { list { x } }"""
    data = {"int": 1, "id": "1", "string": "s", "float": 1.0, "a": {"x": 1}, "list": []}
    asked = "{ int id string float a { x } list { x } }"
    assert await complete(operation, data, asked, variables) == {"data": expected}


async def test_fragments_apply_by_the_run_time_type() -> None:
    operation = """{
        node { __typename ... on Node { key: id } ... on User { name } ... on Robot { model } ...T }
        thing { kind: __typename ... on User { role } ... on Robot { role } ... on Node { id } }
    } fragment T on Thing { ... on Robot { role } }"""
    asked = """{
        node { __typename key: id ... on User { name } ... on Robot { model role } }
        thing { __typename ... on User { role id } ... on Robot { role id } }
    }"""
    robot = {"__typename": "Robot", "key": "r", "model": "m", "role": 5}
    user = {"__typename": "User", "role": {"free": "form"}, "id": "u"}
    assert await complete(
        operation.replace("... on User { role } ", ""), {"node": robot, "thing": user}, asked
    ) == {"data": {"node": robot, "thing": {"kind": "User", "id": "u"}}}


@pytest.mark.parametrize("typename", ["Spy", "A", "Nobody", "Color", "Thing", "Node"])
@pytest.mark.parametrize("field", ["node", "thing"])
async def test_a_run_time_type_that_the_client_cannot_see(typename: str, field: str) -> None:
    response = await complete(
        f"{{ {field} {{ __typename ... on User {{ name }} }} }}",
        {field: {"__typename": typename}},
    )
    assert response == {"data": {field: None}, "errors": [(INVALID, (field,))]}


@pytest.mark.parametrize("value", [5, None, ["User"]])
async def test_a_run_time_type_that_is_no_name(value: Any) -> None:
    response = await complete("{ node { __typename id } }", {"node": {"__typename": value, "id": "1"}})
    assert response["data"] == {"node": None}
    assert len(response["errors"]) == 1


async def test_an_object_of_another_type_than_its_field() -> None:
    response = await complete("{ a { __typename x } }", {"a": {"__typename": "User", "x": 1}})
    assert response == {"data": {"a": None}, "errors": [(INVALID, ("a",))]}


@pytest.mark.parametrize("typename", ["Mine", "Any", None, 5, "Mutation", "Node"])
async def test_a_name_that_is_not_the_types_is_reported_even_where_the_schema_tells(typename: Any) -> None:
    response = await complete(
        "{ a { t: __typename x } }", {"a": {"__typename": typename, "x": 1}}, "{a{__typename x}}"
    )
    assert response == {"data": {"a": None}, "errors": [(INVALID, ("a",))]}


async def test_a_subgraph_calls_its_root_types_as_it_likes() -> None:
    response = await complete(
        "{ query { t: __typename int } }",
        {"query": {"__typename": "MyQuery", "int": 1}},
        "{ query { __typename int } }",
    )
    assert response == {"data": {"query": {"t": "Query", "int": 1}}}


@pytest.mark.parametrize("typename", ["Nobody", "A", 5])
async def test_a_type_name_that_nobody_asked_for_is_reported(typename: Any) -> None:
    response = await complete("{ a { x } }", {"a": {"__typename": typename, "x": 1}})
    assert response == {"data": {"a": {"x": 1}}, "errors": [(INVALID, ("a",))]}


async def test_a_field_left_out_is_reported_below_a_type_condition_that_must_apply() -> None:
    response = await complete("{ a { ... on A { x } } }", {"a": {}})
    assert response == {"data": {"a": {"x": None}}, "errors": [(INVALID, ("a", "x"))]}


async def test_the_root_and_introspection_need_no_subgraph() -> None:
    operation = """query($name: String!) {
        kind: __typename
        __type(name: $name) { name possibleTypes { name } ...F @skip(if: false) }
        __schema { queryType { name } }
        __schema { mutationType { ...F } }
    } fragment F on __Type { kind }"""
    result = await GRAPH.run(operation, "QueryPlan {}", canned(), {"name": "Node"})
    assert response_of(result) == {
        "data": {
            "kind": "Query",
            "__type": {
                "name": "Node",
                "possibleTypes": [{"name": "User"}, {"name": "Robot"}],
                "kind": "INTERFACE",
            },
            "__schema": {"queryType": {"name": "Query"}, "mutationType": {"kind": "OBJECT"}},
        }
    }
    assert result.subgraph_requests == 0


async def test_introspection_stands_among_other_fields_and_below_query() -> None:
    operation = '{ int query { t: __type(name: "Spy") { name } int } }'
    assert await complete(operation, {"int": 1, "query": {"int": 2}}, "{ int query { int } }") == {
        "data": {"int": 1, "query": {"t": None, "int": 2}}
    }


async def test_a_mutation_is_marked_as_one_that_must_not_be_repeated() -> None:
    plan = """QueryPlan { Sequence {
        Fetch(service: "s") { mutation { second } }
        Fetch(service: "t") { mutation { first } }
    } }"""
    subgraphs = canned(s={"data": {"second": 2}}, t={"data": {"first": 1}})
    result = await GRAPH.run("mutation { second __typename first }", plan, subgraphs)
    assert response_of(result) == {"data": {"second": 2, "__typename": "Mutation", "first": 1}}
    assert [(one.subgraph, one.idempotent) for one in subgraphs.requests] == [("s", False), ("t", False)]


async def test_a_fetch_sends_the_variables_that_it_names_and_the_headers() -> None:
    plan = """QueryPlan { Parallel {
        Fetch(service: "s") { query($x: Boolean!, $z: Boolean) { int @skip(if: $x) id @skip(if: $z) } }
        Fetch(service: "t") { { string } }
    } }"""
    subgraphs = canned(s={"data": {"int": 1, "id": "1"}}, t={"data": {"string": "s"}})
    operation = """query($x: Boolean!, $y: Boolean!, $z: Boolean! = false) {
        int @skip(if: $x) id @skip(if: $z) string @skip(if: $y)
    }"""
    await GRAPH.run(operation, plan, subgraphs, {"x": False, "y": False}, (("authorization", "me"),))
    sent = {request.subgraph: request for request in subgraphs.requests}
    assert (sent["s"].variables, sent["t"].variables) == ({"x": False}, {})
    assert sent["s"].headers == sent["t"].headers == (("authorization", "me"),)
    assert sent["s"].idempotent


@pytest.mark.parametrize(("value", "asked"), [(True, ["then", "both"]), (False, ["otherwise", "neither"])])
async def test_conditions_choose_what_runs(value: bool, asked: list[str]) -> None:
    plan = """QueryPlan { Sequence {
        Include(if: $v) { Fetch(service: "then") { { int } } }
        Skip(if: $v) { Fetch(service: "otherwise") { { int } } }
        Condition(if: $v) {
          Then { Fetch(service: "both") { { int } } }
          Else { Fetch(service: "neither") { { int } } }
        }
    } }"""
    answer = {"data": {"int": 1}}
    subgraphs = canned(then=answer, otherwise=answer, both=answer, neither=answer)
    await GRAPH.run("query($v: Boolean!) { int @include(if: $v) }", plan, subgraphs, {"v": value})
    assert [request.subgraph for request in subgraphs.requests] == asked


@pytest.mark.parametrize("depth", [100, 190])
async def test_an_operation_as_deep_as_documents_can_be(depth: int) -> None:
    operation = "{ a " + "{ a " * depth + "{ must }" + "}" * (depth + 1)
    data: Any = {"must": 1}
    for _ in range(depth + 1):
        data = {"a": data}
    assert await complete(operation, data) == {"data": data}


async def test_an_interface_whose_objects_all_have_another_one() -> None:
    """By the rule that the planner goes by: a subgraph with `@interfaceObject` cannot tell objects apart."""
    graph = Graph.of("""
        type Query { media: Media }
        interface Media { id: ID! }
        interface Seen { views: Int }
        interface Sold { price: Int }
        type Book implements Media & Seen & Sold { id: ID! views: Int price: Int }
        type Song implements Media & Seen { id: ID! views: Int }
    """)
    plan = 'QueryPlan { Fetch(service: "s") { { media { __typename id views } } } }'
    answer = canned(s={"data": {"media": {"__typename": "Media", "id": "1", "views": 2}}})
    both = await graph.run("{ media { id ... on Seen { views } } }", plan, answer)
    assert response_of(both) == {"data": {"media": {"id": "1", "views": 2}}}
    one = await graph.run("{ media { id ... on Sold { price } } }", plan, answer)
    assert errors_of(one) == [("SUBGRAPH_INVALID_RESPONSE", ("media",), "s")]
