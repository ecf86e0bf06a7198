"""The page of tokens and of the audit log, for admins."""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from plait_schema.registry.errors import RegistryError
from plait_schema.registry.http.access import Access, require
from plait_schema.registry.http.numbers import Number
from plait_schema.registry.opening import OpenRegistry
from plait_schema.registry.pages.forms import Sent, required, whole_number_of
from plait_schema.registry.pages.rendering import page
from plait_schema.registry.pages.session import visitor_of
from plait_schema.registry.registry import Clock
from plait_schema.registry.tokens import Permission, Scope, Token, hash_of, new_secret

_ENTRIES: Final = 50
_MOST_DAYS: Final = 3650


def token_pages(held: OpenRegistry, access: Access, clock: Clock) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    visitor = Annotated[Token, Depends(visitor_of(access))]

    async def shown(token: Token, **more: Any) -> HTMLResponse:
        require(token, Permission.ADMIN, None)
        entries = await held.tokens.audit(before=None, limit=_ENTRIES)
        everyone = await held.tokens.all()
        now = clock()
        return page("tokens.html", visitor=token, tokens=everyone, entries=entries, now=now, **more)

    @routes.get("/tokens")
    async def list_tokens(token: visitor) -> HTMLResponse:
        return await shown(token, made=None, problem=None)

    @routes.post("/tokens")
    async def create(token: visitor, form: Sent) -> HTMLResponse:
        require(token, Permission.ADMIN, None)
        try:
            name, days = required(form, "name"), whole_number_of(form, "days", at_most=_MOST_DAYS)
            scopes = [Scope.parse(scope) for scope in required(form, "scopes").replace(",", " ").split()]
        except RegistryError as error:
            return await shown(token, status=error.problem.status, made=None, problem=error.message)
        secret, now = new_secret(), clock()
        ends = None if days is None else now + timedelta(days=days)
        await held.tokens.add(name[:200], hash_of(secret), scopes, by=token.name, now=now, expires_at=ends)
        return await shown(token, made=secret, problem=None)

    @routes.post("/tokens/{number}/revoke")
    async def revoke(token: visitor, number: Number) -> Response:
        require(token, Permission.ADMIN, None)
        await held.tokens.revoke(number, by=token.name, now=clock())
        return RedirectResponse("/tokens", 303)

    return routes
