"""What was asked of a graph, or stands in a folder, is planned before another graph is served."""

import logging

import pytest

from plait_gateway.clients.coroutines import sending
from plait_gateway.clients.send import SubgraphRequest, SubgraphResponse
from plait_gateway.config import AuthorizationConfig, LimitsConfig, SubgraphErrorsConfig, WarmUpConfig
from plait_gateway.pipeline import Gate, GraphQLRequest, Pipeline, Prepared
from plait_gateway.pipeline.disclosure import Disclosure
from plait_gateway.supergraph import ServedGraph, load_graph
from tests.gateway.shop import SUPERGRAPH

NAMES = "query Names($all: Boolean = false) { products { name related @include(if: $all) { name } } }"


class Warm:
    """A pipeline over subgraphs without products, on two versions of the shop's graph."""

    def __init__(self) -> None:
        self.old = load_graph(SUPERGRAPH)
        self.new = load_graph(SUPERGRAPH.replace("left: Int", "remaining: Int"))
        self.pipeline = Pipeline(
            lambda _: sending(self.answer),
            LimitsConfig(),
            lambda _, labels: labels,
            Disclosure(SubgraphErrorsConfig()),
            Gate(AuthorizationConfig()),
            introspection=True,
            expose_query_plans=False,
        )

    async def answer(self, _: SubgraphRequest) -> SubgraphResponse:
        return SubgraphResponse(200, "application/json", b'{"data":{"products":[],"whoAmI":"me"}}')

    async def ask(self, graph: ServedGraph, query: str, **variables: bool) -> None:
        prepared = await self.pipeline.prepare(GraphQLRequest(query, variables=variables), graph)
        assert isinstance(prepared, Prepared)
        await self.pipeline.run(prepared)

    async def made_for(self, graph: ServedGraph, query: str, **variables: bool) -> tuple[int, int]:
        """How many plans, and programs, a request has to wait for."""
        counts, counters = self.pipeline.cache_counts["plans"], self.pipeline.counters
        misses, compiled = counts.misses, counters.programs_compiled
        await self.ask(graph, query, **variables)
        return counts.misses - misses, counters.programs_compiled - compiled


async def test_what_was_asked_again_is_ready_for_the_next_graph_with_its_programs() -> None:
    warm = Warm()
    for _ in range(3):
        await warm.ask(warm.old, NAMES)
        await warm.ask(warm.old, NAMES, all=True)
    await warm.ask(warm.old, "{ whoAmI }")  # once
    await warm.pipeline.warm_up(warm.new, WarmUpConfig())
    assert await warm.made_for(warm.new, NAMES) == (0, 0)
    assert await warm.made_for(warm.new, NAMES, all=True) == (0, 0)
    assert (await warm.made_for(warm.new, "{ whoAmI }"))[0] == 1


async def test_no_more_operations_than_are_allowed() -> None:
    warm = Warm()
    for query in ("{ products { name } }", "{ whoAmI }"):
        await warm.ask(warm.old, query)
        await warm.ask(warm.old, query)
    await warm.pipeline.warm_up(warm.new, WarmUpConfig(operations=1))
    assert await warm.made_for(warm.new, "{ whoAmI }") == (0, 0)  # which was asked last
    assert (await warm.made_for(warm.new, "{ products { name } }"))[0] == 1


async def test_what_the_next_graph_does_not_have_is_passed_over() -> None:
    warm = Warm()
    for _ in range(2):
        await warm.ask(warm.old, "{ whoAmI }")
        await warm.ask(warm.old, "{ products { left } }")
    await warm.pipeline.warm_up(warm.new, WarmUpConfig())
    assert await warm.made_for(warm.new, "{ whoAmI }") == (0, 0)


async def test_documents_are_ready_from_the_start(caplog: pytest.LogCaptureFixture) -> None:
    warm = Warm()
    documents = {"a.graphql": "query A { whoAmI } query B { products { name } }", "b.graphql": "{ nothing }"}
    with caplog.at_level(logging.WARNING):
        await warm.pipeline.warm_up(warm.new, WarmUpConfig(), documents)
    assert "b.graphql does not fit the graph: Cannot query field 'nothing'" in caplog.text
    assert await warm.made_for(warm.new, "query Other { whoAmI }") == (0, 0)
    assert await warm.made_for(warm.new, "{ products { name } }") == (0, 0)


async def test_a_new_graph_is_not_held_back_for_longer_than_allowed() -> None:
    warm = Warm()
    for _ in range(2):
        await warm.ask(warm.old, "{ whoAmI }")
    await warm.pipeline.warm_up(warm.new, WarmUpConfig(seconds=1e-9))
    assert (await warm.made_for(warm.new, "{ whoAmI }"))[0] == 1
