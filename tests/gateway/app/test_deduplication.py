"""Equal subgraph requests of several clients: once, unless told otherwise, and never across identities."""

import asyncio
from typing import Any

import pytest

from plait_gateway.asgi import Receive, Scope, SendMessage
from plait_gateway.config import GatewayConfig, SubgraphsConfig
from tests.gateway.app.conftest import Gateway
from tests.gateway.shop import shop

LAST = "{ products { name } }"


@pytest.mark.parametrize(
    ("deduplicate", "users", "asked"), [(True, "aaa", 1), (True, "aab", 2), (False, "aaa", 3)]
)
async def test_clients_who_ask_the_same_at_once(
    gateway: Gateway, *, deduplicate: bool, users: str, asked: int
) -> None:
    """The subgraph holds its answers back until the last of the requests has come, which is another one."""
    requests = 0
    may_answer = asyncio.Event()
    products = shop()["products"]

    async def counting(scope: Scope, receive: Receive, send: SendMessage) -> None:
        nonlocal requests
        requests += 1
        if requests == asked + 1:
            may_answer.set()
        await may_answer.wait()
        await products(scope, receive, send)

    config = GatewayConfig(subgraphs=SubgraphsConfig(deduplicate=deduplicate))
    client = gateway(config, products=counting)

    async def answer(user: str) -> Any:
        return (await client.graphql("{ whoAmI }", headers={"authorization": user})).json

    async with asyncio.timeout(10):
        may_answer.set()
        await asyncio.gather(
            answer("warm"), client.graphql(LAST)
        )  # from now on nothing is planned in a thread
        may_answer.clear()
        requests = 0
        *answers, _ = await asyncio.gather(*map(answer, users), client.graphql(LAST))
    assert answers == [{"data": {"whoAmI": f"authorization={user}"}} for user in users]
    assert requests == asked + 1
