"""Pages of the versions of a variant: all of them, one with what it changed, and any two compared."""

from collections import Counter
from collections.abc import Mapping
from difflib import unified_diff
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from plait_schema.checks.changes import Criticality
from plait_schema.registry.http.access import Access, require
from plait_schema.registry.http.numbers import Number
from plait_schema.registry.model import State, VariantId, Version
from plait_schema.registry.pages.looking import VARIANT, Looking
from plait_schema.registry.pages.rendering import page
from plait_schema.registry.pages.session import visitor_of
from plait_schema.registry.registry import Registry
from plait_schema.registry.tokens import Permission, Token

_PAGE: Final = 50  # versions


def history_pages(look: Looking, access: Access) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    visitor = Annotated[Token, Depends(visitor_of(access))]
    registry = look.held.registry

    @routes.get(f"{VARIANT}/history")
    async def history(
        token: visitor, graph: str, variant: str, before: Annotated[Number | None, Query()] = None
    ) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        versions = await registry.store.history(shown["id"], before=before, limit=_PAGE)
        more = versions[-1].number if len(versions) == _PAGE and versions[-1].number > 1 else None
        composed = [one.number for one in versions if one.supergraph is not None]
        return page("history.html", **shown, versions=versions, composed=composed, more=more)

    @routes.get(f"{VARIANT}/history/{{number}}")
    async def version_page(token: visitor, graph: str, variant: str, number: Number) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        version = await registry.store.version(shown["id"], number)
        before = await _before(registry, version)
        return page(
            "version.html",
            **shown,
            version=version,
            before=before,
            **await _compared(registry, before, version),
            may_roll_back=token.allows(Permission.PUBLISH, shown["id"]),
        )

    @routes.get(f"{VARIANT}/compare")
    async def compare(
        token: visitor,
        graph: str,
        variant: str,
        before: Annotated[Number, Query(alias="from")],
        after: Annotated[Number, Query(alias="to")],
    ) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        old = await registry.store.version(shown["id"], before)
        new = await registry.store.version(shown["id"], after)
        compared = await _compared(registry, old, new)
        return page("compare.html", **shown, before=old, version=new, **compared)

    @routes.post(f"{VARIANT}/history/{{number}}/rollback")
    async def rollback(token: visitor, graph: str, variant: str, number: Number) -> Response:
        variant_id = VariantId(graph, variant)
        require(token, Permission.PUBLISH, variant_id)
        outcome = await registry.rollback(variant_id, number, by=token.name)
        return RedirectResponse(f"/graphs/{graph}/{variant}/history/{outcome.version.number}", 303)

    return routes


async def _before(registry: Registry, version: Version) -> Version | None:
    """What the version was built on, if it is still known."""
    found = await registry.store.history(version.variant_id, before=version.number, limit=_PAGE)
    return next((one for one in found if one.state is not State.REFUSED), None)


async def _compared(registry: Registry, before: Version | None, after: Version) -> Mapping[str, Any]:
    """The changes, how many of each criticality, and what is different in the SDL, by subgraph.

    Without changes where one of them did not compose.
    """
    is_composed = before is not None and before.supergraph is not None and after.supergraph is not None
    changes = await registry.changes(before, after) if before is not None and is_composed else ()
    counts = Counter(change.criticality for change in changes)
    return {
        "changes": changes,
        "is_composed": is_composed,
        "counts": {criticality.value: counts[criticality] for criticality in Criticality},
        "differences": await _differences(registry, before, after),
    }


async def _differences(registry: Registry, before: Version | None, after: Version) -> list[tuple[str, str]]:
    old = {one.name: one for one in await registry.subgraphs(before)} if before else {}
    new = {one.name: one for one in await registry.subgraphs(after)}
    found = []
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        lines = unified_diff(
            one.sdl.splitlines() if one else [], other.sdl.splitlines() if other else [], lineterm=""
        )
        if text := "\n".join(list(lines)[2:]):
            found.append((name, text))
    return found
