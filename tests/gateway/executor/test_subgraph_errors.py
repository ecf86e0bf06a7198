"""What subgraphs report and how they fail: one error a place, where the client can find it."""

from typing import Any

import pytest

from plait_gateway.clients import SubgraphResponse, SubgraphUnreachable
from plait_gateway.executor import ExecutionResult
from tests.gateway.executor.world import Graph, Subgraphs, canned, errors_of

GRAPH = Graph.of(
    """
    type Query { me: User  must: User!  users: [User]  all: [User!]  other: Int  box: Box }
    type Box { a: Inner }
    type Inner { x: Int!  y: Int! }
    type User { id: ID!  name: String  email: String!  friend: User  pets: [Pet] }
    type Pet { name: String  age: Int! }
    union Someone = User | Pet
    """
)
USERS = """
QueryPlan {
  Sequence {
    Fetch(service: "users") { { users { __typename key: id } } },
    Flatten(path: "users.@") {
      Fetch(service: "names") {
        { ... on User { __typename id: key } } => { ... on User { name email pets { age } } }
      },
    },
  },
}
"""


def user(key: object) -> dict[str, object]:
    return {"__typename": "User", "key": key}


async def run(operation: str, plan: str, subgraphs: Subgraphs) -> ExecutionResult:
    return await GRAPH.run(operation, plan, subgraphs)


async def test_an_error_keeps_its_path_and_extensions() -> None:
    plan = 'QueryPlan { Fetch(service: "users") { { me { id friend { name } } } } }'
    errors = [
        {
            "message": "gone",
            "path": ["me", "friend", "name"],
            "locations": [{"line": 1, "column": 2}],
            "extensions": {"code": "GONE", "why": "moved", "serviceName": "me"},
        }
    ]
    answer = {"data": {"me": {"id": "1", "friend": {"name": None}}}, "errors": errors}
    result = await run("{ me { friend { name } } }", plan, canned(users=answer))
    assert result.data == {"me": {"friend": {"name": None}}}
    assert [error.as_json() for error in result.errors] == [
        {
            "message": "gone",
            "path": ["me", "friend", "name"],
            "extensions": {"code": "GONE", "why": "moved", "serviceName": "users"},
        }
    ]


async def test_an_error_about_an_entity_is_found_at_every_place_of_it() -> None:
    errors = [{"message": "no", "path": ["_entities", 1, "pets", 0, "age"]}]
    entities = [{"name": "a", "email": "e", "pets": []}, {"name": "b", "email": "e", "pets": [None]}]
    subgraphs = canned(
        users={"data": {"users": [user("2"), user("1"), None, user("1")]}},
        names={"data": {"_entities": entities}, "errors": errors},
    )
    result = await run("{ users { name pets { age } } }", USERS, subgraphs)
    assert result.data == {
        "users": [
            {"name": "a", "pets": []},
            {"name": "b", "pets": [None]},
            None,
            {"name": "b", "pets": [None]},
        ]
    }
    assert errors_of(result) == [
        ("DOWNSTREAM_SERVICE_ERROR", ("users", place, "pets", 0, "age"), "names") for place in (1, 3)
    ]


async def test_a_path_ends_where_the_clients_knowledge_ends() -> None:
    errors = [
        {"message": "internal", "path": ["users", 0, "key"]},
        {"message": "elsewhere", "path": ["nowhere", "at", "all"]},
    ]
    subgraphs = canned(users={"data": {"users": [{"__typename": "User", "key": None}]}, "errors": errors})
    result = await run("{ users { name } }", USERS, subgraphs)
    assert result.data == {"users": [{"name": None}]}
    assert [(error.message, error.path) for error in result.errors] == [
        ("elsewhere", ("users",)),
        ("internal", ("users", 0)),
    ]


async def test_a_null_that_the_subgraph_explains_needs_no_second_error() -> None:
    errors = [{"message": "no", "path": ["_entities", 0, "email"]}]
    subgraphs = canned(
        users={"data": {"users": [user("1"), user("2")]}},
        names={"data": {"_entities": [None, {"name": "b", "email": "e", "pets": None}]}, "errors": errors},
    )
    result = await run("{ users { email name } }", USERS, subgraphs)
    assert result.data == {"users": [None, {"email": "e", "name": "b"}]}
    assert errors_of(result) == [("DOWNSTREAM_SERVICE_ERROR", ("users", 0, "email"), "names")]


async def test_a_null_that_nobody_explains_gets_an_error() -> None:
    subgraphs = canned(users={"data": {"users": [user("1")]}}, names={"data": {"_entities": [None]}})
    result = await run("{ users { email name } }", USERS, subgraphs)
    assert result.data == {"users": [None]}
    assert errors_of(result) == [("SUBGRAPH_INVALID_RESPONSE", ("users", 0, "email"), "names")]


