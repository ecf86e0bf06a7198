"""Whatever a subgraph answers, the client gets a valid response, and an error where something is wrong.

`test_hostile_answers` goes through all kinds of damage; here they are random, several at a time.
"""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from plait_gateway.clients import SubgraphRequest, SubgraphResponse
from plait_gateway.executor import ExecutionResult
from plait_gateway.executor.program import Counters
from plait_gateway.query_plan import parse_plan
from tests.gateway.executor.world import ClientOperation, Graph, Subgraphs, in_process, response_of
from tests.gateway.program.both import both
from tests.gateway.properties.damage import Damage, at, damages, noises, places
from tests.gateway.properties.validity import violations

GRAPH = Graph.of(
    """
    type Query { products: [Product]  best: Product!  feed: [Item!] }
    union Item = Product | User
    interface Media { url: String! }
    type Photo implements Media { url: String!  width: Int }
    type Film implements Media { url: String!  seconds: Float! }
    enum Size { S M L }
    type Product {
      upc: ID!  name: String!  size: Size  price: Int  media: [Media!]
      reviews: [Review!]!  shipping: Int
    }
    type Review { body: String  author: User! }
    type User { id: ID!  name: String!  verified: Boolean }
    """
)
OPERATION = """
{
  __typename
  products { ...P }
  best { ...P }
  feed { __typename ... on Product { name } ... on User { name verified } }
}
fragment P on Product {
  __typename name size price shipping
  media { __typename url ... on Photo { width } ... on Film { seconds } }
  reviews { __typename body author { __typename id name } }
}
"""
PLAN = """
QueryPlan { Sequence {
  Fetch(service: "products") {
    {
      products { ...P } best { ...P } feed { __typename ... on Product { upc name } ... on User { id } }
    }
  }
  Parallel {
    Sequence {
      Flatten(path: "products.@") { REVIEWS }
      Flatten(path: "products.@.reviews.@.author") { USERS }
    }
    Sequence {
      Flatten(path: "best") { REVIEWS }
      Flatten(path: "best.reviews.@.author") { USERS }
    }
    Flatten(path: "feed.@|[User]") { USERS }
    Flatten(path: "products.@") { SHIPPING }
    Flatten(path: "best") { SHIPPING }
  }
} }
"""
for name, text in {
    "...P": """... on Product {
        __typename upc name size price
        media { __typename url ... on Photo { width } ... on Film { seconds } }
    }""",
    "REVIEWS": """Fetch(service: "reviews") {
        { ... on Product { __typename upc } } =>
        { ... on Product { reviews { body author { __typename id } } } }
    }""",
    "USERS": """Fetch(service: "users") {
        { ... on User { __typename id } } => { ... on User { __typename name verified } }
    }""",
    "SHIPPING": """Fetch(service: "shipping") {
        { ... on Product { __typename upc price @requires } } => { ... on Product { shipping } }
    }""",
}.items():
    PLAN = PLAN.replace(name, text)

PRODUCTS: dict[str, dict[str, Any]] = {
    "1": {
        "name": "Table",
        "size": "S",
        "price": 5,
        "media": [
            {"__typename": "Photo", "url": "p", "width": 5},
            {"__typename": "Film", "url": "f", "seconds": 1.5},
        ],
    },
    "2": {"name": "Couch", "size": None, "price": None, "media": None},
}
for upc, one in PRODUCTS.items():
    one |= {"__typename": "Product", "upc": upc}
