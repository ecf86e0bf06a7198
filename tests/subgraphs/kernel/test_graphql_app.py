"""A subgraph over HTTP: what it understands, what it answers, and what it keeps to itself."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Self

import pytest
import strawberry
import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from subgraphs.kernel.application import messages
from subgraphs.kernel.application.buses import QueryBus, QueryError
from subgraphs.kernel.application.policies import anyone
from subgraphs.kernel.application.request import FORBIDDEN, RequestContext
from subgraphs.kernel.domain import RandomIds
from subgraphs.kernel.graphql.app import GraphQLApp, Posted
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.pagination import page_request
from subgraphs.kernel.graphql.schema import FederatedSchema, Representation
from subgraphs.kernel.graphql.tokens import PublishedKeys, TokenVerifier
from subgraphs.kernel.store.lost import CommitUnknownError, DatabaseBusyError, DatabaseUnavailableError
from subgraphs.kernel.store.tables import idempotency
from subgraphs.kernel.testing.client import GraphQLClient, HttpResponse, request
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import Orchard, PickApple, plant
from tests.subgraphs.kernel.templates import Templates

PATIENCE = 60.0

calls: list[list[str]] = []


@strawberry.federation.type(keys=["name"])
class Apple:
    name: str

    @classmethod
    async def resolve_references(cls, info: Info, keys: Sequence[Representation]) -> Sequence[Self | None]:
        names = [str(key["name"]) for key in keys]
        calls.append(names)
        return [None if name == "eaten" else cls(name=name) for name in names]

    @strawberry.field
    async def price(self, info: Info) -> int:
        return await info.context.load(self.name, _prices)


@strawberry.federation.type(keys=["id"])
class Worm:
    id: strawberry.ID

    @classmethod
    def resolve_references(cls, info: Info, keys: Sequence[Representation]) -> Sequence[Self | None]:
        raise ZeroDivisionError("the secret of the worm")


@strawberry.type
class Query:
    @strawberry.field
    def apples(self) -> list[Apple]:
        return [Apple(name=name) for name in ("a", "b", "a")]

    @strawberry.field
    def worm(self) -> Worm | None:
        raise ZeroDivisionError("the secret of the worm")

    @strawberry.field
    def soil(self, is_committing: bool) -> str | None:
        raise (CommitUnknownError if is_committing else DatabaseUnavailableError)("the address of the server")

    @strawberry.field
    def forbidden(self) -> str | None:
        raise QueryError(FORBIDDEN)

    @strawberry.field
    def page(self, offset: int, limit: int) -> int | None:
        return page_request(offset, limit).limit

    @strawberry.field
    def patience(self, info: Info) -> float | None:
        deadline = info.context.request.deadline
        return deadline and deadline - monotonic()

    @strawberry.field
    def correlation(self, info: Info) -> str:
        return info.context.request.correlation_id


@dataclass(frozen=True, slots=True)
class Look(messages.Query[str]):
    pass


async def look(_: Look, __: AsyncConnection, ___: RequestContext) -> str:
    raise DatabaseBusyError("the address of the server")


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def pick_and_look(self, info: Info, name: str) -> str | None:
        await info.context.execute(PickApple(name))
        return await info.context.ask(Look())

    @strawberry.mutation
    async def pick(self, info: Info, name: str) -> Apple:
        await info.context.execute(PickApple(name))
        return Apple(name=name)


async def _prices(context: GraphQLContext, names: list[str]) -> list[int]:
    calls.append(names)
    return [len(name) for name in names]


schema = FederatedSchema(query=Query, mutation=Mutation)


@pytest.fixture
def planted(templates: Templates, tmp_path: Path) -> str:
    """On one kind of database: HTTP is the same in front of all."""
    return templates.file(plant, tmp_path)


@pytest.fixture
def app(garden: Orchard, tmp_path: Path) -> GraphQLApp:
    calls.clear()
    queries = QueryBus(garden.transactions.database)
    queries.register(Look, look, allow=anyone)
    return GraphQLApp(
        schema,
        commands=garden.commands,
        queries=queries,
        patience=timedelta(seconds=PATIENCE),
        tokens=TokenVerifier(
            PublishedKeys(tmp_path / "jwks.json"),
            issuer="test",
            audience="test",
            clock=FakeClock(),
            is_withdrawn=lambda *_: False,
        ),
        ids=RandomIds(),
        documents={"/about.json": lambda: b'{"about":"apples"}'},
        hooks={"/told": _told},
    )


async def _told(posted: Posted) -> tuple[int, bytes]:
    if posted.headers.get(b"x-mood") == b"bad":
        raise ZeroDivisionError("the secret of the hook")
    return 202, posted.body


async def post(app: GraphQLApp, body: bytes, **headers: str) -> HttpResponse:
    named = {"content-type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return await request(app, "POST", "/graphql", headers=named, body=body)


async def ask(app: GraphQLApp, query: str, **variables: Any) -> dict[str, Any]:
    return await GraphQLClient(app).execute(query, **variables)


async def test_others_post_to_hooks_what_they_have_to_tell(app: GraphQLApp) -> None:
    told = await request(app, "POST", "/told", body=b"[1,  2]")
    assert (told.status, told.body) == (202, b"[1,  2]")
    got = await request(app, "GET", "/told")
    assert (got.status, got.headers["allow"]) == (405, "POST")
    assert (await request(app, "POST", "/told", body=b" " * 1_048_577)).status == 413
    with structlog.testing.capture_logs() as logs:
        failed = await request(app, "POST", "/told", headers={"x-mood": "bad"})
    assert (failed.status, b"secret" in failed.body) == (500, False)
    assert [line["event"] for line in logs] == ["hook failed"]


async def test_a_query_is_answered_in_the_media_type_asked_for(app: GraphQLApp) -> None:
    body = json.dumps({"query": "{ apples { name } }"}).encode()
    for accept in ("application/json", "application/graphql-response+json, application/json;q=0.9"):
        response = await post(app, body, accept=accept)
        assert response.status == 200
        assert response.headers["content-type"] == f"{accept.partition(',')[0]}; charset=utf-8"
        assert response.json() == {"data": {"apples": [{"name": "a"}, {"name": "b"}, {"name": "a"}]}}


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"{", 400, "The body is not JSON"),
        (b"\xff", 400, "The body is not JSON"),
        (b'{"query": "{a}", "variables": {"a": ["\\ud800"]}}', 400, "The body is not JSON"),
        (b"[" * 100_000, 400, "The body is not JSON"),
        (b"[]", 400, "The body must be a JSON object with a query string"),
        (b'{"query": 1}', 400, "The body must be a JSON object with a query string"),
        (b'{"query": "{a}", "variables": []}', 400, "variables must be an object"),
        (b'{"query": "{a}", "operationName": 1}', 400, "operationName must be a string"),
        (b" " * 1_048_577, 413, "The request is larger than 1048576 bytes"),
    ],
)
async def test_a_wrong_body_is_a_clear_error(app: GraphQLApp, body: bytes, status: int, message: str) -> None:
    response = await post(app, body)
    assert response.status == status
    assert response.json() == {"errors": [{"message": message, "extensions": {"code": "BAD_USER_INPUT"}}]}


async def test_lists_that_are_longer_than_any_gateway_sends_are_not_coerced(app: GraphQLApp) -> None:
    query = "query ($n: [[Int!]!]) { apples { name } }"
    for numbers, code in ([[0] * 39_999], "BAD_USER_INPUT"), ([[0] * 40_000], "LIST_TOO_LONG"):
        body = json.dumps({"query": query, "variables": {"n": numbers}}).encode()
        assert (await post(app, body)).json()["errors"][0]["extensions"]["code"] == code


async def test_only_post_and_json(app: GraphQLApp) -> None:
    assert (await post(app, b"{}", content_type="text/plain")).status == 415
    got = await request(app, "GET", "/graphql")
    assert (got.status, got.headers["allow"]) == (405, "POST")
    assert (await request(app, "GET", "/nowhere")).status == 404
    assert (await request(app, "GET", "/about.json")).json() == {"about": "apples"}


async def test_a_refused_operation_is_400_only_in_the_new_media_type(app: GraphQLApp) -> None:
    for query in ("{ nothing }", "{", "{ " + "apples { " * 5_000):
        body = json.dumps({"query": query}).encode()
        new = await post(app, body, accept="application/graphql-response+json")
        assert (new.status, (await post(app, body)).status) == (400, 200)
        (error,) = new.json()["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert "data" not in new.json()


async def test_wrong_variables_are_a_clear_error(app: GraphQLApp) -> None:
    answer = await ask(app, "query ($n: Int!) { page(offset: 0, limit: $n) }", n="many")
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert "Int cannot represent non-integer value" in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    ("is_committing", "code"), [(False, "DATABASE_UNAVAILABLE"), (True, "OUTCOME_UNKNOWN")]
)
async def test_a_database_that_is_away_has_a_code_and_no_address(
    app: GraphQLApp, is_committing: bool, code: str
) -> None:
    query = "query ($c: Boolean!) { soil(isCommitting: $c) }"
    with structlog.testing.capture_logs() as logs:
        (error,) = (await ask(app, query, c=is_committing))["errors"]
    assert error["extensions"] == {"code": code}
    assert "address" not in error["message"]
    assert logs[0]["error"] == "the address of the server"


async def test_a_database_that_is_away_after_a_command_does_not_say_that_nothing_was_done(
    app: GraphQLApp, garden: Orchard
) -> None:
    (error,) = (await ask(app, 'mutation { pickAndLook(name: "a") }'))["errors"]
    assert error["extensions"] == {"code": "OUTCOME_UNKNOWN"}
    assert await garden.picked() == ["a"]


async def test_a_request_has_patience_with_a_database_that_is_away(app: GraphQLApp) -> None:
    left = (await ask(app, "{ patience }"))["data"]["patience"]
    assert 0 < left <= PATIENCE


async def test_what_we_got_wrong_is_logged_and_masked(app: GraphQLApp) -> None:
    body = json.dumps({"query": "{ worm { id } apples { name } }"}).encode()
    with structlog.testing.capture_logs() as logs:
        response = await post(app, body, x_correlation_id="abc-123")
    answer = response.json()
    assert answer["data"]["worm"] is None
    assert len(answer["data"]["apples"]) == 3
    (error,) = answer["errors"]
    assert (error["message"], error["path"], error["extensions"]) == (
        "Internal error (correlation id abc-123)",
        ["worm"],
        {"code": "INTERNAL_SERVER_ERROR"},
    )
    assert b"secret" not in response.body
    (log,) = logs
    assert (log["event"], log["correlation_id"]) == ("resolver failed", "abc-123")
    assert str(log["exc_info"]) == "the secret of the worm"


async def test_a_refused_query_says_why(app: GraphQLApp) -> None:
    answer = await ask(app, "{ forbidden correlation page(offset: 0, limit: 1000) }")
    assert answer["data"]["forbidden"] is None
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (["forbidden"], "FORBIDDEN"),
        (["page"], "INVALID_PAGE"),
    ]


async def test_the_correlation_id_is_the_callers_or_a_new_one(app: GraphQLApp) -> None:
    body = json.dumps({"query": "{ correlation }"}).encode()
    given = await post(app, body, x_correlation_id="abc-123")
    assert given.json()["data"]["correlation"] == "abc-123"
    for nonsense in ("", "two words", "x" * 129):
        made = await post(app, body, x_correlation_id=nonsense)
        assert len(made.json()["data"]["correlation"]) == 36


async def test_many_look_ups_are_one(app: GraphQLApp) -> None:
    answer = await ask(app, "{ apples { price } }")
    assert answer == {"data": {"apples": [{"price": 1}] * 3}}
    assert calls == [["a", "b"]]


async def test_a_command_forgets_what_was_loaded_before(app: GraphQLApp) -> None:
    answer = await ask(app, 'mutation { a: pick(name: "x") { price } b: pick(name: "x") { price } }')
    assert answer == {"data": {"a": {"price": 1}, "b": {"price": 1}}}
    assert calls == [["x"], ["x"]]


ENTITIES = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Apple { name } } }"


async def test_entities_of_a_type_are_loaded_at_once_in_their_order(app: GraphQLApp) -> None:
    names = ["a", "eaten", "b"]
    answer = await ask(app, ENTITIES, r=[{"__typename": "Apple", "name": name} for name in names])
    assert answer["data"] == {"_entities": [{"name": "a"}, None, {"name": "b"}]}
    errors = [(error["path"], error["extensions"]["code"]) for error in answer["errors"]]
    assert errors == [(["_entities", 1], "ENTITY_NOT_FOUND")]
    assert calls == [names]


async def test_a_wrong_representation_spoils_only_itself(app: GraphQLApp) -> None:
    wrong: list[Any] = [{"__typename": "Pear", "name": "p"}, {"name": "a"}, 7, {"__typename": "Query"}]
    answer = await ask(app, ENTITIES, r=[*wrong, {"__typename": "Apple", "name": "a"}])
    assert answer["data"] == {"_entities": [None, None, None, None, {"name": "a"}]}
    assert [(error["path"], error["message"]) for error in answer["errors"]] == [
        (["_entities", 0], "Pear is not an entity of this subgraph"),
        (["_entities", 1], "A representation needs a __typename"),
        (["_entities", 2], "A representation needs a __typename"),
        (["_entities", 3], "Query is not an entity of this subgraph"),
    ]


async def test_a_type_that_fails_takes_no_other_with_it(app: GraphQLApp) -> None:
    worms = [{"__typename": "Worm", "id": str(number)} for number in range(3)]
    with structlog.testing.capture_logs() as logs:
        answer = await ask(app, ENTITIES, r=[*worms, {"__typename": "Apple", "name": "a"}])
    assert answer["data"] == {"_entities": [None, None, None, {"name": "a"}]}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"INTERNAL_SERVER_ERROR"}
    assert len(logs) == 1


def test_a_stub_need_not_be_found() -> None:
    @strawberry.federation.type(keys=[Key(fields=FieldSet("id"), resolvable=False)])
    class Stub:
        id: strawberry.ID

    @strawberry.type
    class StubQuery:
        stub: Stub

    assert "resolvable: false" in FederatedSchema(query=StubQuery).as_str()


def test_an_entity_type_must_say_how_it_is_found() -> None:
    @strawberry.federation.type(keys=["id"])
    class Lost:
        id: strawberry.ID

    @strawberry.type
    class LostQuery:
        lost: Lost

    with pytest.raises(TypeError, match="the entity type Lost needs a class method resolve_references"):
        FederatedSchema(query=LostQuery)


@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        ("Basic YTpi", "Authorization must be a bearer token"),
        ("Bearer nonsense", "no keys are published yet"),
    ],
)
async def test_a_bad_token_is_refused_in_a_way_that_gateways_can_read(
    app: GraphQLApp, authorization: str, message: str
) -> None:
    body = json.dumps({"query": "{ correlation }"}).encode()
    old = await post(app, body, authorization=authorization)
    new = await post(app, body, authorization=authorization, accept="application/graphql-response+json")
    assert (old.status, new.status) == (200, 401)
    assert old.json() == new.json()
    assert old.json() == {"errors": [{"message": message, "extensions": {"code": "UNAUTHENTICATED"}}]}


async def test_the_lifespan_of_a_server_is_answered(app: GraphQLApp) -> None:
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[str] = []

    async def receive() -> dict[str, str]:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await app({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize("second", ["k", '"k"'])
async def test_an_idempotency_key_covers_each_mutation_of_a_request(
    app: GraphQLApp, garden: Orchard, second: str
) -> None:
    body = json.dumps({"query": 'mutation { a: pick(name: "x") { name } b: pick(name: "y") { name } }'})
    for key in ("k", second):
        response = await post(app, body.encode(), idempotency_key=key)
        assert "errors" not in response.json()
    async with garden.transactions.database.read() as connection:
        taken = await connection.execute(select(idempotency.c.key, idempotency.c.result))
    assert sorted(map(tuple, taken)) == [("k/a/1", '"x"'), ("k/b/1", '"y"')]
    assert await garden.sequence() == [1, 2]


async def test_an_idempotency_key_covers_a_mutation_that_a_gateway_sends_in_parts(
    app: GraphQLApp, garden: Orchard
) -> None:
    """`b` is another subgraph's. A client that asks again, asks for all of it again."""
    long = "c" * 400
    for name in ("a", long, "a", long):
        body = json.dumps({"query": f'mutation {{ {name}: pick(name: "{name[0]}") {{ name }} }}'})
        response = await post(app, body.encode(), idempotency_key="k")
        assert response.json() == {"data": {name: {"name": name[0]}}}
    assert await garden.picked() == ["a", "c"]
    assert await garden.sequence() == [1, 2]


@pytest.mark.parametrize("key", ["", "two words", "k" * 129, '""'])
async def test_a_malformed_idempotency_key_is_a_clear_error(app: GraphQLApp, key: str) -> None:
    response = await post(app, b'{"query": "{ __typename }"}', idempotency_key=key)
    assert response.status == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
