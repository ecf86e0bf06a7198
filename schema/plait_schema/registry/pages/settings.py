"""The page of what holds for a variant: its contracts, and how strict its checks are."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from plait_schema.registry.http.access import Access
from plait_schema.registry.pages.looking import VARIANT, Looking
from plait_schema.registry.pages.rendering import page
from plait_schema.registry.pages.session import visitor_of
from plait_schema.registry.settings_form import settings_in_words
from plait_schema.registry.tokens import Permission, Token


def settings_pages(look: Looking, access: Access) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    visitor = Annotated[Token, Depends(visitor_of(access))]

    @routes.get(f"{VARIANT}/settings")
    async def settings(token: visitor, graph: str, variant: str) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        registry = look.held.registry
        contracts = [
            (one, await registry.store.variant(one.variant_id))
            for one in await registry.contracts.with_source(shown["id"])
            if token.allows(Permission.READ, one.variant_id)
        ]
        kept = await look.held.checks.store.settings(shown["id"])
        return page("settings.html", **shown, contracts=contracts, settings=settings_in_words(kept))

    return routes
