"""Who may see what, through the gateway: fields that a client may not see are null, with an error each."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from plait_gateway.app import create_app
from plait_gateway.authorization import Identity
from plait_gateway.config import AuthorizationConfig, GatewayConfig
from plait_gateway.pipeline import DecidePolicies
from plait_gateway.server import GatewayApplication
from plait_gateway.server.exchange import HttpResponse
from plait_gateway.server.identification import ClaimHeaders
from plait_gateway.supergraph import SupergraphHolder
from plait_schema.composition import compose
from plait_schema.subgraph import SubgraphSource
from tests.gateway.asgi_client import Answer, AsgiClient
from tests.gateway.authentication.issuer import Issuer
from tests.gateway.subgraph_app import subgraph_app

LINK = """
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@authenticated", "@requiresScopes", "@policy"]
)
"""

USERS = """
type Query {
  me: User!  users: [User]!  feed: [Post!]  shelf: [Item]
  audit: [Entry!] @requiresScopes(scopes: [["audit"]])
}
type Mutation { rename(name: String!): User @authenticated }
type User @key(fields: "id") {
  id: ID!
  name: String!
  email: String @authenticated
  phone: String! @requiresScopes(scopes: [["users:read", "pii"], ["admin"]])
  notes: String @policy(policies: [["support"], ["legal", "senior"]])
}
type Entry { what: String! }
interface Post { id: ID!  title: String }
type Public implements Post { id: ID!  title: String }
type Private implements Post { id: ID!  title: String @authenticated  secret: String @authenticated }
interface Item { id: ID! }
type Open implements Item { id: ID! }
type Closed implements Item @authenticated { id: ID! }
"""

REVIEWS = """
type User @key(fields: "id") { id: ID!  reviews: [Review!] }
type Review { text: String  rating: Int @authenticated }
"""

_DIRECTIVES = ("@authenticated", "@requiresScopes", "@policy")


def plain(sdl: str) -> str:
    """Without federation's directives, as graphql-core builds it."""
    words = sdl.replace('@key(fields: "id")', "")
    for name in _DIRECTIVES:
        while (start := words.find(name)) >= 0:
            end = start + len(name)
            if words[end : end + 1] == "(":
                end = words.index(")", end) + 1
            words = words[:start] + words[end:]
    return words