REVIEWS = {
    "1": [{"body": "good", "author": {"id": "u1"}}, {"body": None, "author": {"id": "u2"}}],
    "2": [{"body": "bad", "author": {"id": "u1"}}],
}
USERS = {"u1": {"name": "Ada", "verified": True}, "u2": {"name": "Bo", "verified": None}}
ANSWERS = {
    "products": in_process(
        """
        type Query { products: [Product] best: Product! feed: [Item!] }
        union Item = Product | User
        interface Media { url: String! }
        type Photo implements Media { url: String! width: Int }
        type Film implements Media { url: String! seconds: Float! }
        enum Size { S M L }
        type Product { upc: ID! name: String! size: Size price: Int media: [Media!] }
        type User { id: ID! }
        """,
        {
            "products": [PRODUCTS["1"], None, PRODUCTS["2"], PRODUCTS["1"]],
            "best": PRODUCTS["2"],
            "feed": [{"__typename": "User", "id": "u2"}, PRODUCTS["1"]],
        },
    ),
    "reviews": in_process(
        """
        type Query { none: Int }
        type Product { upc: ID! reviews: [Review!]! }
        type Review { body: String author: User! }
        type User { id: ID! }
        """,
        {},
        {"Product": lambda one: {"reviews": REVIEWS[str(one["upc"])]}},
    ),
    "users": in_process(
        "type Query { none: Int } type User { id: ID! name: String! verified: Boolean }",
        {},
        {"User": lambda one: USERS.get(str(one["id"]))},
    ),
    "shipping": in_process(
        "type Query { none: Int } type Product { upc: ID! shipping: Int }",
        {},
        {"Product": lambda one: {"shipping": (one["price"] or 0) + 1}},
    ),
}
CLIENT = ClientOperation.of(OPERATION, GRAPH.api_schema)


async def run(damage: Damage) -> ExecutionResult:
    """What the interpreter makes of damaged answers; a compiled program gives the same."""

    def damaged(request: SubgraphRequest) -> SubgraphResponse:
        body = json.dumps(ANSWERS[request.subgraph](request)).encode()
        return SubgraphResponse(200, "application/json", damage(request.subgraph, body))

    return await both(
        parse_plan(PLAN),
        CLIENT,
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        variables={},
        send=Subgraphs(dict.fromkeys(ANSWERS, damaged)).send,
        counters=Counters(),
    )


def check(result: ExecutionResult) -> None:
    assert violations(result.data, CLIENT, GRAPH.api_schema) == []
    assert json.loads(json.dumps(response_of(result))) == response_of(result)
    assert result.data is not None or result.errors


async def test_a_good_answer_is_valid_and_complete() -> None:
    result = await run(lambda _, body: body)
    assert result.errors == ()
    check(result)
    assert result.data is not None
    assert result.data["best"]["reviews"][0]["author"] == {"__typename": "User", "id": "u1", "name": "Ada"}
    assert [item and item["shipping"] for item in result.data["products"]] == [6, None, 1, 6]


@given(damages(ANSWERS))
@settings(max_examples=40, deadline=None)
async def test_a_damaged_answer_gives_a_valid_response(damage: Damage) -> None:
    check(await run(damage))


@given(st.sampled_from(sorted(ANSWERS)), st.data())
@settings(max_examples=20, deadline=None)
async def test_damage_that_is_no_valid_answer_is_reported(victim: str, data: st.DataObject) -> None:
    """A field left out, an object for a leaf, a leaf for an object: an error says it, and the rest stands."""
    number = data.draw(st.integers(0, 10_000))
    drop = data.draw(st.booleans())

    def damage(subgraph: str, body: bytes) -> bytes:
        if subgraph != victim:
            return body
        answer = json.loads(body)
        fields = [path for path in places(answer["data"]) if isinstance(path[-1], str)]
        *parent, step = fields[number % len(fields)]
        holder = at(answer["data"], tuple(parent))
        if drop:
            del holder[step]
        else:
            holder[step] = 5 if isinstance(holder[step], dict | list) else {"wrong": 1}
        return json.dumps(answer).encode()

    result = await run(damage)
    check(result)
    assert result.errors
    good = (await run(lambda _, body: body)).data
    for path in places(result.data):
        value = at(result.data, path)
        assert value is None or isinstance(value, dict | list) or value == at(good, path)


@given(noises(ANSWERS))
@settings(max_examples=20, deadline=None)
async def test_damaged_bytes_give_a_valid_response(damage: Damage) -> None:
    """Interpreter and program agree on what is JSON, on what it says, and on what is wrong with it."""
    check(await run(damage))
