"""The registry over HTTP: one ASGI app from its API and its pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from sqlalchemy import select

from plait_schema.registry.http.access import Access
from plait_schema.registry.http.administration import administration_routes
from plait_schema.registry.http.bodies import HealthAnswer, ProblemAnswer
from plait_schema.registry.http.checks import check_routes
from plait_schema.registry.http.delivery import delivery_routes
from plait_schema.registry.http.problems import answer_problems
from plait_schema.registry.http.size_limit import SizeLimit
from plait_schema.registry.http.usage import usage_routes
from plait_schema.registry.http.variants import variant_routes
from plait_schema.registry.http.webhooks import webhook_routes
from plait_schema.registry.opening import OpenRegistry
from plait_schema.registry.pages import add_pages
from plait_schema.registry.registry import Clock, system_clock
from plait_schema.registry.tokens import Token


def create_app(held: OpenRegistry, *, clock: Clock = system_clock, everyone: Token | None = None) -> FastAPI:
    """The ASGI app; its OpenAPI document is at /openapi.json. Who sends no token is `everyone`, if given."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        held.registry.delivery.end_waiting()

    app = FastAPI(
        title="plait registry",
        version=version("plait"),
        summary="Graphs, their variants, and every version of them.",
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
        responses={"4XX": {"model": ProblemAnswer}, "503": {"model": ProblemAnswer}},
    )
    access = Access(held.tokens, clock, everyone)
    answer_problems(app)
    app.add_middleware(SizeLimit)
    app.include_router(variant_routes(held.registry, access))
    app.include_router(delivery_routes(held.registry, access))
    app.include_router(usage_routes(held.registry, held.usage, access, clock))
    app.include_router(check_routes(held.registry, held.checks, access))
    app.include_router(administration_routes(held.tokens, access, clock))
    app.include_router(webhook_routes(held.webhooks, access, clock))

    add_pages(app, held, access, clock)

    @app.get("/livez", tags=["health"])
    async def livez() -> HealthAnswer:
        """The process answers."""
        return HealthAnswer(status="ok")

    @app.get("/readyz", tags=["health"])
    async def readyz() -> HealthAnswer:
        """The database answers, too."""
        async with held.database.read() as connection:
            await connection.execute(select(1))
        return HealthAnswer(status="ok")

    return app
