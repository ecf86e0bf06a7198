"""Pages of what clients send: all operations, one of them, and the clients."""

import asyncio
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from plait_schema.registry.errors import NOT_FOUND
from plait_schema.registry.http.access import Access
from plait_schema.registry.http.numbers import Number
from plait_schema.registry.pages.looking import USAGE_DAYS, VARIANT, Looking
from plait_schema.registry.pages.operation_list import operation_list
from plait_schema.registry.pages.rendering import page
from plait_schema.registry.pages.session import visitor_of
from plait_schema.registry.pages.traffic import by_client, plots
from plait_schema.registry.tokens import Token

_PLOTTED: Final = timedelta(days=2)


def operation_pages(look: Looking, access: Access) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    visitor = Annotated[Token, Depends(visitor_of(access))]
    usage, clock = look.held.usage, look.clock

    @routes.get(f"{VARIANT}/operations")
    async def operations(
        token: visitor,
        graph: str,
        variant: str,
        words: Annotated[str, Query(alias="q", max_length=2000)] = "",
        sort: str = "requests",
        number: Annotated[Number, Query(alias="page")] = 1,
    ) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        hours = await usage.by_hour(shown["id"], clock() - _PLOTTED)
        found = await look.used(shown["id"])
        return page(
            "operations.html",
            **shown,
            count=len(found),
            list=await asyncio.to_thread(operation_list, found, words, sort, number),
            total=sum(one.requests for one in found),
            plots=plots(hours, clock()),
            days=USAGE_DAYS,
        )

    @routes.get(f"{VARIANT}/operations/{{digest}}")
    async def operation_page(token: visitor, graph: str, variant: str, digest: str) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        found = [one for one in await look.used(shown["id"]) if one.id == digest]
        if not found:
            raise NOT_FOUND.because("nobody has sent this operation lately.")
        hours = await usage.by_hour(shown["id"], clock() - _PLOTTED, operation=digest)
        return page("operation.html", **shown, operation=found[0], plots=plots(hours, clock()))

    @routes.get(f"{VARIANT}/clients")
    async def clients(token: visitor, graph: str, variant: str) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        rows = await usage.since([shown["id"]], clock() - timedelta(days=USAGE_DAYS))
        return page("clients.html", **shown, clients=by_client(rows), days=USAGE_DAYS)

    return routes
