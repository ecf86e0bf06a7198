"""The page of tokens and of the audit log, for admins."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from plait_schema.registry.errors import RegistryError
from plait_schema.registry.http.access import Access, require
from plait_schema.registry.opening import OpenRegistry
from plait_schema.registry.pages.rendering import page
from plait_schema.registry.pages.session import visitor_of
from plait_schema.registry.registry import Clock
from plait_schema.registry.tokens import Permission, Scope, Token, hash_of, new_secret

_ENTRIES: Final = 50


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
    async def create(
        token: visitor,
        name: Annotated[str, Form(max_length=200)],
        scopes: Annotated[str, Form(max_length=2000)],
    ) -> HTMLResponse:
        require(token, Permission.ADMIN, None)
        try:
            parsed = [Scope.parse(scope) for scope in scopes.split()]
        except RegistryError as error:
            return await shown(token, made=None, problem=error.message)
        secret = new_secret()
        await held.tokens.add(name, hash_of(secret), parsed, by=token.name, now=clock())
        return await shown(token, made=secret, problem=None)

    @routes.post("/tokens/{number}/revoke")
    async def revoke(token: visitor, number: int) -> Response:
        require(token, Permission.ADMIN, None)
        await held.tokens.revoke(number, by=token.name, now=clock())
        return RedirectResponse("/tokens", 303)

    return routes
