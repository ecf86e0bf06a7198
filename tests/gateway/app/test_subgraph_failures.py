"""Whatever a subgraph does, the client gets a GraphQL response with a code, and what the others brought."""

import asyncio
from typing import Any

import pytest

from plait_gateway.asgi import Receive, Scope, SendMessage
from plait_gateway.config import GatewayConfig, SubgraphConfig, SubgraphsConfig
from tests.gateway.app.conftest import Gateway
from tests.gateway.shop import ACROSS
from tests.gateway.subgraph_app import answer_with

IN_A_BLINK = GatewayConfig(
    subgraphs=SubgraphsConfig(override={"stock": SubgraphConfig(timeout_seconds=0.05)})
)


async def _html(_scope: Scope, _receive: Receive, send: SendMessage) -> None:
    await answer_with(send, b"<html>Bad gateway</html>", status=502, content_type="text/html")


async def _friendly_html(_scope: Scope, _receive: Receive, send: SendMessage) -> None:
    await answer_with(send, b"<html>Welcome!</html>", content_type="text/html")


async def _not_graphql(_scope: Scope, _receive: Receive, send: SendMessage) -> None:
    await answer_with(send, b"[1, 2]")


async def _slow(_scope: Scope, _receive: Receive, _send: SendMessage) -> None:
    await asyncio.Event().wait()


async def _broken(_scope: Scope, _receive: Receive, _send: SendMessage) -> None:
    raise LookupError("a secret")


@pytest.mark.parametrize(
    ("stock", "code"),
    [
        (_html, "SUBGRAPH_HTTP_ERROR"),
        (_friendly_html, "SUBGRAPH_INVALID_JSON"),
        (_not_graphql, "SUBGRAPH_INVALID_RESPONSE"),
        (_slow, "SUBGRAPH_TIMEOUT"),
        (_broken, "SUBGRAPH_UNREACHABLE"),
    ],
)
async def test_a_subgraph_that_fails_takes_only_its_own_fields_along(
    gateway: Gateway, stock: Any, code: str
) -> None:
    answer = await gateway(IN_A_BLINK, stock=stock).graphql(ACROSS)
    assert answer.status == 200
    assert answer.json["data"] == {
        "products": [{"name": "Spade", "left": None}, {"name": "Rake", "left": None}]
    }
    assert set(answer.codes) == {code}
    assert {error["extensions"]["serviceName"] for error in answer.json["errors"]} == {"stock"}
    assert b"secret" not in answer.body
    assert b"Traceback" not in answer.body


async def test_a_root_field_that_fails_is_null_up_to_where_the_schema_allows(gateway: Gateway) -> None:
    answer = await gateway(products=_broken).graphql(ACROSS)
    assert (answer.status, answer.json["data"]) == (200, None)
    assert answer.codes == ["SUBGRAPH_UNREACHABLE"]


async def test_a_client_that_leaves_takes_its_query_along(gateway: Gateway) -> None:
    started, cancelled, leaves = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def products(_scope: Scope, _receive: Receive, _send: SendMessage) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    request = gateway(products=products).request(
        "GET", "/graphql", query="query={whoAmI}", headers={"accept": "*/*"}, leaves=leaves
    )
    async with asyncio.timeout(60):
        asking = asyncio.ensure_future(request)
        await started.wait()
        leaves.set()
        assert (await asking).status == 0
    assert cancelled.is_set()


async def test_a_mutation_is_run_to_its_end_even_if_the_client_leaves(gateway: Gateway) -> None:
    leaves, done = asyncio.Event(), asyncio.Event()

    async def products(_scope: Scope, _receive: Receive, send: SendMessage) -> None:
        leaves.set()
        for _ in range(20):
            await asyncio.sleep(0)  # time enough to be cancelled, if anything did
        done.set()
        await answer_with(send, b'{"data": {"rename": null}}')

    await gateway(products=products).request(
        "POST",
        "/graphql",
        body=b'{"query": "mutation { rename(id: 1, name: \\"Hoe\\") { id } }"}',
        headers={"content-type": "application/json"},
        leaves=leaves,
    )
    assert done.is_set()
