"""The federation conformance kit in process: any composer's supergraphs, both ways of running a plan.

Its subgraphs punish poor plans: they fail where they are asked what no good plan would ask them.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
import pytest

from plait_gateway.app import create_app
from plait_gateway.authorization import Requirements
from plait_gateway.clients import Counts, by_subgraph, in_process
from plait_gateway.config import GatewayConfig, LimitsConfig
from plait_gateway.executor import ExecutionResult
from plait_gateway.executor.program import Counters
from plait_gateway.pipeline.document import read_document
from plait_gateway.pipeline.operation import choose_operation
from plait_gateway.pipeline.planning import plan_operation
from plait_gateway.pipeline.request import Executed, Refused, as_json
from plait_gateway.supergraph import ServedGraph, SupergraphHolder, load_graph
from plait_schema.composition import compose
from plait_schema.subgraph import SubgraphSource
from tests.conformance.kit import SUITES, Suite, difference, load_suite
from tests.gateway.asgi_client import AsgiClient

pytestmark = pytest.mark.skipif(not SUITES, reason="the kit is not beside the repository")


def of_another_composer(suite: Suite) -> str:
    """The supergraph that the suite has with it."""
    return suite.supergraph


def of_plait(suite: Suite) -> str:
    """The suite's subgraphs, composed here."""
    composition = compose(
        SubgraphSource(subgraph, f"http://{subgraph}.example/", sdl) for subgraph, sdl in suite.sdl.items()
    )
    assert composition.supergraph_sdl is not None, composition.diagnostics
    return composition.supergraph_sdl


@pytest.mark.parametrize("supergraph", [of_another_composer, of_plait])
@pytest.mark.parametrize("name", SUITES)
async def test_the_gateway(name: str, supergraph: Callable[[Suite], str]) -> None:
    suite = load_suite(name)
    holder = SupergraphHolder()
    assert holder.replace(supergraph(suite)) == ()
    client = AsgiClient(create_app(GatewayConfig(), holder, clients=suite.subgraphs))
    problems = []
    for test in suite.tests:
        answer = await client.graphql(test["query"], test.get("variables"), accept="application/json")
        problems.append(difference(test, answer.json))
    assert_none(suite, problems)


@pytest.mark.parametrize("supergraph", [of_another_composer, of_plait])
@pytest.mark.parametrize("name", SUITES)
async def test_both_ways_of_running_a_plan(name: str, supergraph: Callable[[Suite], str]) -> None:
    graph = load_graph(supergraph(load_suite(name)))
    for is_compiled in (True, False):
        suite, counters = load_suite(name), Counters()
        responses = [
            await answer(test, suite, graph, counters, is_compiled=is_compiled) for test in suite.tests
        ]
        assert_none(suite, map(difference, suite.tests, responses))
        if is_compiled:
            assert counters.executions_interpreted == counters.programs_refused.total()
        else:
            assert counters.programs_compiled == 0


async def answer(
    test: Mapping[str, Any], suite: Suite, graph: ServedGraph, counters: Counters, *, is_compiled: bool
) -> dict[str, Any]:
    """The response to one test: by the plan's program, or by the interpreter, which runs what is rare."""
    limits = LimitsConfig()
    document = read_document(test["query"], graph.supergraph.api_schema, max_tokens=limits.tokens)
    if isinstance(document, Refused):
        return as_json(document)
    chosen = choose_operation(
        document.ast,
        None,
        graph.query_graph,
        Requirements(graph.supergraph.api_schema, {}),
        max_items=limits.list_items,
    )
    assert not isinstance(chosen, Refused)
    variables = chosen.coerce(test.get("variables") or {})
    assert not isinstance(variables, Refused)
    executable = plan_operation(
        chosen.operation,
        graph,
        frozenset(),
        max_fields=limits.fields,
        counters=counters,
        is_rare=not is_compiled,
    )
    assert not isinstance(executable, Refused)
    sends = {
        name: in_process(app, f"http://{name}/", max_response_bytes=2**20)
        for name, app in suite.subgraphs.items()
    }
    send = by_subgraph(sends, Counts())
    outcome = await executable.execute(variables, send=send)
    errors = outcome.errors if isinstance(outcome, ExecutionResult) else ()
    decoded: dict[str, Any] = json.loads(msgspec.json.encode(as_json(Executed(outcome.data, errors))))
    return decoded


def assert_none(suite: Suite, problems: Iterable[str | None]) -> None:
    found = [f"{suite.folder.name}_{at}: {problem}" for at, problem in enumerate(problems) if problem]
    assert not found, "\n\n".join(found)
