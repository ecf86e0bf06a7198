"""Pages to log in with a token, and out again."""

from typing import Annotated, TypeAlias

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from plait_schema.registry.errors import RegistryError
from plait_schema.registry.http.access import Access
from plait_schema.registry.pages.rendering import page
from plait_schema.registry.pages.session import log_in, log_out, refuse_other_sites

Entered: TypeAlias = Annotated[str, Form(max_length=2000)]


def login_pages(access: Access) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/login")
    async def login_page(to: str = "/") -> HTMLResponse:
        return page("login.html", to=to, problem=None, visitor=None)

    @routes.post("/login")
    async def login(request: Request, secret: Entered, to: Entered = "/") -> Response:
        refuse_other_sites(request)
        try:
            await access.token_of(secret.strip())
        except RegistryError as error:
            return page("login.html", status=401, to=to, problem=error.message, visitor=None)
        answer = RedirectResponse(to if to.startswith("/") and not to.startswith("//") else "/", 303)
        log_in(answer, secret.strip(), request)
        return answer

    @routes.post("/logout")
    async def logout(request: Request) -> Response:
        refuse_other_sites(request)
        answer = RedirectResponse("/login", 303)
        log_out(answer)
        return answer

    return routes
