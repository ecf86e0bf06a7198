"""The life of a graph, with clients all along: no request fails, whatever becomes of the registry."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from plait_gateway.app import create_app
from plait_gateway.config import GatewayConfig
from plait_gateway.server import GatewayApplication
from plait_gateway.supergraph import Notices, SupergraphHolder
from plait_gateway.supergraph.asking import RegistryAddress
from plait_gateway.supergraph.registry import SupergraphFromRegistry
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph.extraction import extract_subgraphs
from tests.gateway.asgi_client import AsgiClient
from tests.gateway.shop import ACROSS, ACROSS_DATA, SUPERGRAPH, shop
from tests.schema.registry.running import RunningRegistry, running_registry
from tests.schema.registry.shop import BROKEN

PROD = "/api/graphs/shop/variants/prod"
PRODUCTS, STOCK = sorted(extract_subgraphs(SUPERGRAPH), key=lambda one: one.name)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningRegistry]:
    with running_registry(tmp_path) as registry:
        yield registry


async def publish(registry: RunningRegistry, *subgraphs: SubgraphSource) -> str:
    entries = [{"name": one.name, "routingUrl": one.url, "sdl": one.sdl} for one in subgraphs]
    answer = await asyncio.to_thread(registry.client.post, f"{PROD}/publish", {"subgraphs": entries})
    return str(answer["version"]["state"])


class Clients:
    """Ask one thing every few milliseconds; what is wrong with an answer is kept."""

    def __init__(self, app: GatewayApplication) -> None:
        self._client = AsgiClient(app)
        self.answers = 0
        self.answered = asyncio.Event()
        self.wrong: list[object] = []

    async def run(self) -> None:
        while True:
            answer = (await self._client.graphql(ACROSS)).json
            self.answers += 1
            self.answered.set()
            if answer != {"data": ACROSS_DATA}:
                self.wrong.append(answer)
            await asyncio.sleep(0.005)


@asynccontextmanager
async def gateway(registry: RunningRegistry, kept: Path) -> AsyncIterator[tuple[SupergraphHolder, Clients]]:
    holder = SupergraphHolder()
    address = RegistryAddress(registry.url, "shop@prod", registry.token)
    source = SupergraphFromRegistry(address, kept, holder, Notices())
    await asyncio.to_thread(source.load)
    app = create_app(GatewayConfig(), holder, clients=shop())
    clients = Clients(app)
    following = source.watch(lambda: None, app.warm_up)
    loops = {asyncio.create_task(following), asyncio.create_task(clients.run())}
    try:
        yield holder, clients
    finally:
        for loop in loops:
            loop.cancel()
        await asyncio.wait(loops)


async def served(holder: SupergraphHolder, clients: Clients, release: str) -> None:
    """Once clients have got an answer from it."""
    async with asyncio.timeout(60):
        while True:
            clients.answered.clear()
            is_served = holder.current is not None and holder.current.release == release
            await clients.answered.wait()
            if is_served:
                return


async def test_no_request_fails_while_a_graph_lives(running: RunningRegistry, tmp_path: Path) -> None:
    assert await publish(running, STOCK) == "waiting"
    assert await publish(running, PRODUCTS) == "composed"
    kept = tmp_path / "kept.json"
    async with gateway(running, kept) as (holder, clients):
        assert await publish(running, BROKEN) == "refused"
        more = SubgraphSource("news", "http://news", "type Query { news: String }")
        assert await publish(running, more) == "composed"
        await served(holder, clients, "shop@prod version 4")
        await asyncio.to_thread(running.client.post, f"{PROD}/rollback", {"to": 2})
        await served(holder, clients, "shop@prod version 5")
        assert holder.current is not None
        assert "news" not in holder.current.supergraph.subgraphs
        await asyncio.to_thread(running.kill)
        answers = clients.answers
        await asyncio.to_thread(running.start, port=running.port)
        assert await publish(running, more) == "composed"
        await served(holder, clients, "shop@prod version 6")
        assert clients.answers > answers
        assert clients.wrong == []
    running.kill()
    async with gateway(running, kept) as (holder, clients):
        await served(holder, clients, "shop@prod version 6")
        assert clients.wrong == []
