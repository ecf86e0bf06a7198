"""Pages of a variant's schema: its types, one of them, one field with who uses it, one subgraph's SDL."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from plait_schema.registry.errors import NOT_FOUND
from plait_schema.registry.http.access import Access
from plait_schema.registry.http.numbers import Number
from plait_schema.registry.model import VariantId
from plait_schema.registry.pages.explorer import ShownType, owners_of, shown_types
from plait_schema.registry.pages.looking import USAGE_DAYS, VARIANT, Looking
from plait_schema.registry.pages.rendering import page
from plait_schema.registry.pages.session import visitor_of
from plait_schema.registry.pages.type_list import type_list
from plait_schema.registry.tokens import Token
from plait_schema.supergraph import Supergraph


def schema_pages(look: Looking, access: Access) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    visitor = Annotated[Token, Depends(visitor_of(access))]

    @routes.get(f"{VARIANT}/schema")
    async def schema(
        token: visitor,
        graph: str,
        variant: str,
        words: Annotated[str, Query(alias="q", max_length=2000)] = "",
        number: Annotated[Number, Query(alias="page")] = 1,
    ) -> HTMLResponse:
        """All types, or those in which all words are found."""
        shown = await look.opened(token, graph, variant)
        supergraph = await look.served(shown["at"])
        if supergraph is None:
            return page("schema.html", **shown, list=None)
        types = await explored(supergraph, shown["id"])
        listed = type_list(types, words, number)
        return page("schema.html", **shown, list=listed, count=len(types), days=USAGE_DAYS)

    @routes.get(f"{VARIANT}/schema/{{type_name}}")
    async def one_type(token: visitor, graph: str, variant: str, type_name: str) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        supergraph = await look.served(shown["at"])
        types = await explored(supergraph, shown["id"]) if supergraph else ()
        found = [one for one in types if one.name == type_name]
        if not found:
            raise NOT_FOUND.because(f"there is no type {type_name[:200]} in {shown['id']}.")
        return page("type.html", **shown, list=type_list(found, type_name, 1), days=USAGE_DAYS)

    async def explored(supergraph: Supergraph, variant_id: VariantId) -> tuple[ShownType, ...]:
        """Takes seconds for hundreds of types and thousands of operations, hence a thread."""
        used = await look.used(variant_id)
        return await asyncio.to_thread(lambda: shown_types(supergraph, look.uses(supergraph).requests(used)))

    @routes.get(f"{VARIANT}/schema/{{type_name}}/{{field_name}}")
    async def field(
        token: visitor, graph: str, variant: str, type_name: str, field_name: str
    ) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        supergraph = await look.served(shown["at"])
        types = shown_types(supergraph, {}) if supergraph else ()
        found = [
            one
            for type_ in types
            if type_.name == type_name
            for one in type_.fields
            if one.name == field_name
        ]
        if supergraph is None or not found:
            raise NOT_FOUND.because(f"there is no {type_name}.{field_name} in {shown['id']}.")
        asking_for, used = look.uses(supergraph).asking_for, await look.used(shown["id"])
        operations = await asyncio.to_thread(asking_for, f"{type_name}.{field_name}", used)
        return page(
            "field.html",
            **shown,
            type_name=type_name,
            field=found[0],
            owners=owners_of(supergraph, type_name, field_name),
            operations=operations,
            requests=sum(one.requests for one in operations),
            days=USAGE_DAYS,
        )

    @routes.get(f"{VARIANT}/subgraphs/{{name}}")
    async def subgraph(token: visitor, graph: str, variant: str, name: str) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        sdl = await look.held.registry.subgraph_sdl(shown["id"], shown["at"].head, name)
        part = next(one for one in shown["head"].parts if one.name == name)
        return page("subgraph.html", **shown, part=part, sdl=sdl)

    return routes
