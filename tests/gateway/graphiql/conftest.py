"""A running gateway and a browser that looks at it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import uvicorn

from plait_gateway.app import create_app
from plait_gateway.config import GatewayConfig, GraphiQLConfig
from plait_gateway.server.run import listen
from plait_gateway.supergraph import Notices, SupergraphHolder, load_graph
from tests.browser import Browser
from tests.gateway.graphiql.browser import opened
from tests.gateway.shop import SUPERGRAPH, shop

#: Asks both subgraphs, one after the other; a header that goes on to subgraphs is shown by `whoAmI`.
DEFAULT_QUERY = """\
# Two subgraphs, one answer.
query Overview {
  whoAmI
  products { name left }
}
"""


@dataclass(frozen=True, slots=True)
class RunningGateway:
    """A gateway in dev mode on a port of its own; what it serves and what it says can be changed."""

    url: str
    supergraph: SupergraphHolder
    notices: Notices
    server: uvicorn.Server


@pytest.fixture
async def gateway() -> AsyncIterator[RunningGateway]:
    """The real gateway over the shop's graph."""
    holder, notices = SupergraphHolder(load_graph(SUPERGRAPH)), Notices()
    page = GraphiQLConfig(default_query=DEFAULT_QUERY, default_headers={"x-request-id": "from-the-page"})
    app = create_app(GatewayConfig(dev=True, graphiql=page), holder, clients=shop(), notices=notices)
    config = uvicorn.Config(app, ws="none", lifespan="on", log_config=None, timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    with listen("127.0.0.1", 0) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield RunningGateway(
            f"http://127.0.0.1:{listening.getsockname()[1]}/graphql", holder, notices, server
        )
        server.should_exit = True
        await serving


@pytest.fixture(params=["light", "dark"])
def color_scheme(request: pytest.FixtureRequest) -> str:
    """Both of the page's themes, as the system asks for them."""
    return str(request.param)


@pytest.fixture
async def browser(gateway: RunningGateway, request: pytest.FixtureRequest) -> AsyncIterator[Browser]:
    """GraphiQL as it opens, in the theme that the test asks for by `color_scheme`."""
    dark = "color_scheme" in request.fixturenames and request.getfixturevalue("color_scheme") == "dark"
    async with opened(gateway.url, shows="Overview", color_scheme="dark" if dark else "light") as browser:
        yield browser
