"""A compiled program gives what the reference interpreter gives, on good answers and on damaged ones."""

import json
import zlib
from dataclasses import dataclass

import pytest
from graphql import get_variable_values, parse, validate
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plait_gateway.clients import SubgraphRequest, SubgraphResponse
from plait_gateway.executor.program import Counters
from plait_gateway.planner import Operation, plan
from plait_schema.composition import compose
from plait_schema.query_graph import QueryGraph, build_query_graph
from plait_schema.supergraph import Supergraph, read_supergraph
from tests.gateway.executor.world import Subgraphs
from tests.gateway.program.both import both
from tests.gateway.properties.damage import Damage, damaged, damages
from tests.gateway.properties.features import features
from tests.gateway.properties.federations import Federation
from tests.gateway.properties.generation import random_federation, random_operation


@dataclass(frozen=True)
class World:
    federation: Federation
    supergraph: Supergraph
    graph: QueryGraph


def world(seed: int, *, subgraphs: int, entities: int, fields: int) -> World | None:
    """A random federation that composes."""
    federation = random_federation(seed, subgraphs=subgraphs, entities=entities, fields=fields)
    sdl = compose(federation.sources()).supergraph_sdl if federation.roots else None
    if sdl is None:
        return None
    supergraph = read_supergraph(sdl)
    return World(federation, supergraph, build_query_graph(supergraph))


async def agree(world: World, text: str, damage: Damage, counters: Counters) -> None:
    operation = Operation.from_document(parse(text))
    variables = get_variable_values(
        world.supergraph.api_schema, operation.definition.variable_definitions or (), {}
    )
    assert not isinstance(variables, list)

    def answer(request: SubgraphRequest) -> SubgraphResponse:
        body = json.dumps(world.federation.answer(request), separators=(",", ":")).encode()
        return SubgraphResponse(200, "application/json", damage(request.subgraph, body))

    await both(
        plan(operation, world.graph),
        operation,
        schema=world.supergraph.schema,
        api_schema=world.supergraph.api_schema,
        variables=variables.coerced,
        send=Subgraphs(dict.fromkeys(world.federation.subgraphs, answer)).send,
        counters=counters,
    )


@given(st.integers(0, 100_000), st.integers(2, 4), st.integers(0, 100_000), st.integers(1, 4), st.data())
@settings(max_examples=20, deadline=None)
async def test_both_agree_on_damaged_answers(
    seed: int, subgraphs: int, operation_seed: int, depth: int, data: st.DataObject
) -> None:
    found = world(seed, subgraphs=subgraphs, entities=3, fields=4)
    assume(found is not None)
    assert found is not None
    text = random_operation(operation_seed, found.federation.merged, depth=depth)
    assume(validate(found.federation.merged, parse(text)) == [])
    await agree(found, text, data.draw(damages(found.federation.subgraphs)), Counters())


def by_checksum(_: str, body: bytes) -> bytes:
    """Damages each answer, at a place and in a way that follow from it."""
    return damaged(body, [(zlib.crc32(body), zlib.crc32(body) // 7 % 6)], None)


@pytest.mark.parametrize(
    ("feature", "seed", "subgraphs", "operation_seed", "depth"),
    [
        ("mutation", 1, 3, 13, 1),
        ("several types", 0, 3, 1, 1),
        ("merged objects", 0, 3, 0, 1),
        ("renames", 2101, 2, 21015, 1),
        ("type conditions in representations", 33, 3, 331, 1),
        ("introspection", 0, 2, 2, 1),
        ("batch", 0, 2, 0, 1),
        ("entities for several paths", 0, 3, 3, 2),
        ("conditions in a batch", 0, 2, 1, 3),
    ],
)
async def test_each_feature_is_among_the_random_operations_and_compiled(
    feature: str, seed: int, subgraphs: int, operation_seed: int, depth: int
) -> None:
    """If the generator changes, other seeds have them."""
    found = world(seed, subgraphs=subgraphs, entities=3, fields=4)
    assert found is not None
    text = random_operation(operation_seed, found.federation.merged, depth=depth)
    query_plan = plan(Operation.from_document(parse(text)), found.graph)
    told = {"introspection"} if "__schema" in text or "__type(" in text else set()
    assert feature in features(query_plan) | told
    counters = Counters()
    await agree(found, text, lambda _, body: body, counters)
    assert counters == Counters(programs_compiled=1, executions_compiled=1)
    await agree(found, text, by_checksum, Counters())


async def test_programs_run_a_healthy_share() -> None:
    """Of the operations that these tests make, nearly all are compiled; damaged answers are handed over."""
    good, bad = Counters(), Counters()
    operations = 0
    for seed in range(14):
        found = world(seed, subgraphs=3, entities=3, fields=4)
        if found is None:
            continue

        for depth in (1, 2, 3):
            text = random_operation(seed * 10 + depth, found.federation.merged, depth=depth)
            if validate(found.federation.merged, parse(text)):
                continue
            operations += 1
            await agree(found, text, lambda _, body: body, good)
            await agree(found, text, by_checksum, bad)
    assert good.executions_compiled > 0.5 * operations
    handed_over = good.executions_handed_over.total()  # custom scalars whose values are objects
    assert handed_over < 0.3 * operations
    assert {"errors", "unexpected"} <= bad.executions_handed_over.keys()