@pytest.mark.parametrize("path", [None, ["_entities"], ["_entities", 7, "name"], ["_entities", "x"], []])
async def test_an_error_about_all_entities_is_one_error(path: Any) -> None:
    subgraphs = canned(
        users={"data": {"users": [user("1"), user("2")]}},
        names={"data": None, "errors": [{"message": "no", "path": path}]},
    )
    result = await run("{ users { email name } }", USERS, subgraphs)
    assert result.data == {"users": [None, None]}
    assert errors_of(result) == [("DOWNSTREAM_SERVICE_ERROR", ("users",), "names")]


FAILURES: list[tuple[Any, str]] = [
    (SubgraphUnreachable("names", "connection refused"), "SUBGRAPH_UNREACHABLE"),
    (SubgraphUnreachable("names", "too slow", code="SUBGRAPH_TIMEOUT"), "SUBGRAPH_TIMEOUT"),
    (SubgraphUnreachable("names", "?", code="SOMETHING_ELSE"), "SUBGRAPH_UNREACHABLE"),
    (SubgraphResponse(500, "text/html", b"<h1>Oops</h1>"), "SUBGRAPH_HTTP_ERROR"),
    (SubgraphResponse(502, "", b""), "SUBGRAPH_HTTP_ERROR"),
    (SubgraphResponse(500, "application/json", b'{"data":{"_entities":[]}}'), "SUBGRAPH_HTTP_ERROR"),
    (SubgraphResponse(302, "application/json", b'{"data":{"_entities":[]}}'), "SUBGRAPH_HTTP_ERROR"),
    (SubgraphResponse(200, "text/html; charset=utf-8", b"<h1>Welcome</h1>"), "SUBGRAPH_INVALID_JSON"),
    (b"", "SUBGRAPH_INVALID_JSON"),
    (b'{"data":{"_entities":[{"name":"a"', "SUBGRAPH_INVALID_JSON"),
    ({"neither": 1}, "SUBGRAPH_INVALID_RESPONSE"),
    ({"data": None}, "SUBGRAPH_INVALID_RESPONSE"),
    ({"data": None, "errors": []}, "SUBGRAPH_INVALID_RESPONSE"),
    ([], "SUBGRAPH_INVALID_RESPONSE"),
    ({"data": []}, "SUBGRAPH_INVALID_RESPONSE"),
    ({"data": {"_entities": [None]}, "errors": "bad"}, "SUBGRAPH_INVALID_RESPONSE"),
]
FAILURES_OF_ENTITIES: list[tuple[Any, str]] = [
    ({"data": {}}, "SUBGRAPH_INVALID_RESPONSE"),
    ({"data": {"_entities": None}}, "SUBGRAPH_INVALID_RESPONSE"),
    ({"data": {"_entities": {}}}, "SUBGRAPH_INVALID_RESPONSE"),
    ({"data": {"_entities": [{"name": "a"}]}}, "SUBGRAPH_INVALID_RESPONSE"),
    ({"data": {"_entities": [None, None, None]}}, "SUBGRAPH_INVALID_RESPONSE"),
]


@pytest.mark.parametrize(("answer", "code"), [*FAILURES, *FAILURES_OF_ENTITIES])
async def test_a_failed_fetch_is_one_error_and_nulls(answer: Any, code: str) -> None:
    subgraphs = canned(users={"data": {"users": [user("1"), user("2")]}}, names=answer)
    result = await run(
        "{ users { id: email name pets { age } } }", USERS.replace(" email", " id: email"), subgraphs
    )
    assert result.data == {"users": [None, None]}
    assert errors_of(result) == [(code, ("users",), "names")]


@pytest.mark.parametrize(("answer", "code"), FAILURES)
async def test_a_failed_root_fetch_is_one_error_and_nulls(answer: Any, code: str) -> None:
    plan = 'QueryPlan { Fetch(service: "names") { { users { id } } } }'
    result = await run("{ users { id } }", plan, canned(names=answer))
    assert result.data == {"users": None}
    assert errors_of(result) == [(code, ("users",), "names")]


def of_two_services(*fields: str) -> str:
    return f"""QueryPlan {{ Parallel {{
        Fetch(service: "a") {{ {{ {" ".join(fields)} }} }}
        Fetch(service: "b") {{ {{ other }} }}
    }} }}"""


