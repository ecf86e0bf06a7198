"""A running gateway and a browser that looks at it, watching for what a page must not do."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import uvicorn
from playwright.async_api import ConsoleMessage, Page, Request, async_playwright

from plait_gateway.app import create_app
from plait_gateway.config import GatewayConfig, GraphiQLConfig
from plait_gateway.server.run import listen
from plait_gateway.supergraph import Notices, SupergraphHolder, load_graph
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


@dataclass  # no slots: playwright keeps its wrappers of the handlers on their object
class Browser:
    """One page of a headless Chromium, and everything about it that should not have happened."""

    page: Page
    origin: str
    troubles: list[str] = field(default_factory=list)

    def on_console(self, message: ConsoleMessage) -> None:
        """Warnings and errors; breaches of the page's policy are among them."""
        if message.type in ("warning", "error"):
            self.troubles.append(f"{message.type}: {message.text}")

    def on_request(self, request: Request) -> None:
        """Requests to anybody but the gateway."""
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.troubles.append(f"request to {request.url}")


@pytest.fixture(params=["light", "dark"])
def color_scheme(request: pytest.FixtureRequest) -> str:
    """Both of the page's themes, as the system asks for them."""
    return str(request.param)


@pytest.fixture
async def browser(gateway: RunningGateway, request: pytest.FixtureRequest) -> AsyncIterator[Browser]:
    """GraphiQL as it opens, in the theme that the test asks for by `color_scheme`."""
    chromium = shutil.which("chromium")
    if chromium is None:
        message = "there is no chromium on the PATH (Debian: apt install chromium)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    dark = "color_scheme" in request.fixturenames and request.getfixturevalue("color_scheme") == "dark"
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        context = await launched.new_context(
            color_scheme="dark" if dark else "light", viewport={"width": 1400, "height": 850}
        )
        page = await context.new_page()
        browser = Browser(page, gateway.url.removesuffix("graphql"))
        page.on("console", browser.on_console)
        page.on("request", browser.on_request)
        page.on("pageerror", lambda error: browser.troubles.append(f"exception: {error}"))
        await page.goto(gateway.url)
        await page.locator(".graphiql-query-editor").get_by_text("Overview").wait_for()
        yield browser
        await launched.close()
