"""Pages of all variants, and of one: its subgraphs, history, operations and clients."""

from collections import Counter
from datetime import timedelta
from difflib import unified_diff
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from plait_schema.checks.changes import Change
from plait_schema.registry.errors import NOT_FOUND
from plait_schema.registry.http.access import Access, require
from plait_schema.registry.model import State, VariantId, Version
from plait_schema.registry.pages.explorer import fields_by_subgraph
from plait_schema.registry.pages.looking import USAGE_DAYS, VARIANT, Looking
from plait_schema.registry.pages.pictures.entity_graph import entities_of, entity_graph
from plait_schema.registry.pages.rendering import page
from plait_schema.registry.pages.session import visitor_of
from plait_schema.registry.pages.traffic import by_client, plots
from plait_schema.registry.tokens import Permission, Token

_PAGE: Final = 50  # versions


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

    @routes.get(f"{VARIANT}/history")
    async def history(
        token: visitor, graph: str, variant: str, before: Annotated[int | None, Query(ge=1)] = None
    ) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        versions = await registry.store.history(shown["id"], before=before, limit=_PAGE)
        more = versions[-1].number if len(versions) == _PAGE and versions[-1].number > 1 else None
        return page("history.html", **shown, versions=versions, more=more)

    @routes.get(f"{VARIANT}/history/{{number}}")
    async def version_page(token: visitor, graph: str, variant: str, number: int) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        version = await registry.store.version(shown["id"], number)
        before = await _before(version)
        return page(
            "version.html",
            **shown,
            version=version,
            before=before,
            differences=await _differences(version, before),
            changes=await _changes(version, before),
            may_roll_back=token.allows(Permission.PUBLISH, shown["id"]),
        )

    @routes.post(f"{VARIANT}/history/{{number}}/rollback")
    async def rollback(token: visitor, graph: str, variant: str, number: int) -> Response:
        variant_id = VariantId(graph, variant)
        require(token, Permission.PUBLISH, variant_id)
        outcome = await registry.rollback(variant_id, number, by=token.name)
        return RedirectResponse(f"/graphs/{graph}/{variant}/history/{outcome.version.number}", 303)

    @routes.get(f"{VARIANT}/operations")
    async def operations(token: visitor, graph: str, variant: str) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        hours = await usage.by_hour(shown["id"], clock() - timedelta(days=2))
        found = await look.used(shown["id"])
        return page(
            "operations.html",
            **shown,
            operations=found,
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
        hours = await usage.by_hour(shown["id"], clock() - timedelta(days=2), operation=digest)
        return page("operation.html", **shown, operation=found[0], plots=plots(hours, clock()))

    @routes.get(f"{VARIANT}/clients")
    async def clients(token: visitor, graph: str, variant: str) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        rows = await usage.since([shown["id"]], clock() - timedelta(days=USAGE_DAYS))
        return page("clients.html", **shown, clients=by_client(rows), days=USAGE_DAYS)

    async def _before(version: Version) -> Version | None:
        """What the version was built on, if it is still known."""
        found = await registry.store.history(version.variant_id, before=version.number, limit=_PAGE)
        return next((one for one in found if one.state is not State.REFUSED), None)

    async def _changes(version: Version, before: Version | None) -> tuple[Change, ...]:
        if before is None or before.supergraph is None or version.supergraph is None:
            return ()
        return await registry.changes(before, version)

    async def _differences(version: Version, before: Version | None) -> list[tuple[str, str]]:
        """What changed in the SDL, by subgraph."""
        old = {one.name: one for one in await registry.subgraphs(before)} if before else {}
        new = {one.name: one for one in await registry.subgraphs(version)}
        found = []
        for name in sorted(old.keys() | new.keys()):
            one, other = old.get(name), new.get(name)
            lines = unified_diff(
                one.sdl.splitlines() if one else [], other.sdl.splitlines() if other else [], lineterm=""
            )
            if text := "\n".join(list(lines)[2:]):
                found.append((name, text))
        return found

    return routes