async def test_a_failed_fetch_of_several_root_fields_is_an_error_at_each() -> None:
    subgraphs = canned(a=SubgraphUnreachable("a", "down"), b={"data": {"other": 1}})
    plan = of_two_services("__typename", "me { id }", "users { id }")
    nullable = await run("{ __typename me { id } other users { id } }", plan, subgraphs)
    assert nullable.data == {"__typename": "Query", "me": None, "other": 1, "users": None}
    assert errors_of(nullable) == [("SUBGRAPH_UNREACHABLE", (key,), "a") for key in ("me", "users")]
    required = await run(
        "{ must { id } me { id } other }", of_two_services("must { id }", "me { id }"), subgraphs
    )
    assert required.data is None
    assert errors_of(required) == [("SUBGRAPH_UNREACHABLE", (key,), "a") for key in ("me", "must")]


@pytest.mark.parametrize("path", [None, [], ["nowhere"], [0], "me"])
async def test_an_error_that_is_about_no_field_is_about_all_if_there_is_no_data(path: Any) -> None:
    operation = "{ me { id } other users { id } }"
    plan = of_two_services("me { id }", "users { id }")
    errors = [{"message": "slow down", "path": path}]
    without = canned(a={"errors": errors}, b={"data": {"other": 1}})
    result = await run(operation, plan, without)
    assert result.data == {"me": None, "other": 1, "users": None}
    assert errors_of(result) == [("DOWNSTREAM_SERVICE_ERROR", (key,), "a") for key in ("me", "users")]
    partial = canned(a={"data": {"me": None, "users": []}, "errors": errors}, b={"data": {"other": 1}})
    result = await run(operation, plan, partial)
    assert errors_of(result) == [("DOWNSTREAM_SERVICE_ERROR", None, "a")]


async def test_an_object_that_says_it_is_a_union_is_not_asked_for_elsewhere() -> None:
    subgraphs = canned(users={"data": {"users": [user("1") | {"__typename": "Someone"}]}}, names={})
    result = await run("{ users { email } }", USERS, subgraphs)
    assert result.data == {"users": [None]}
    assert errors_of(result) == [("SUBGRAPH_INVALID_RESPONSE", ("users", 0), "users")]
    assert subgraphs.asked("names") == []


async def test_a_field_that_is_null_because_of_an_error_at_another_says_so() -> None:
    """By itself a null would pass for a value."""
    plan = """QueryPlan { Sequence {
        Fetch(service: "users") { { users { __typename id name } } }
        Flatten(path: "users.@") {
          Fetch(service: "mail") {
            { ... on User { __typename id name @requires } } => { ... on User { friend { id } } }
          }
        }
    } }"""
    subgraphs = canned(users={"data": {"users": [{"__typename": "User", "id": "1", "name": 5}]}}, mail={})
    result = await run("{ users { id name friend { id } } }", plan, subgraphs)
    assert result.data == {"users": [{"id": "1", "name": None, "friend": None}]}
    assert errors_of(result) == [
        ("DEPENDENCY_FAILED", ("users", 0, "friend"), "users"),
        ("SUBGRAPH_INVALID_RESPONSE", ("users", 0, "name"), "users"),
    ]
    assert subgraphs.asked("mail") == []


async def test_without_data_the_fields_that_no_error_is_about_say_so() -> None:
    errors = [{"message": "no", "path": ["me"]}]
    plan = of_two_services("me { id }", "users { id }")
    result = await run(
        "{ me { id } users { id } }",
        plan,
        canned(a={"data": None, "errors": errors}, b={"data": {"other": 1}}),
    )
    assert result.data == {"me": None, "users": None}
    assert errors_of(result) == [
        ("DOWNSTREAM_SERVICE_ERROR", ("me",), "a"),
        ("DEPENDENCY_FAILED", ("users",), "a"),
    ]


async def test_what_depends_on_a_failed_fetch_is_not_asked_and_not_blamed() -> None:
    plan = """QueryPlan { Sequence {
        Fetch(service: "users") { { users { __typename id } } }
        Flatten(path: "users.@") {
          Fetch(service: "names") { { ... on User { __typename id } } => { ... on User { name } } }
        }
        Flatten(path: "users.@") {
          Fetch(service: "mail") {
            { ... on User { __typename id name @requires } } => { ... on User { email } }
          }
        }
    } }"""
    subgraphs = canned(
        users={"data": {"users": [user("1") | {"id": "1"}]}},
        names=SubgraphUnreachable("names", "down"),
        mail={},
    )
    plan = plan.replace("users { __typename id }", "users { __typename id key: id }")
    result = await run("{ users { id email } }", plan, subgraphs)
    assert result.data == {"users": [None]}
    assert errors_of(result) == [("SUBGRAPH_UNREACHABLE", ("users", 0), "names")]
    assert subgraphs.asked("mail") == []


