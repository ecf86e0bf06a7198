"""ASGI apps served over HTTP on this machine, for a gateway in another process."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Literal

import uvicorn

from plait_gateway.asgi import ASGIApp, Receive, Scope, SendMessage
from plait_gateway.server.run import listen


@asynccontextmanager
async def served(
    apps: Mapping[str, ASGIApp], http: type[asyncio.Protocol] | Literal["auto"] = "auto"
) -> AsyncIterator[str]:
    """Each app under its name; yields the address before the names."""

    async def by_path(scope: Scope, receive: Receive, send: SendMessage) -> None:
        await apps[scope["path"].strip("/")](scope, receive, send)

    async with serving(by_path, http) as url:
        yield url


@asynccontextmanager
async def serving(
    app: ASGIApp, http: type[asyncio.Protocol] | Literal["auto"] = "auto"
) -> AsyncIterator[str]:
    """One app; yields its address."""
    config = uvicorn.Config(
        app, http=http, lifespan="off", log_config=None, access_log=False, ws="none", proxy_headers=False
    )
    server = uvicorn.Server(config)
    with listen("127.0.0.1", 0) as listening:
        # Without `serve`, which would take the test run's signals.
        config.load()
        server.lifespan = config.lifespan_class(config)
        await server.startup(sockets=[listening])
        running = asyncio.create_task(server.main_loop())
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running
            await server.shutdown(sockets=[listening])
