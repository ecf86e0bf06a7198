"""A registry is followed: what it publishes is served, and its death changes nothing."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plait_gateway.server.health import ready
from plait_gateway.supergraph import Notices, ServedGraph, SupergraphHolder, SupergraphUnavailable
from plait_gateway.supergraph.asking import RegistryAddress
from plait_gateway.supergraph.registry import SupergraphFromRegistry
from plait_schema.delivery import Artifact, digest_of
from plait_schema.delivery.signature import PublicKey, SigningKey
from plait_schema.subgraph import SubgraphSource
from tests.gateway.shop import SUPERGRAPH
from tests.schema.registry.running import RunningRegistry, running_registry
from tests.schema.registry.shop import BROKEN, reviews, users

KEY = SigningKey.generate()
NOWHERE = RegistryAddress("http://127.0.0.1:1", "shop@prod", key=KEY.public)
ARTIFACT = KEY.sign(Artifact("shop@prod", 3, digest_of(SUPERGRAPH), SUPERGRAPH))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningRegistry]:
    with running_registry(tmp_path) as registry:
        yield registry


def publish(registry: RunningRegistry, *subgraphs: SubgraphSource) -> None:
    entries = [{"name": one.name, "routingUrl": one.url, "sdl": one.sdl} for one in subgraphs]
    registry.client.post("/api/graphs/shop/variants/prod/publish", {"subgraphs": entries})


class Followed:
    """A source under watch, and what comes of it."""

    def __init__(self, address: RegistryAddress, kept: Path) -> None:
        self.holder = SupergraphHolder()
        self.swapped = asyncio.Event()
        self.source = SupergraphFromRegistry(address, kept, self.holder, Notices())

    async def prepare(self, graph: ServedGraph) -> None:
        """Nothing to warm up."""

    async def next_swap(self) -> Any:
        await self.swapped.wait()
        self.swapped.clear()
        return self.health

    @property
    def health(self) -> Any:
        return json.loads(ready(self.holder).body).get("release")


@asynccontextmanager
async def followed(address: RegistryAddress, kept: Path) -> AsyncIterator[Followed]:
    """Load and follow for as long as the block runs, at most two minutes."""
    one = Followed(address, kept)
    await asyncio.to_thread(one.source.load)
    watching = asyncio.create_task(one.source.watch(one.swapped.set, one.prepare))
    try:
        async with asyncio.timeout(120):
            yield one
    finally:
        watching.cancel()
        await asyncio.wait({watching})


async def test_what_is_published_is_served_and_outlives_the_registry(
    running: RunningRegistry, tmp_path: Path
) -> None:
    await asyncio.to_thread(publish, running, users())
    key = PublicKey.from_pem(running.client.get_text("/api/signing-key").encode())
    address = RegistryAddress(running.url, "shop@prod", running.token, key)
    kept = tmp_path / "kept" / "shop@prod.json"
    async with followed(address, kept) as one:
        assert one.health == "shop@prod version 1"
        await asyncio.to_thread(publish, running, BROKEN)
        await asyncio.to_thread(publish, running, reviews())
        assert await one.next_swap() == "shop@prod version 3"
        await asyncio.to_thread(running.kill)
        await asyncio.to_thread(running.start, port=running.port)
        await asyncio.to_thread(publish, running, users("email: String"))
        assert await one.next_swap() == "shop@prod version 4"
    running.kill()
    async with followed(address, kept) as restarted:
        assert restarted.health == "shop@prod version 4"


def keep(folder: Path, artifact: Artifact) -> Path:
    file = folder / "kept.json"
    file.write_text(json.dumps(artifact.as_json()))
    return file


def test_what_was_kept_is_served_while_there_is_no_registry(tmp_path: Path) -> None:
    one = Followed(NOWHERE, keep(tmp_path, ARTIFACT))
    one.source.load()
    assert one.health == "shop@prod version 3"


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (replace(ARTIFACT, supergraph_sdl=SUPERGRAPH + " "), "its digest is"),
        (replace(ARTIFACT, version=4), "its signature is not that of the registry's key"),
        (replace(ARTIFACT, signature=None), "it is not signed"),
        (KEY.sign(replace(ARTIFACT, graph="shop@dev")), "it is of shop@dev"),
        (SigningKey.generate().sign(ARTIFACT), "its signature is not that of the registry's key"),
    ],
)
def test_what_was_tampered_with_is_refused(kept: Artifact, told: str, tmp_path: Path) -> None:
    one = Followed(NOWHERE, keep(tmp_path, kept))
    with pytest.raises(SupergraphUnavailable, match=told):
        one.source.load()
    assert one.holder.current is None


def test_nothing_to_start_with(tmp_path: Path) -> None:
    with pytest.raises(SupergraphUnavailable, match="Connection refused, and nothing is kept"):
        Followed(NOWHERE, tmp_path / "none.json").source.load()
    (tmp_path / "kept.json").write_text("{")
    with pytest.raises(SupergraphUnavailable, match="it is not JSON"):
        Followed(NOWHERE, tmp_path / "kept.json").source.load()


def test_what_the_registry_refuses_is_told(running: RunningRegistry, tmp_path: Path) -> None:
    for address, told in (
        (RegistryAddress(running.url, "shop@prod", "wrong"), "UNAUTHENTICATED"),
        (RegistryAddress(running.url, "shop@prod", running.token), "NOT_FOUND"),
    ):
        with pytest.raises(SupergraphUnavailable, match=told):
            Followed(address, tmp_path / "none.json").source.load()