async def test_nulls_of_a_failed_fetch_reach_into_objects_that_are_there() -> None:
    plan = """QueryPlan { Sequence {
        Fetch(service: "a") { { box { a { x } } } }
        Fetch(service: "b") { { box { a { y } } } }
    } }"""
    subgraphs = canned(a={"data": {"box": {"a": {"x": 1}}}}, b=SubgraphUnreachable("b", "down"))
    result = await run("{ box { a { x y } } }", plan, subgraphs)
    assert result.data == {"box": {"a": None}}
    assert errors_of(result) == [("SUBGRAPH_UNREACHABLE", ("box",), "b")]


async def test_a_status_of_failure_with_graphql_errors_is_a_graphql_answer() -> None:
    plan = 'QueryPlan { Fetch(service: "a") { { other } } }'
    body = b'{"errors":[{"message":"no such field","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}'
    response = SubgraphResponse(400, "application/graphql-response+json", body)
    result = await run("{ other }", plan, canned(a=response))
    assert result.data == {"other": None}
    assert errors_of(result) == [("GRAPHQL_VALIDATION_FAILED", ("other",), "a")]


@pytest.mark.parametrize(
    "entry",
    [
        None,
        5,
        {},
        {"message": 5},
        {"message": "x", "path": "me", "extensions": []},
        {"message": "x", "path": [1.5]},
    ],
)
async def test_an_error_out_of_shape_is_still_an_error(entry: Any) -> None:
    plan = 'QueryPlan { Fetch(service: "a") { { other } } }'
    result = await run("{ other }", plan, canned(a={"data": {"other": None}, "errors": [entry]}))
    assert result.data == {"other": None}
    assert errors_of(result) == [("DOWNSTREAM_SERVICE_ERROR", ("other",), "a")]


@pytest.mark.parametrize("code", [None, 5])
async def test_a_code_that_is_none_is_replaced(code: Any) -> None:
    plan = 'QueryPlan { Fetch(service: "a") { { other } } }'
    entry = {"message": "x", "extensions": {"code": code}}
    result = await run("{ other }", plan, canned(a={"data": {"other": None}, "errors": [entry]}))
    assert errors_of(result) == [("DOWNSTREAM_SERVICE_ERROR", ("other",), "a")]


INVALID = "SUBGRAPH_INVALID_RESPONSE"


@pytest.mark.parametrize(
    ("entity", "expected", "places"),
    [
        (5, None, [("users", 0)]),
        ([], None, [("users", 0)]),
        ({"__typename": "Pet", "name": "a", "email": "e", "pets": []}, None, [("users", 0)]),
        ({"name": "a", "pets": []}, None, [("users", 0, "email")]),
        ({"email": "e", "pets": []}, {"name": None, "email": "e", "pets": []}, [("users", 0, "name")]),
        ({"name": "a", "email": "e", "pets": {}}, {"name": "a", "email": "e", "pets": None},
         [("users", 0, "pets")]),
        ({"name": "a", "email": "e", "pets": [{"age": 1}, 5]},
         {"name": "a", "email": "e", "pets": [{"age": 1}, None]}, [("users", 0, "pets", 1)]),
        ({"name": "a", "email": "e", "pets": [], "password": "secret"},
         {"name": "a", "email": "e", "pets": []}, [("users", 0)]),
    ],
)  # fmt: skip
async def test_an_entity_that_does_not_fit_what_was_asked(
    entity: Any, expected: Any, places: list[tuple[str | int, ...]]
) -> None:
    subgraphs = canned(users={"data": {"users": [user("1")]}}, names={"data": {"_entities": [entity]}})
    result = await run("{ users { name email pets { age } } }", USERS, subgraphs)
    assert result.data == {"users": [expected]}
    assert errors_of(result) == [(INVALID, place, "names") for place in places]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (["users", 99, "name"], ("users",)),
        (["users", -1, "name"], ("users",)),
        (["users", 2**70, "name"], ("users",)),
        (["users", "name"], ("users",)),
        (["users", 0, 0, "id"], ("users", 0)),
        (["users", 0, "id", "more", 1], ("users", 0, "id")),
        (["users", 0, "friend", "name"], ("users", 0, "friend", "name")),  # below a null
        (["users", 0, 1.5], ("users", 0)),
        ([0, "users"], ("users",)),
        ([True], ("users",)),
    ],
)
async def test_a_path_ends_where_the_response_does(path: Any, expected: Any) -> None:
    plan = 'QueryPlan { Fetch(service: "a") { { users { id friend { name } } } } }'
    answer = {"data": {"users": [{"id": "1", "friend": None}]}, "errors": [{"message": "no", "path": path}]}
    result = await run("{ users { id friend { name } } }", plan, canned(a=answer))
    assert errors_of(result) == [("DOWNSTREAM_SERVICE_ERROR", expected, "a")]


