"""Variants that are contracts of others: they follow, on SQLite and on PostgreSQL."""

import asyncio
from dataclasses import replace

import pytest

from plait_schema.contract import Contract
from plait_schema.registry.errors import RegistryError
from plait_schema.registry.model import Cause, ContractVariant, Outcome, State, VariantId
from plait_schema.registry.opening import OpenRegistry
from plait_schema.registry.registry import Registry
from plait_schema.subgraph import SubgraphSource
from tests.schema.registry.running import another_process
from tests.schema.registry.shop import BROKEN

PROD, PUBLIC = VariantId("shop", "prod"), VariantId("shop", "public")
WITHOUT_BETA = ContractVariant(PUBLIC, PROD, Contract("public", exclude=frozenset({"beta"})))

BETA = 'secret: Int @tag(name: "beta")'


def users(fields: str = f"name: String {BETA}", name: str = "users") -> SubgraphSource:
    link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag"])'
    sdl = f"{link} type Query {{ {name}: Of_{name} }} type Of_{name} {{ {fields} }}"
    return SubgraphSource(name, f"http://{name}", sdl)


async def publish(registry: Registry, *subgraphs: SubgraphSource) -> Outcome:
    return await registry.publish(PROD, subgraphs, by="ci")


async def refused(doing: object) -> str:
    with pytest.raises(RegistryError) as raised:
        await doing  # type: ignore[misc]
    return raised.value.problem.code


async def test_a_contract_follows_its_source(held: OpenRegistry) -> None:
    registry = held.registry
    await publish(registry, users())
    made = await registry.make_contract(WITHOUT_BETA, by="ops")
    assert (made.serving, made.version.state, made.version.source) == (1, State.COMPOSED, 1)
    etag = (await registry.delivery.served(PUBLIC)).etag
    waiting = asyncio.create_task(registry.delivery.served_beyond(PUBLIC, etag, wait=60))
    outcome = await publish(registry, users(f"name: String email: Int {BETA}"))
    (followed,) = outcome.contracts
    assert (followed.variant_id, followed.number, followed.source) == (PUBLIC, 2, 2)
    assert followed.cause is Cause.CONTRACT
    artifact = await waiting
    assert artifact is not None
    assert artifact.version == 2
    api_schema = await registry.store.text(followed.api_schema or "")
    assert "email" in api_schema
    assert "secret" not in api_schema
    # back to version 1 of the source is version 3 of both
    (back,) = (await registry.rollback(PROD, 1, by="ops")).contracts
    assert (back.number, back.source, back.supergraph) == (3, 3, made.version.supergraph)


async def test_a_contract_that_does_not_compose_stays_and_its_source_goes_on(held: OpenRegistry) -> None:
    registry = held.registry
    await publish(registry, users())
    await registry.make_contract(WITHOUT_BETA, by="ops")
    assert (await publish(registry, BROKEN)).contracts == ()
    outcome = await publish(registry, users(BETA))
    (stays,) = outcome.contracts
    assert (outcome.serving, stays.state) == (3, State.REFUSED)
    assert stays.findings
    assert (await registry.delivery.served(PUBLIC)).version == 1
    (mended,) = (await publish(registry, users())).contracts
    assert (mended.number, mended.state) == (3, State.COMPOSED)


async def test_a_contract_is_nothing_else(held: OpenRegistry) -> None:
    registry = held.registry
    make = registry.make_contract
    assert await refused(make(WITHOUT_BETA, by="ops")) == "NOT_FOUND"
    await registry.publish(PROD, [BROKEN], by="ci")
    assert await refused(make(WITHOUT_BETA, by="ops")) == "NOTHING_SERVED"
    await publish(registry, users(), users("a: Int", "reviews"))
    assert await refused(make(replace(WITHOUT_BETA, variant_id=PROD), by="ops")) == "CONTRACT_CONFLICT"
    other = replace(WITHOUT_BETA, variant_id=VariantId("other", "public"))
    assert await refused(make(other, by="ops")) == "CONTRACT_CONFLICT"
    assert (await make(WITHOUT_BETA, by="ops", dry_run=True)).serving is None
    assert await registry.store.variant(PUBLIC) is None
    await make(WITHOUT_BETA, by="ops")
    second = replace(WITHOUT_BETA, variant_id=VariantId("shop", "inner"), source=PUBLIC)
    assert await refused(make(second, by="ops")) == "CONTRACT_CONFLICT"
    upside_down = replace(WITHOUT_BETA, variant_id=PROD, source=PUBLIC)
    assert await refused(make(upside_down, by="ops")) == "CONTRACT_CONFLICT"
    assert await refused(registry.publish(PUBLIC, [users()], by="ci")) == "CONTRACT_CONFLICT"
    assert await refused(registry.rollback(PUBLIC, 1, by="ci")) == "CONTRACT_CONFLICT"


async def test_a_contract_that_ends_goes_its_own_way(held: OpenRegistry) -> None:
    registry = held.registry
    await publish(registry, users())
    await registry.make_contract(WITHOUT_BETA, by="ops")
    await registry.end_contract(PUBLIC, by="ops")
    assert (await publish(registry, users("other: Int"))).contracts == ()
    assert (await registry.publish(PUBLIC, [users("own: Int")], by="ci")).serving == 2
    assert await refused(registry.end_contract(PUBLIC, by="ops")) == "NOT_FOUND"
    assert await refused(registry.make_contract(WITHOUT_BETA, by="ops")) == "CONTRACT_CONFLICT"


async def test_a_change_of_a_contract_that_does_not_compose_changes_nothing(held: OpenRegistry) -> None:
    registry = held.registry
    await publish(registry, users())
    await registry.make_contract(WITHOUT_BETA, by="ops")
    nothing = replace(WITHOUT_BETA, contract=Contract("public", include=frozenset({"none"})))
    outcome = await registry.make_contract(nothing, by="ops")
    assert (outcome.version.state, outcome.serving, outcome.changed) == (State.REFUSED, 1, False)
    assert await registry.contracts.of(PUBLIC) == WITHOUT_BETA


async def test_changes_of_a_source_and_of_its_contracts_take_turns(held: OpenRegistry) -> None:
    """Also between processes: whatever comes first, the contract shows what its source has in the end."""
    registry, other = held.registry, another_process(held)
    await publish(registry, users())
    contracts = [
        replace(WITHOUT_BETA, variant_id=VariantId("shop", f"public{number}")) for number in range(3)
    ]
    await asyncio.gather(
        *(registry.make_contract(one, by="ops") for one in contracts),
        *(publish(other, users("a: Int", f"part{number}")) for number in range(4)),
    )
    newest = (await registry.store.existing(PROD)).latest
    for one in contracts:
        version = await registry.store.version(
            one.variant_id, (await registry.store.existing(one.variant_id)).head
        )
        assert (version.source, len(version.parts)) == (newest, 5)
