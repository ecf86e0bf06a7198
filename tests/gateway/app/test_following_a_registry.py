"""A gateway process that follows a registry process through the life of a graph, under load all along."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any
from urllib.request import Request, urlopen

from plait_schema.subgraph import SubgraphSource
from tests.gateway.app.test_command import Running, gateway
from tests.schema.registry.running import RunningRegistry
from tests.schema.registry.shop import BROKEN, reviews, users

PROD = "/api/graphs/shop/variants/prod"


class Load:
    """Sends one request after the other; `failed` are the answers that were not right."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._over = Event()
        self.answered = 0
        self.failed: list[str] = []

    def run(self) -> None:
        headers = {"content-type": "application/json", "apollographql-client-name": "load"}
        body = json.dumps({"query": "query Kind { __typename }"}).encode()
        while not self._over.is_set():
            try:
                with urlopen(Request(self._url, body, headers), timeout=30) as response:
                    answer = json.load(response)
            except (OSError, ValueError) as error:
                self.failed.append(str(error))
                continue
            self.answered += 1
            if answer != {"data": {"__typename": "Query"}}:
                self.failed.append(str(answer))

    def end(self) -> None:
        self._over.set()


@asynccontextmanager
async def following(registry: RunningRegistry, folder: Path) -> AsyncIterator[Running]:
    key = folder / "registry.pub"
    key.write_text(registry.client.get_text("/api/signing-key"))
    config = folder / "plait.yaml"
    config.write_text("gateway: { usage: { interval: 0.2 } }")
    source = ("--registry", registry.url, "--graph", "shop@prod", "--token", registry.token)
    more = ("--public-key", str(key), "--keep", str(folder / "kept"), "--config", str(config))
    async with gateway(None, *source, *more) as running:
        yield running


def release(url: str) -> str:
    with urlopen(url.replace("/graphql", "/health/ready"), timeout=30) as response:
        return str(json.load(response)["release"])


def until(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + 30
    while not condition():
        assert monotonic() < deadline, "it did not come true"


async def test_no_request_fails(tmp_path: Path) -> None:
    registry = RunningRegistry(tmp_path)
    registry.start()

    def publish(*subgraphs: SubgraphSource) -> Any:
        entries = [{"name": one.name, "routingUrl": one.url, "sdl": one.sdl} for one in subgraphs]
        return registry.client.post(f"{PROD}/publish", {"subgraphs": entries})

    def serves(version: int) -> None:
        until(lambda: release(running.url) == f"shop@prod version {version}")

    publish(users())
    try:
        async with following(registry, tmp_path) as running:
            load = Load(running.url)
            thread = Thread(target=load.run)
            thread.start()
            try:
                publish(reviews())
                serves(2)
                assert publish(BROKEN)["serving"] == 2
                registry.kill()
                registry.start(port=registry.port)
                publish(users("email: String"))
                serves(4)
                registry.client.post(f"{PROD}/rollback", {"to": 2})
                serves(5)
                until(lambda: bool(registry.client.get(f"{PROD}/operations")["operations"]))
            finally:
                load.end()
                thread.join()
            assert load.failed == []
            assert await running.stop() == 0
        (operation,) = registry.client.get(f"{PROD}/operations")["operations"]
        assert (operation["name"], operation["document"]) == ("Kind", "query Kind { __typename }")
        assert operation["clients"] == {"load": load.answered}  # none lost, none twice
    finally:
        registry.kill()
