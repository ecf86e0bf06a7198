"""Values from contexts: planned, fetched and handed down, with subgraphs that run in process."""

from collections.abc import Mapping
from typing import Any

from plait_gateway.clients import SubgraphUnreachable
from tests.gateway.executor.planned import run
from tests.gateway.executor.world import Answering, errors_of, in_process

_IMPORTS = '["@key", "@context", "@fromContext", "@external", "@shareable"]'
LINK = f'extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: {_IMPORTS})\n'


BANKING = (
    LINK
    + """
    type Query { users: [User!]! }
    type User @key(fields: "id") @context(name: "user") {
      id: ID!  currency: String!  transactions: [Transaction!]!
    }
    type Transaction @key(fields: "id") {
      id: ID!
      amount(in: String @fromContext(field: "$user { currency }")): String
    }
"""
)
BANK = """
    type Query { users: [User!]! }
    type User { id: ID!  currency: String  transactions: [Transaction!]! }
    type Transaction { id: ID!  amount(in: String): String }
"""


def user(number: str, currency: str | None) -> dict[str, Any]:
    return {"id": number, "currency": currency, "transactions": [{"id": f"{number}a"}, {"id": f"{number}b"}]}


def amount_of(representation: Mapping[str, Any]) -> dict[str, Any]:
    number = representation["id"]

    def told(_: object, **arguments: Any) -> str:
        return f"{number} in {arguments['in']}"

    return {"amount": told, "strict": told}


def bank(*users: dict[str, Any]) -> dict[str, Answering]:
    return {"bank": in_process(BANK, {"users": list(users)}, {"Transaction": amount_of})}


async def test_objects_below_different_values_are_asked_apart() -> None:
    result, subgraphs = await run(
        "{ users { transactions { amount } } }",
        {"bank": BANKING},
        bank(user("1", "EUR"), user("2", "CHF"), user("3", "EUR")),
    )
    assert result.errors == ()
    assert result.data == {
        "users": [
            {"transactions": [{"amount": "1a in EUR"}, {"amount": "1b in EUR"}]},
            {"transactions": [{"amount": "2a in CHF"}, {"amount": "2b in CHF"}]},
            {"transactions": [{"amount": "3a in EUR"}, {"amount": "3b in EUR"}]},
        ]
    }
    sent = subgraphs.requests[1:]
    assert [[one["id"] for one in request.variables["representations"]] for request in sent] == [
        ["1a", "1b", "3a", "3b"],
        ["2a", "2b"],
    ]


async def test_one_entity_below_two_values_has_both() -> None:
    shared = [{"id": "t"}]
    result, _ = await run(
        "{ users { transactions { amount } } }",
        {"bank": BANKING},
        bank({**user("1", "EUR"), "transactions": shared}, {**user("2", "CHF"), "transactions": shared}),
    )
    assert result.data == {
        "users": [
            {"transactions": [{"amount": "t in EUR"}]},
            {"transactions": [{"amount": "t in CHF"}]},
        ]
    }


async def test_a_null_that_breaks_the_subgraphs_word_is_not_handed_down() -> None:
    result, subgraphs = await run(
        "{ users { transactions { amount } } }", {"bank": BANKING}, bank(user("1", None))
    )
    assert errors_of(result) == [("SUBGRAPH_INVALID_RESPONSE", ("users", 0), "bank")]
    assert result.data == {"users": [{"transactions": [{"amount": None}] * 2}]}
    assert len(subgraphs.requests) == 1


GROUPS = (
    LINK
    + """
    type Query { group: Group }
    type Group @key(fields: "id") @context(name: "place") {
      id: ID!  region: String  groups: [Group!]!  members: [Member!]!
    }
    interface Member { id: ID!  greeting: Greeting }
    type Student implements Member @key(fields: "id") @context(name: "place") {
      id: ID!  locale: String  greeting: Greeting
    }
    type Robot implements Member @key(fields: "id") { id: ID!  greeting: Greeting }
    type Greeting @key(fields: "id") {
      id: ID!
      text(in: String @fromContext(field: "$place ... on Group { region } ... on Student { locale }")): String
    }
"""
)
GROUP = """
    type Query { group: Group }
    type Group { id: ID!  region: String  groups: [Group!]!  members: [Member!]! }
    interface Member { id: ID!  greeting: Greeting }
    type Student implements Member { id: ID!  locale: String  greeting: Greeting }
    type Robot implements Member { id: ID!  greeting: Greeting }
    type Greeting { id: ID!  text(in: String): String }
"""


