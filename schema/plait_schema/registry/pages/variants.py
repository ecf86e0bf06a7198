"""Pages of all variants, and of one with its subgraphs."""

from collections import Counter
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from plait_schema.registry.http.access import Access
from plait_schema.registry.pages.explorer import fields_by_subgraph
from plait_schema.registry.pages.looking import VARIANT, Looking
from plait_schema.registry.pages.pictures.entity_graph import entities_of, entity_graph
from plait_schema.registry.pages.rendering import page
from plait_schema.registry.pages.session import visitor_of
from plait_schema.registry.tokens import Permission, Token


def variant_pages(look: Looking, access: Access) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    visitor = Annotated[Token, Depends(visitor_of(access))]
    held, clock = look.held, look.clock
    registry, usage = held.registry, held.usage

    @routes.get("/")
    async def overview(token: visitor) -> HTMLResponse:
        rows, contracts = [], await registry.contracts.all()
        for one in await registry.store.variants():
            if token.allows(Permission.READ, one.variant_id):
                hours = await usage.by_hour(one.variant_id, clock() - timedelta(days=1))
                newest = await registry.store.version(one.variant_id, one.latest)
                requests = sum(hour.requests for hour in hours)
                rows.append((one, newest, requests, contracts.get(one.variant_id)))
        return page("overview.html", visitor=token, rows=rows, now=clock())

    @routes.get(VARIANT)
    async def subgraphs(token: visitor, graph: str, variant: str) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        supergraph = await look.served(shown["at"])
        entities = entities_of(supergraph) if supergraph else ()
        picture = entity_graph(supergraph.subgraphs, entities) if supergraph else None
        return page(
            "subgraphs.html",
            **shown,
            entities=entities,
            picture=picture,
            resolved=fields_by_subgraph(supergraph) if supergraph else {},
            counts=Counter(name for entity in entities for name in entity.keys),  # its keys
        )

    return routes
