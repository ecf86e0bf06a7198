"""What the registry does with variants, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta

import pytest

from plait_schema.delivery import digest_of
from plait_schema.registry.errors import RegistryError
from plait_schema.registry.model import State, VariantId, Version
from plait_schema.registry.opening import OpenRegistry
from plait_schema.registry.registry import Registry
from plait_schema.subgraph import SubgraphSource
from tests.schema.registry.running import another_process
from tests.schema.registry.shop import BROKEN, reviews, users

PROD = VariantId("shop", "prod")


async def refused(doing: Awaitable[object]) -> str:
    with pytest.raises(RegistryError) as raised:
        await doing
    return raised.value.problem.code


async def published(registry: Registry, *subgraphs: SubgraphSource) -> Version:
    return (await registry.publish(PROD, subgraphs, by="ci")).version


async def test_publishing_composes_and_serves(held: OpenRegistry) -> None:
    outcome = await held.registry.publish(PROD, [users(), reviews()], by="ci")
    assert (outcome.serving, outcome.changed, outcome.version.state) == (1, True, State.COMPOSED)
    artifact = await held.registry.delivery.served(PROD)
    held.registry.delivery.public_key.verify(artifact)
    assert (artifact.graph, artifact.version) == ("shop@prod", 1)
    assert artifact.digest == digest_of(artifact.supergraph_sdl)
    assert "reviews: [Review!]!" in artifact.supergraph_sdl


async def test_what_does_not_compose_is_refused_and_on_record(held: OpenRegistry) -> None:
    await published(held.registry, users(), reviews())
    outcome = await held.registry.publish(PROD, [BROKEN], by="ci")
    assert (outcome.serving, outcome.changed, outcome.version.state) == (1, False, State.REFUSED)
    recorded = await held.registry.store.version(PROD, 2)
    assert [finding["code"] for finding in recorded.findings] == ["INVALID_GRAPHQL"]
    assert (await held.registry.delivery.served(PROD)).version == 1
    # the next publish builds on what was kept, not on what was refused
    assert (await published(held.registry, users("email: String"))).state is State.COMPOSED


async def test_first_subgraphs_wait_for_those_that_they_need(held: OpenRegistry) -> None:
    assert (await published(held.registry, reviews())).state is State.WAITING  # there is no Query yet
    assert await refused(held.registry.delivery.served(PROD)) == "NOTHING_SERVED"
    assert (await published(held.registry, users())).state is State.COMPOSED
    assert (await held.registry.delivery.served(PROD)).version == 2


async def test_publishing_the_same_again_changes_nothing(held: OpenRegistry) -> None:
    first = await published(held.registry, users())
    outcome = await held.registry.publish(PROD, [users()], by="ci")
    assert not outcome.changed
    assert outcome.version == first
    assert len(await held.registry.store.history(PROD, before=None, limit=10)) == 1


async def test_a_dry_run_stores_nothing(held: OpenRegistry) -> None:
    await published(held.registry, users(), reviews())
    outcome = await held.registry.delete(PROD, ["users"], by="ci", dry_run=True)
    assert outcome.version.state is State.REFUSED
    assert (await held.registry.store.existing(PROD)).latest == 1


async def test_deleting(held: OpenRegistry) -> None:
    await published(held.registry, users(), reviews())
    outcome = await held.registry.delete(PROD, ["reviews"], by="ci")
    assert outcome.version.state is State.COMPOSED
    assert [part.name for part in outcome.version.parts] == ["users"]
    assert await refused(held.registry.delete(PROD, ["reviews"], by="ci")) == "NOT_FOUND"
    assert await refused(held.registry.delete(PROD, ["users"], by="ci")) == "LAST_SUBGRAPH"
    assert await refused(held.registry.delete(VariantId("none"), ["users"], by="ci")) == "NOT_FOUND"


async def test_rolling_back_makes_a_new_version_of_an_old_one(held: OpenRegistry) -> None:
    first = await published(held.registry, users())
    await published(held.registry, reviews())
    await published(held.registry, BROKEN)
    outcome = await held.registry.rollback(PROD, 1, by="ops")
    assert (outcome.serving, outcome.version.parts) == (4, first.parts)
    assert (await held.registry.delivery.served(PROD)).digest == first.supergraph
    assert await refused(held.registry.rollback(PROD, 3, by="ops")) == "NOT_COMPOSED"
    assert await refused(held.registry.rollback(PROD, 9, by="ops")) == "NOT_FOUND"


async def test_concurrent_publishes_are_all_kept(held: OpenRegistry) -> None:
    """Also those of another process."""
    other = another_process(held)
    await published(held.registry, users())
    names = [f"part{number}" for number in range(8)]
    await asyncio.gather(
        *(
            registry.publish(
                PROD, [SubgraphSource(name, f"http://{name}", f"type Query {{ {name}: Int }}")], by=name
            )
            for name, registry in zip(names, [held.registry, other] * 4, strict=True)
        )
    )
    served = await held.registry.delivery.served(PROD)
    assert served.version == 9
    assert all(f"{name}: Int" in served.supergraph_sdl for name in names)
    versions = await held.registry.store.history(PROD, before=None, limit=20)
    assert [one.number for one in versions] == list(range(9, 0, -1))
    assert [len(one.parts) for one in versions] == list(range(9, 0, -1))


async def test_gateways_wait_for_news(held: OpenRegistry) -> None:
    await published(held.registry, users())
    etag = (await held.registry.delivery.served(PROD)).etag
    assert await held.registry.delivery.served_beyond(PROD, etag, wait=0) is None
    waiting = [
        asyncio.create_task(held.registry.delivery.served_beyond(PROD, etag, wait=60)) for _ in range(20)
    ]
    await published(held.registry, BROKEN)  # no news
    await published(held.registry, users("email: String"))
    artifacts = await asyncio.gather(*waiting)
    assert {artifact.version for artifact in artifacts if artifact} == {3}


async def test_two_subgraphs_of_one_name_are_no_publish(held: OpenRegistry) -> None:
    assert await refused(held.registry.publish(PROD, [users(), users()], by="ci")) == "INVALID_REQUEST"
    assert await refused(held.registry.publish(PROD, [], by="ci")) == "INVALID_REQUEST"


async def test_old_versions_are_forgotten_with_their_texts(held: OpenRegistry) -> None:
    first = await published(held.registry, users())
    for number in range(4):
        await published(held.registry, users(f"field{number}: Int"))
    await held.registry.rollback(PROD, 2, by="ops")
    assert await held.registry.prune(older_than=timedelta(0), keep=2) == 4
    kept = await held.registry.store.history(PROD, before=None, limit=10)
    assert [one.number for one in kept] == [6, 5]
    assert "field0: Int" in (await held.registry.delivery.served(PROD)).supergraph_sdl
    assert await refused(held.registry.store.text(first.parts[0].digest)) == "NOT_FOUND"
    assert await held.registry.prune(older_than=timedelta(days=1), keep=1) == 0


@pytest.mark.parametrize("name", ["", "1shop", "a" * 65, "shop prod", "shop/prod", "käse"])
def test_names(name: str) -> None:
    with pytest.raises(RegistryError, match="cannot name a graph"):
        VariantId(name)
    assert VariantId.parse("shop") == replace(PROD, variant="current")