async def test_the_nearest_object_that_sets_the_context_decides_even_by_null() -> None:
    def member(kind: str, number: str, **fields: Any) -> dict[str, Any]:
        return {"__typename": kind, "id": number, "greeting": {"id": number}, **fields}

    group = {
        "id": "outer",
        "region": "DE",
        "members": [member("Student", "s1", locale="fr"), member("Student", "s2", locale=None)],
        "groups": [{"id": "inner", "region": "CH", "members": [member("Robot", "r1")]}],
    }
    greeting = {"Greeting": lambda one: {"text": lambda _, **given: f"{one['id']} {given['in']}"}}
    result, _ = await run(
        """
        { group { ...Members groups { ...Members } } }
        fragment Members on Group { members { greeting { text } } }
        """,
        {"groups": GROUPS},
        {"groups": in_process(GROUP, {"group": group}, greeting)},
    )
    assert result.errors == ()
    assert result.data == {
        "group": {
            "members": [{"greeting": {"text": "s1 fr"}}, {"greeting": {"text": "s2 None"}}],
            "groups": [{"members": [{"greeting": {"text": "r1 CH"}}]}],
        }
    }


LESSONS = {
    "lessons": LINK
    + """
        type Query { course: Course }
        type Course @key(fields: "id") @context(name: "course") {
          id: ID!  locale: String @external  lessons: [Lesson!]!
        }
        type Lesson @key(fields: "id") {
          id: ID!  number: Int
          title(in: String @fromContext(field: "$course { locale }")): String
        }
    """,
    "courses": LINK + 'type Course @key(fields: "id") { id: ID!  locale: String }',
}
LESSON = """
    type Query { course: Course }
    type Course { id: ID!  lessons: [Lesson!]! }
    type Lesson { id: ID!  number: Int  title(in: String): String }
"""


def lessons() -> Answering:
    titles = {"Lesson": lambda one: {"title": lambda _, **given: f"{one['id']} {given['in']}"}}
    return in_process(LESSON, {"course": {"id": "c", "lessons": [{"id": "l", "number": 1}]}}, titles)


async def test_a_value_may_come_from_another_subgraph() -> None:
    courses = in_process(
        "type Query { a: Int } type Course { id: ID!  locale: String }",
        {},
        {"Course": lambda one: {"locale": f"of {one['id']}"}},
    )
    result, _ = await run(
        "{ course { lessons { number title } } }", LESSONS, {"lessons": lessons(), "courses": courses}
    )
    assert result.errors == ()
    assert result.data == {"course": {"lessons": [{"number": 1, "title": "l of c"}]}}


async def test_what_failed_is_not_handed_down() -> None:
    answers: dict[str, Answering] = {
        "lessons": lessons(),
        "courses": lambda _: SubgraphUnreachable("courses", "is down"),
    }
    result, subgraphs = await run("{ course { lessons { number title } } }", LESSONS, answers)
    assert result.data == {"course": {"lessons": [{"number": 1, "title": None}]}}
    assert [code for code, _, _ in errors_of(result)] == ["SUBGRAPH_UNREACHABLE"]
    assert [request.subgraph for request in subgraphs.requests] == ["lessons", "courses"]


async def test_a_clients_variable_may_be_called_representations() -> None:
    sdl = {
        "a": LINK + 'type Query { course: Course } type Course @key(fields: "id") { id: ID! }',
        "b": LINK + 'type Course @key(fields: "id") { id: ID!  rating(scale: Int): Int }',
    }
    answers = {
        "a": in_process("type Query { course: Course } type Course { id: ID! }", {"course": {"id": "c"}}),
        "b": in_process(
            "type Query { a: Int } type Course { id: ID!  rating(scale: Int): Int }",
            {},
            {"Course": lambda _: {"rating": lambda _, scale: scale * 2}},
        ),
    }
    # the gateway's own variable has another name in the subgraph's request
    result, _ = await run(
        "query ($representations: Int) { course { rating(scale: $representations) } }",
        sdl,
        answers,
        {"representations": 21},
    )
    assert result.errors == ()
    assert result.data == {"course": {"rating": 42}}