async def test_an_error_without_a_message_keeps_what_else_it_says() -> None:
    plan = 'QueryPlan { Fetch(service: "a") { { me { id } } } }'
    entry = {"message": None, "path": ["me", "id"], "extensions": {"code": "GONE"}}
    result = await run("{ me { id } }", plan, canned(a={"data": {"me": None}, "errors": [entry]}))
    assert errors_of(result) == [("GONE", ("me", "id"), "a")]


async def test_errors_beyond_a_thousand_are_counted() -> None:
    """A few bytes of an answer must not become hundreds in the response."""
    plan = 'QueryPlan { Fetch(service: "a") { { all { id } } } }'
    subgraphs = canned(a={"data": {"all": [{"id": {}}] * 1500}})
    result = await run("{ all { id } }", plan, subgraphs)
    assert len(result.errors) == 1001
    (last,) = [error for error in result.errors if error.path is None]
    assert (last.extensions["code"], last.message) == ("ERRORS_LEFT_OUT", "500 more errors are left out.")


async def test_an_internal_field_that_is_wrong_is_reported_and_not_named() -> None:
    graph = Graph.of(
        """
        type Query { me: User }
        type User { secret: Int!  hidden: Secret!  name: String }
        enum Secret { A }
        """,
        api="type Query { me: User }  type User { name: String }",
    )
    plan = 'QueryPlan { Fetch(service: "a") { { me { secret hidden name } } } }'
    answer = {"data": {"me": {"secret": None, "hidden": "B", "name": "x"}}}
    result = await graph.run("{ me { name } }", plan, canned(a=answer))
    assert result.data == {"me": {"name": "x"}}
    assert errors_of(result) == [(INVALID, ("me",), "a")] * 2
    assert "ecret" not in "".join(error.message for error in result.errors)


MUTATIONS = Graph.of(
    """
    type Query { x: Int }
    type Mutation { a: Int  must: Int!  thing: Thing!  maybe: Thing  z: Int }
    type Thing { id: ID!  late: Int! }
    """
)


@pytest.mark.parametrize(
    ("operation", "first", "second", "runs"),
    [
        ("mutation { must z }", "must", {"data": None, "errors": [{"message": "no"}]}, False),
        ("mutation { must z }", "must", SubgraphUnreachable("s", "gone"), False),
        ("mutation { must z }", "must", {"data": {"must": "x"}}, False),
        ("mutation { thing { id } z }", "thing { id }", {"data": {"thing": {"id": None}}}, False),
        ("mutation { a z }", "a", {"data": None, "errors": [{"message": "no"}]}, True),
        ("mutation { maybe { id } z }", "maybe { id }", {"data": {"maybe": {"id": None}}}, True),
        ("mutation { must z }", "must", {"data": {"must": 1}}, True),
    ],
)
async def test_mutation_fields_are_not_run_behind_one_that_makes_everything_null(
    operation: str, first: str, second: Any, runs: bool
) -> None:
    plan = f"""QueryPlan {{ Sequence {{
        Fetch(service: "s") {{ mutation {{ {first} }} }}
        Fetch(service: "t") {{ mutation {{ z }} }}
    }} }}"""
    subgraphs = canned(s=second, t={"data": {"z": 1}})
    result = await MUTATIONS.run(operation, plan, subgraphs)
    assert bool(subgraphs.asked("t")) is runs
    assert (result.data is not None) is runs
    assert bool(result.errors) is (result.data is None or None in result.data.values())


async def test_what_an_entity_fetch_brings_counts_before_the_next_mutation_field() -> None:
    plan = """QueryPlan { Sequence {
        Fetch(service: "s") { mutation { thing { __typename id } } }
        Flatten(path: "thing") {
          Fetch(service: "u") { { ... on Thing { __typename id } } => { ... on Thing { late } } }
        }
        Fetch(service: "t") { mutation { z } }
    } }"""
    good = {"data": {"thing": {"__typename": "Thing", "id": "1"}}}
    subgraphs = canned(s=good, u={"data": {"_entities": [{"late": None}]}}, t={"data": {"z": 1}})
    result = await MUTATIONS.run("mutation { thing { late } z }", plan, subgraphs)
    assert result.data is None
    assert errors_of(result) == [(INVALID, ("thing", "late"), "u")]
    assert subgraphs.asked("t") == []
