"""Pages of the checks of a variant, where findings are approved, and approvals withdrawn."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from plait_schema.checks.report import TITLES
from plait_schema.registry.http.access import Access, require
from plait_schema.registry.http.numbers import Number
from plait_schema.registry.model import VariantId
from plait_schema.registry.pages.forms import Sent, day_of, required, text_of
from plait_schema.registry.pages.looking import VARIANT, Looking
from plait_schema.registry.pages.rendering import page
from plait_schema.registry.pages.session import visitor_of
from plait_schema.registry.tokens import Permission, Token

_PAGE: Final = 50


def check_pages(look: Looking, access: Access) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    visitor = Annotated[Token, Depends(visitor_of(access))]
    checks = look.held.checks

    @routes.get(f"{VARIANT}/checks")
    async def all_checks(
        token: visitor, graph: str, variant: str, before: Annotated[Number | None, Query()] = None
    ) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        found = await checks.store.history(shown["id"], before=before, limit=_PAGE)
        more = found[-1].number if len(found) == _PAGE and found[-1].number > 1 else None
        approvals = await checks.approvals.all(shown["id"])
        return page(
            "checks.html",
            **shown,
            checks=found,
            approvals=approvals.values(),
            may_approve=token.allows(Permission.APPROVE, shown["id"]),
            more=more,
        )

    @routes.get(f"{VARIANT}/checks/{{number}}")
    async def one_check(token: visitor, graph: str, variant: str, number: Number) -> HTMLResponse:
        shown = await look.opened(token, graph, variant)
        check = await checks.store.check(shown["id"], number)
        approvals = await checks.approvals.all(shown["id"])
        failing = [one for one, found in check.findings.items() if found["fails"] and one not in approvals]
        return page(
            "check.html",
            **shown,
            check=check,
            titles=TITLES,
            approvals=approvals,
            failing=failing,
            may_approve=token.allows(Permission.APPROVE, shown["id"]),
        )

    @routes.post(f"{VARIANT}/checks/{{number}}/approve")
    async def approve(token: visitor, graph: str, variant: str, number: Number, form: Sent) -> Response:
        variant_id = VariantId(graph, variant)
        require(token, Permission.APPROVE, variant_id)
        fingerprint = text_of(form, "fingerprint")
        await checks.approve(
            variant_id,
            [fingerprint] if fingerprint else [],
            of=number,
            reason=required(form, "reason"),
            until=day_of(form, "until"),
            by=token.name,
        )
        return RedirectResponse(f"/graphs/{graph}/{variant}/checks/{number}#{fingerprint}", 303)

    @routes.post(f"{VARIANT}/approvals/withdraw")
    async def withdraw(token: visitor, graph: str, variant: str, form: Sent) -> Response:
        variant_id = VariantId(graph, variant)
        require(token, Permission.APPROVE, variant_id)
        await checks.withdraw(variant_id, required(form, "fingerprint"), by=token.name)
        return RedirectResponse(f"/graphs/{graph}/{variant}/checks", 303)

    return routes
