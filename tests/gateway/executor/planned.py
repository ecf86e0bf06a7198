"""From subgraphs and an operation to a result, by composing, planning and executing."""

from collections.abc import Mapping
from typing import Any

from graphql import parse

from plait_gateway.executor import ExecutionResult, execute
from plait_gateway.planner import Operation, plan
from plait_schema.composition import compose
from plait_schema.query_graph import build_query_graph
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph import read_supergraph
from tests.gateway.executor.world import Answering, Subgraphs


async def run(
    text: str,
    sdl: Mapping[str, str],
    answers: Mapping[str, Answering],
    variables: Mapping[str, Any] | None = None,
) -> tuple[ExecutionResult, Subgraphs]:
    """Compose, plan and execute; gives the result and what the subgraphs were asked."""
    sources = [SubgraphSource(name, f"http://{name}.example", one) for name, one in sdl.items()]
    composition = compose(sources)
    assert composition.supergraph_sdl is not None, composition.diagnostics
    graph = build_query_graph(read_supergraph(composition.supergraph_sdl))
    operation = Operation.from_document(parse(text))
    subgraphs = Subgraphs(answers)
    result = await execute(
        plan(operation, graph),
        operation,
        schema=graph.schema,
        api_schema=graph.api_schema,
        variables=variables or {},
        send=subgraphs.send,
    )
    return result, subgraphs
