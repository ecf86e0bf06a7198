"""The registry's pages: rendered here, readable without scripts, in light and dark.

`variants.py`, `history.py`, `schema.py`, `operations.py`, `checks.py`, `settings.py`, `contracts.py`,
`tokens.py`, `webhooks.py` and `login.py` are the pages, `templates/` their looks, `forms.py` what people
typed, `pictures/` what is drawn, `looking.py` what they look at, `session.py` who does.
"""

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles

from plait_schema.registry.http.access import Access
from plait_schema.registry.opening import OpenRegistry
from plait_schema.registry.pages.checks import check_pages
from plait_schema.registry.pages.contracts import contract_pages
from plait_schema.registry.pages.history import history_pages
from plait_schema.registry.pages.login import login_pages
from plait_schema.registry.pages.looking import Looking
from plait_schema.registry.pages.operations import operation_pages
from plait_schema.registry.pages.rendering import STATIC
from plait_schema.registry.pages.schema import schema_pages
from plait_schema.registry.pages.session import LoginNeeded
from plait_schema.registry.pages.settings import settings_pages
from plait_schema.registry.pages.tokens import token_pages
from plait_schema.registry.pages.variants import variant_pages
from plait_schema.registry.pages.webhooks import webhook_pages
from plait_schema.registry.registry import Clock


def add_pages(app: FastAPI, held: OpenRegistry, access: Access, clock: Clock) -> None:
    """All pages, and what they are made of."""
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(login_pages(access))
    look = Looking(held, clock)
    app.include_router(variant_pages(look, access))
    app.include_router(history_pages(look, access))
    app.include_router(schema_pages(look, access))
    app.include_router(operation_pages(look, access))
    app.include_router(settings_pages(look, access))
    app.include_router(contract_pages(look, access))
    app.include_router(check_pages(look, access))
    app.include_router(token_pages(held, access, clock))
    app.include_router(webhook_pages(held, access, clock))

    @app.exception_handler(LoginNeeded)
    async def login_needed(request: Request, _: Exception) -> Response:
        to = request.url.path if request.method == "GET" else "/"
        return RedirectResponse(f"/login?to={to}", 303)
