"""Forms that make a variant a contract of another one, change what it shows, or end it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from plait_schema.registry.errors import RegistryError
from plait_schema.registry.http.access import Access, require
from plait_schema.registry.model import ContractVariant, State, VariantId
from plait_schema.registry.pages.forms import Sent, required, text_of, words_of
from plait_schema.registry.pages.looking import VARIANT, Looking
from plait_schema.registry.pages.session import visitor_of
from plait_schema.registry.pages.settings import settings_page
from plait_schema.registry.tokens import Permission, Token


def contract_pages(look: Looking, access: Access) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    visitor = Annotated[Token, Depends(visitor_of(access))]
    registry = look.held.registry

    @routes.post(f"{VARIANT}/contracts")
    async def make(token: visitor, graph: str, variant: str, form: Sent) -> Response:
        """A new contract of the variant, or other tags for one that there is; a try changes nothing."""
        source = VariantId(graph, variant)
        require(token, Permission.READ, source)
        is_try = text_of(form, "do") == "try"
        try:
            contract = _contract(source, form)
            require(token, Permission.PUBLISH, contract.variant_id)
            outcome = await registry.make_contract(contract, by=token.name, dry_run=is_try)
        except RegistryError as error:
            status = error.problem.status
            told = {"problem": error.message, "wanted": dict(form), "status": status}
            return await settings_page(look, token, source, **told)
        if is_try:
            return await settings_page(look, token, source, wanted=dict(form), tried=outcome.version)
        base = f"/graphs/{graph}/{contract.variant_id.variant}"
        if outcome.version.state is State.COMPOSED:
            return RedirectResponse(f"{base}/settings?saved=true", 303)
        return RedirectResponse(f"{base}/history/{outcome.version.number}", 303)

    @routes.post(f"{VARIANT}/contract/end")
    async def end(token: visitor, graph: str, variant: str) -> Response:
        variant_id = VariantId(graph, variant)
        require(token, Permission.PUBLISH, variant_id)
        await registry.end_contract(variant_id, by=token.name)
        return RedirectResponse(f"/graphs/{graph}/{variant}/settings?saved=true", 303)

    return routes


def _contract(source: VariantId, form: FormData) -> ContractVariant:
    return ContractVariant.of(
        VariantId(source.graph, required(form, "name")),
        source,
        frozenset(words_of(form, "include")),
        frozenset(words_of(form, "exclude")),
        hide_unreachable_types=bool(text_of(form, "hide_unreachable_types")),
    )