class Shop:
    """The graph, and what its subgraphs are asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def _seen(self, value: Any) -> Any:
        def resolve(_root: object, info: Any, **_arguments: object) -> Any:
            self.asked.append(f"{info.parent_type.name}.{info.field_name}")
            return value

        return resolve

    def apps(self) -> Mapping[str, Any]:
        ada = {
            "id": "1",
            "name": "Ada",
            "email": "ada@example.org",
            "phone": "1815",
            "notes": "patient",
        }
        bob = {"id": "2", "name": "Bob", "email": None, "phone": "1900", "notes": None}
        posts = [
            {"__typename": "Public", "id": "p", "title": "Open"},
            {"__typename": "Private", "id": "q", "title": "Closed", "secret": "owl"},
        ]
        reviews = [{"text": "Good", "rating": 5}]
        users = {
            "Query.me": self._seen(ada),
            "Query.users": self._seen([ada, None, bob]),
            "Query.feed": self._seen(posts),
            "Query.shelf": self._seen([{"__typename": "Open", "id": "o"}]),
            "Query.audit": self._seen([{"what": "login"}]),
            "Mutation.rename": self._seen(ada),
            "User.email": lambda user, info: self._seen(user["email"])(user, info),
            "Private.secret": lambda post, info: self._seen(post["secret"])(post, info),
        }
        return {
            "users": subgraph_app(plain(USERS), users),
            "reviews": subgraph_app(
                "type Query { x: Int }" + plain(REVIEWS),
                {"Entity.User": lambda item: {**item, "reviews": reviews}},
            ),
        }


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def issuer(tmp_path: Any) -> Issuer:
    return Issuer(tmp_path)


def gateway(
    shop: Shop,
    issuer: Issuer,
    authorization: AuthorizationConfig | None = None,
    decide: DecidePolicies | None = None,
    *,
    deduplicate: bool = False,
) -> AsgiClient:
    return AsgiClient(application(shop, issuer, authorization, decide, deduplicate=deduplicate))


def application(
    shop: Shop,
    issuer: Issuer,
    authorization: AuthorizationConfig | None = None,
    decide: DecidePolicies | None = None,
    *,
    deduplicate: bool = False,
) -> GatewayApplication:
    sdl = {"users": USERS, "reviews": REVIEWS}
    composed = compose(
        SubgraphSource(name, f"http://{name}.example/", LINK + text) for name, text in sdl.items()
    )
    assert composed.supergraph_sdl is not None, composed
    holder = SupergraphHolder()
    assert holder.replace(composed.supergraph_sdl) == ()
    config = GatewayConfig(
        authentication=issuer.config,
        authorization=authorization or AuthorizationConfig(),
        deduplicate=deduplicate,
    )
    return create_app(config, holder, clients=shop.apps(), decide_policies=decide)


async def ask(
    client: AsgiClient, query: str, token: str | None = None, *, accept: str | None = None
) -> Answer:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    accept = accept or "application/graphql-response+json"
    return await client.graphql(query, headers=headers, accept=accept)


def denied(answer: Answer) -> list[tuple[str, list[str | int]]]:
    """The coordinates that the errors name, and their paths."""
    errors = answer.json.get("errors", [])
    assert {error["extensions"]["code"] for error in errors} <= {"UNAUTHORIZED_FIELD_OR_TYPE"}
    return [(error["message"].split()[-1], error["path"]) for error in errors]


async def test_what_everybody_may_see_needs_no_token(shop: Shop, issuer: Issuer) -> None:
    answer = await ask(gateway(shop, issuer), "{ me { name reviews { text } } }")
    assert answer.json == {"data": {"me": {"name": "Ada", "reviews": [{"text": "Good"}]}}}


async def test_a_field_that_one_may_not_see_is_null_where_the_client_wrote_it(
    shop: Shop, issuer: Issuer
) -> None:
    client = gateway(shop, issuer)
    query = "{ me { a: name mail: email b: name } }"
    answer = await ask(client, query)
    assert list(answer.json["data"]["me"].items()) == [("a", "Ada"), ("mail", None), ("b", "Ada")]
    assert denied(answer) == [("User.email", ["me", "mail"])]
    assert "User.email" not in shop.asked  # it was not even asked for
    answer = await ask(client, query, issuer.token())
    assert answer.json == {"data": {"me": {"a": "Ada", "mail": "ada@example.org", "b": "Ada"}}}


async def test_in_a_list_every_place_is_told(shop: Shop, issuer: Issuer) -> None:
    answer = await ask(gateway(shop, issuer), "{ users { name email reviews { rating } } }")
    one = {"email": None, "reviews": [{"rating": None}]}
    assert answer.json["data"] == {"users": [{"name": "Ada", **one}, None, {"name": "Bob", **one}]}
    assert denied(answer) == [
        ("User.email", ["users", 0, "email"]),
        ("Review.rating", ["users", 0, "reviews", 0, "rating"]),
        ("User.email", ["users", 2, "email"]),
        ("Review.rating", ["users", 2, "reviews", 0, "rating"]),
    ]


async def test_a_field_that_may_not_be_null_takes_its_parent_with_it(shop: Shop, issuer: Issuer) -> None:
    client = gateway(shop, issuer)
    answer = await ask(client, "{ me { phone } }", issuer.token())
    assert (answer.json["data"], denied(answer)) == (None, [("User.phone", ["me", "phone"])])
    answer = await ask(client, "{ users { phone } }")
    assert answer.json["data"] == {"users": [None, None, None]}


@pytest.mark.parametrize(
    ("scope", "sees"),
    [("", False), ("users:read", False), ("pii users:read x", True), ("admin", True), ("ADMIN", False)],
)
async def test_one_of_the_sets_of_scopes_is_enough_and_all_of_it_is_needed(
    shop: Shop, issuer: Issuer, scope: str, sees: bool
) -> None:
    answer = await ask(gateway(shop, issuer), "{ users { phone } }", issuer.token(scope=scope))
    assert answer.json["data"]["users"][0] == ({"phone": "1815"} if sees else None)


async def test_a_root_field_is_not_asked_for(shop: Shop, issuer: Issuer) -> None:
    client = gateway(shop, issuer)
    answer = await ask(client, "{ audit { what } }")
    assert (answer.json["data"], denied(answer)) == ({"audit": None}, [("Query.audit", ["audit"])])
    answer = await ask(client, 'mutation { rename(name: "Eve") { name } }')
    assert (answer.json["data"], denied(answer)) == ({"rename": None}, [("Mutation.rename", ["rename"])])
    assert shop.asked == []
    answer = await ask(client, 'mutation { rename(name: "Eve") { name } }', issuer.token())
    assert answer.json == {"data": {"rename": {"name": "Ada"}}}


async def test_fields_of_an_interface_are_for_those_who_may_see_every_implementation(
    shop: Shop, issuer: Issuer
) -> None:
    client = gateway(shop, issuer)
    answer = await ask(client, "{ feed { __typename title } }", issuer.token())
    assert [post["title"] for post in answer.json["data"]["feed"]] == ["Open", "Closed"]
    query = "{ feed { __typename ... on Public { title } ... on Private { title secret } } }"
    answer = await ask(client, query)
    assert answer.json["data"]["feed"] == [
        {"__typename": "Public", "title": "Open"},
        {"__typename": "Private", "title": None, "secret": None},
    ]
    assert denied(answer) == [
        ("Private.secret", ["feed", 1, "secret"]),
        ("Private.title", ["feed", 1, "title"]),
    ]
    assert "Private.secret" not in shop.asked
    answer = await ask(client, "{ feed { title ... on Public { title } } }")
    assert answer.json["data"]["feed"] == [{"title": "Open"}, {"title": None}]


async def test_a_type_that_one_may_not_see_hides_the_interfaces_that_it_implements(
    shop: Shop, issuer: Issuer
) -> None:
    client = gateway(shop, issuer)
    answer = await ask(client, "{ shelf { ... on Open { id } } }")
    assert (answer.json["data"], denied(answer)) == ({"shelf": None}, [("Query.shelf", ["shelf"])])
    answer = await ask(client, "{ shelf { id } }", issuer.token())
    assert answer.json == {"data": {"shelf": [{"id": "o"}]}}


async def test_fragments_and_conditions_change_nothing(shop: Shop, issuer: Issuer) -> None:
    query = """
      { me { ...A email @skip(if: true) } users { ...A } }
      fragment A on User { name ... @include(if: true) { email } }
    """
    answer = await ask(gateway(shop, issuer), query)
    assert answer.json["data"]["me"] == {"name": "Ada", "email": None}
    assert [path for _, path in denied(answer)] == [
        ["me", "email"],
        ["users", 0, "email"],
        ["users", 2, "email"],
    ]


async def test_what_other_operations_of_the_document_ask_for_is_not_asked_of_this_one(
    shop: Shop, issuer: Issuer
) -> None:
    client = gateway(shop, issuer, AuthorizationConfig(reject_unauthorized=True))
    document = "query A { me { name } } query B { me { ...Secret } } fragment Secret on User { phone notes }"
    assert (await client.graphql(document, operation_name="A")).json == {"data": {"me": {"name": "Ada"}}}
    assert (await client.graphql(document, operation_name="B")).status == 401


@pytest.mark.parametrize(
    ("holding", "notes"),
    [([], None), (["legal"], None), (["legal", "senior"], "patient"), (["support"], "patient")],
)
async def test_policies_are_decided_by_a_function(
    shop: Shop, issuer: Issuer, holding: list[str], notes: str | None
) -> None:
    asked: list[tuple[Any, frozenset[str]]] = []

    async def decide(identity: Identity, policies: frozenset[str]) -> Iterable[str]:
        await asyncio.sleep(0)
        asked.append(((identity.claims or {}).get("sub"), policies))
        return holding

    client = gateway(shop, issuer, decide=decide)
    answer = await ask(client, "{ me { notes } }", issuer.token(sub="eve"))
    assert answer.json["data"]["me"] == {"notes": notes}
    assert asked == [("eve", frozenset({"support", "legal", "senior"}))]
    await ask(client, "{ me { name } }")
    assert len(asked) == 1  # what needs no policy asks nobody


async def test_where_nobody_decides_no_policy_holds(shop: Shop, issuer: Issuer) -> None:
    answer = await ask(gateway(shop, issuer), "{ me { notes } }", issuer.token())
    assert answer.json["data"]["me"] == {"notes": None}


async def test_the_whole_operation_can_be_refused_instead(shop: Shop, issuer: Issuer) -> None:
    client = gateway(shop, issuer, AuthorizationConfig(reject_unauthorized=True))
    answer = await ask(client, "{ me { name email phone } }")
    assert answer.status == 401
    assert "data" not in answer.json
    assert sorted(error["message"].split()[-1] for error in answer.json["errors"]) == [
        "User.email",
        "User.phone",
    ]
    assert answer.json["errors"][0]["locations"]
    assert (await ask(client, "{ me { email phone } }", issuer.token())).status == 403
    assert (await ask(client, "{ me { phone } }", accept="application/json")).status == 200
    assert (await ask(client, "{ me { email } }", issuer.token())).status == 200
    assert shop.asked.count("Query.me") == 1


async def test_it_can_be_left_to_the_subgraphs(shop: Shop, issuer: Issuer) -> None:
    answer = await ask(gateway(shop, issuer, AuthorizationConfig(enforce=False)), "{ me { email phone } }")
    assert answer.json == {"data": {"me": {"email": "ada@example.org", "phone": "1815"}}}


async def test_equal_queries_are_answered_together_only_for_those_who_may_see_the_same(
    shop: Shop, issuer: Issuer
) -> None:
    client = gateway(shop, issuer, deduplicate=True)
    tokens = (None, issuer.token(), None, issuer.token(scope="admin"))
    answers = await asyncio.gather(*(ask(client, "{ users { email } }", token) for token in tokens))
    emails = [answer.json["data"]["users"][0]["email"] for answer in answers]
    assert emails == [None, "ada@example.org", None, "ada@example.org"]


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é"])
async def test_a_token_that_does_not_count_is_refused(shop: Shop, issuer: Issuer, token: str) -> None:
    answer = await ask(gateway(shop, issuer), "{ me { name } }", token)
    assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_introspection_tells_what_there_is_whoever_asks(shop: Shop, issuer: Issuer) -> None:
    answer = await ask(gateway(shop, issuer), '{ __type(name: "User") { fields { name } } }')
    assert {"name": "phone"} in answer.json["data"]["__type"]["fields"]


def test_subgraphs_get_claims_in_headers_that_clients_cannot_send() -> None:
    headers = ClaimHeaders({"X-User": "sub", "x-groups": "groups", "x-name": "name", "x-none": "none"})
    claims = {"sub": "7", "groups": ["a", "b"], "name": "Zoë\r\nx: y"}
    assert headers.of(Identity(claims)) == (
        ("x-user", "7"),
        ("x-groups", "a b"),
        ("x-name", "Zo%C3%AB%0D%0Ax%3A%20y"),
    )
    assert headers.of(Identity()) == ()
    assert headers.has("X-USER")


async def test_a_query_that_is_known_is_answered_directly_only_to_who_may_see_all_of_it(
    shop: Shop, issuer: Issuer
) -> None:
    app = application(shop, issuer)
    query, token = "{ me { email } }", issuer.token()
    for _ in range(3):  # the second time it is compiled
        await ask(AsgiClient(app), query, token)
    body = json.dumps({"query": query}).encode()

    async def directly(authorization: str | None) -> Any:
        headers = {b"content-type": b"application/json"}
        if authorization is not None:
            headers[b"authorization"] = authorization.encode()
        answered: asyncio.Future[HttpResponse] = asyncio.get_running_loop().create_future()
        begin = app.direct(b"/graphql", headers)
        if begin is None or begin(body, None, answered.set_result) is None:
            return None
        return json.loads((await answered).body)

    assert await directly(f"Bearer {token}") == {"data": {"me": {"email": "ada@example.org"}}}
    assert await directly(None) is None
    assert await directly("Bearer x") is None
    assert await directly(f"Bearer {issuer.token(exp=9_999_999_999)}") is None  # not verified yet
