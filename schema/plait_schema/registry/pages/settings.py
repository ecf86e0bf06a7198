"""The page of what holds for a variant: its contracts, and how strict its checks are."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from plait_schema.checks.lint import lint_codes
from plait_schema.checks.settings import FailOn
from plait_schema.registry.errors import RegistryError
from plait_schema.registry.http.access import Access, require
from plait_schema.registry.model import VariantId
from plait_schema.registry.pages.forms import Sent
from plait_schema.registry.pages.looking import VARIANT, Looking
from plait_schema.registry.pages.rendering import page
from plait_schema.registry.pages.session import visitor_of
from plait_schema.registry.pages.settings_fields import LINT, fields_of, fields_sent, settings_of
from plait_schema.registry.settings_form import settings_in_words
from plait_schema.registry.tokens import Permission, Token

_STRICTNESS = (
    (FailOn.BREAKING, "breaking changes and errors"),
    (FailOn.DANGEROUS, "dangerous changes, too"),
    (FailOn.WARNING, "any warning"),
    (FailOn.NOTHING, "nothing"),
)


def settings_pages(look: Looking, access: Access) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    visitor = Annotated[Token, Depends(visitor_of(access))]

    @routes.get(f"{VARIANT}/settings")
    async def settings(token: visitor, graph: str, variant: str, saved: bool = False) -> HTMLResponse:
        return await settings_page(look, token, VariantId(graph, variant), saved=saved)

    @routes.post(f"{VARIANT}/settings")
    async def set_settings(token: visitor, graph: str, variant: str, form: Sent) -> Response:
        variant_id = VariantId(graph, variant)
        require(token, Permission.APPROVE, variant_id)
        try:
            wanted = settings_of(form)
            for included in wanted.usage.included_variants:
                require(token, Permission.READ, VariantId.parse(included))
            await look.held.checks.set_settings(variant_id, wanted, by=token.name)
        except RegistryError as error:
            told = {"problem": error.message, "fields": fields_sent(form), "status": error.problem.status}
            return await settings_page(look, token, variant_id, **told)
        return RedirectResponse(f"/graphs/{graph}/{variant}/settings?saved=true", 303)

    return routes


async def settings_page(look: Looking, token: Token, variant_id: VariantId, **told: Any) -> HTMLResponse:
    """The page, with what `told` says of a form that was sent: what was wrong, or how a try went."""
    registry = look.held.registry
    opened = await look.opened(token, variant_id.graph, variant_id.variant)
    kept = await look.held.checks.store.settings(variant_id)
    contracts = [
        (one, await registry.store.variant(one.variant_id))
        for one in await registry.contracts.with_source(variant_id)
        if token.allows(Permission.READ, one.variant_id)
    ]
    contract = opened["contract"]
    contents = {
        **opened,
        "contracts": contracts,
        "settings": settings_in_words(kept),
        "fields": fields_of(kept),
        "strictness": _STRICTNESS,
        "rules": lint_codes(),
        "may_set": token.allows(Permission.APPROVE, variant_id),
        "may_publish": token.allows(Permission.PUBLISH, variant_id),
        "may_change_source": contract is not None and token.allows(Permission.READ, contract.source),
        "wanted": None,
        "tried": None,
        "problem": None,
        "saved": False,
        **told,
    }
    says_lint = any(value for name, value in contents["fields"].items() if name.startswith(LINT))
    return page("settings.html", **contents, lint_is_said=says_lint)
