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

    async with asyncio.timeout(60):
        may_answer.set()
        await asyncio.gather(
            answer("warm"), client.graphql(LAST)
        )  # from now on nothing is planned in a thread
        may_answer.clear()
        requests = 0
        *answers, _ = await asyncio.gather(*map(answer, users), client.graphql(LAST))
    assert answers == [{"data": {"whoAmI": f"authorization={user}"}} for user in users]
    assert requests == asked + 1


class Held:
    """The shop's products, which answer when they are told to."""

    def __init__(self) -> None:
        self.asked = asyncio.Semaphore(0)
        self.requests = 0
        self.cancelled = asyncio.Event()
        self.may_answer = asyncio.Event()
        self._products = shop()["products"]

    async def __call__(self, scope: Scope, receive: Receive, send: SendMessage) -> None:
        self.requests += 1
        self.asked.release()
        try:
            await self.may_answer.wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        await self._products(scope, receive, send)


SHARING = GatewayConfig(deduplicate=True, subgraphs=SubgraphsConfig(deduplicate=False))
BODY = b'{"query": "{ whoAmI }"}'
JSON = {"content-type": "application/json"}


async def test_equal_requests_of_clients_are_answered_once_if_that_is_wanted(gateway: Gateway) -> None:
    products = Held()
    client = gateway(SHARING, products=products)

    async def ask(user: str, accept: str = "application/json", body: bytes = BODY) -> Any:
        headers = {**JSON, "authorization": user, "accept": accept}
        return await client.request("POST", "/graphql", headers=headers, body=body)

    async with asyncio.timeout(60):
        calls = [asyncio.ensure_future(ask(user)) for user in ("a", "a", "b")]
        calls += [asyncio.ensure_future(ask("a", accept="application/graphql-response+json"))]
        calls += [asyncio.ensure_future(ask("a", body=b'{"query": "{whoAmI}"}'))]
        for _ in range(4):
            await products.asked.acquire()
        calls += [asyncio.ensure_future(ask("a"))]
        await asyncio.sleep(0)
        products.may_answer.set()
        answers = await asyncio.gather(*calls)
    assert [answer.json["data"]["whoAmI"] for answer in answers] == [
        f"authorization={user}" for user in ("a", "a", "b", "a", "a", "a")
    ]
    assert answers[3].headers["content-type"].startswith("application/graphql-response+json")
    assert products.requests == 4


async def test_mutations_are_each_run_and_end_what_can_be_joined(gateway: Gateway) -> None:
    products = Held()
    client = gateway(SHARING, products=products)
    query, rename = "{ products { name } }", 'mutation { rename(id: "1", name: "Hoe") { name } }'
    async with asyncio.timeout(60):
        early = asyncio.ensure_future(client.graphql(query))
        await products.asked.acquire()
        written = [asyncio.ensure_future(client.graphql(rename)) for _ in range(2)]
        for _ in written:
            await products.asked.acquire()
        products.may_answer.set()
        await asyncio.gather(early, *written)
        products.may_answer.clear()
        before = asyncio.ensure_future(client.graphql(query))
        await products.asked.acquire()
        mutation = asyncio.ensure_future(client.graphql(rename))
        await products.asked.acquire()
        mutation.cancel()  # its end, whatever became of it
        await asyncio.gather(mutation, return_exceptions=True)
        after = asyncio.ensure_future(client.graphql(query))
        await products.asked.acquire()
        products.may_answer.set()
        await asyncio.gather(before, after)
    assert products.requests == 6


async def test_work_that_is_shared_ends_when_the_last_client_leaves(gateway: Gateway) -> None:
    products = Held()
    client = gateway(SHARING, products=products)
    leaving = [asyncio.Event(), asyncio.Event()]
    async with asyncio.timeout(60):
        calls = [
            asyncio.ensure_future(client.request("POST", "/graphql", headers=JSON, body=BODY, leaves=leaves))
            for leaves in leaving
        ]
        await products.asked.acquire()
        leaving[0].set()
        assert (await calls[0]).status == 0
        assert not products.cancelled.is_set()
        leaving[1].set()
        assert (await calls[1]).status == 0
        await products.cancelled.wait()
    assert products.requests == 1
