"""An exchange leaves nothing behind that only the garbage collector would find: it looks for it rarely."""

import asyncio
import gc

from plait_gateway.clients import (
    Counts,
    HttpClient,
    SubgraphRequest,
    asking,
    by_subgraph,
    deduplicated,
    with_timeout,
)
from plait_gateway.executor.program import Completed, Counters, Executable
from plait_gateway.query_plan import parse_plan
from tests.gateway.clients.http.scripted import always, response, server
from tests.gateway.executor.world import ClientOperation, Graph

TIMES = 200  # what other threads leave meanwhile is less


async def test_exchanges_and_executions_leave_no_cycles() -> None:
    graph = Graph.of("type Query { today: String }")
    executable = Executable(
        parse_plan("""QueryPlan { Fetch(service: "stock") { { today } } }"""),
        ClientOperation.of("{ today }", graph.api_schema),
        schema=graph.schema,
        api_schema=graph.api_schema,
        counters=Counters(),
    )
    counts = Counts()
    async with asyncio.timeout(60), server(always(response(b'{"data":{"today":"1"}}'))) as running:
        client = HttpClient(connections=1)
        http = client.to(f"http://127.0.0.1:{running.port}/", max_response_bytes=1000)
        send = deduplicated(by_subgraph({"stock": with_timeout(http, 60, counts)}, counts), counts)
        ask = asking(send)

        async def once() -> None:
            await ask(SubgraphRequest("stock", "{ a }"))
            assert isinstance(await executable.execute({}, send=send), Completed)

        await once()
        gc.collect()
        gc.disable()
        try:
            for _ in range(TIMES):
                await once()
            left = gc.collect()
        finally:
            gc.enable()
        await client.close()
    assert left < TIMES  # not even one for each
