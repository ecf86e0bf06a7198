"""The federation conformance kit, run on the whole gateway in process."""

import pytest

from plait_gateway.app import create_app
from plait_gateway.config import GatewayConfig
from plait_gateway.supergraph import SupergraphHolder
from plait_schema.composition import compose
from plait_schema.subgraph import SubgraphSource
from tests.conformance.kit import SUITES, Suite, difference, load_suite
from tests.gateway.asgi_client import AsgiClient

pytestmark = pytest.mark.skipif(not SUITES, reason="the kit is not beside the repository")


@pytest.mark.parametrize("name", SUITES)
async def test_a_supergraph_of_another_composer(name: str) -> None:
    suite = load_suite(name)
    await answers_all_tests(suite, suite.supergraph)


@pytest.mark.parametrize("name", SUITES)
async def test_a_supergraph_of_plaits_own(name: str) -> None:
    suite = load_suite(name)
    composition = compose(
        SubgraphSource(subgraph, f"http://{subgraph}.example/", sdl) for subgraph, sdl in suite.sdl.items()
    )
    assert composition.supergraph_sdl is not None, composition.diagnostics
    await answers_all_tests(suite, composition.supergraph_sdl)


async def answers_all_tests(suite: Suite, supergraph: str) -> None:
    """Send the suite's queries in their order, and compare by the kit's rules."""
    holder = SupergraphHolder()
    assert holder.replace(supergraph) == ()
    client = AsgiClient(create_app(GatewayConfig(), holder, clients=suite.subgraphs))
    problems = []
    for index, test in enumerate(suite.tests):
        answer = await client.graphql(test["query"], test.get("variables"), accept="application/json")
        if problem := difference(test, answer.json):
            problems.append(f"{suite.folder.name}_{index}: {problem}")
    assert not problems, "\n\n".join(problems)
