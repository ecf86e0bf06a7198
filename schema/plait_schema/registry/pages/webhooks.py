"""Pages of webhooks and of what was delivered to each, for admins."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from plait_schema.registry.errors import RegistryError
from plait_schema.registry.http.access import Access, require
from plait_schema.registry.http.numbers import Number
from plait_schema.registry.opening import OpenRegistry
from plait_schema.registry.pages.forms import Sent, required, text_of
from plait_schema.registry.pages.rendering import page
from plait_schema.registry.pages.session import visitor_of
from plait_schema.registry.registry import Clock
from plait_schema.registry.tokens import Permission, Token
from plait_schema.registry.webhooks.events import TOPICS, Topic
from plait_schema.registry.webhooks.webhook import Form

_PAGE: Final = 50
_MEANINGS: Final = {
    Topic.PUBLISHED: "A publish or deletion composes, and is served",
    Topic.NOT_COMPOSED: "A publish or deletion does not compose",
    Topic.ROLLED_BACK: "An earlier version is served again",
    Topic.CHECK_PASSED: "A check passed",
    Topic.CHECK_FAILED: "A check failed",
}


def webhook_pages(held: OpenRegistry, access: Access, clock: Clock) -> APIRouter:
    routes = APIRouter(include_in_schema=False)
    visitor = Annotated[Token, Depends(visitor_of(access))]
    store = held.webhooks.store

    async def shown(token: Token, *, status: int = 200, **more: Any) -> HTMLResponse:
        told = {"made": None, "problem": None, "wanted": {}, "wanted_events": ()} | more
        return page(
            "webhooks.html",
            status=status,
            visitor=token,
            webhooks=await store.all(),
            topics=[(str(topic), _MEANINGS[topic]) for topic in TOPICS],
            **told,
        )

    @routes.get("/webhooks")
    async def list_webhooks(token: visitor) -> HTMLResponse:
        require(token, Permission.ADMIN, None)
        return await shown(token)

    @routes.post("/webhooks")
    async def make(token: visitor, form: Sent) -> HTMLResponse:
        require(token, Permission.ADMIN, None)
        events = [str(event) for event in form.getlist("events")]
        try:
            _, secret = await held.webhooks.make(
                required(form, "name")[:200],
                required(form, "url"),
                events=events,
                of=text_of(form, "of") or "*@*",
                form=Form.SLACK if text_of(form, "form") == Form.SLACK else Form.JSON,
                by=token.name,
            )
        except RegistryError as error:
            wanted = {"problem": error.message, "wanted": dict(form), "wanted_events": events}
            return await shown(token, status=error.problem.status, **wanted)
        return await shown(token, made=secret)

    @routes.get("/webhooks/{webhook}")
    async def one_webhook(
        token: visitor, webhook: str, before: Annotated[Number | None, Query()] = None
    ) -> HTMLResponse:
        require(token, Permission.ADMIN, None)
        found = await store.deliveries(webhook, before=before, limit=_PAGE)
        return page(
            "webhook.html",
            visitor=token,
            webhook=await store.webhook(webhook),
            deliveries=found,
            more=found[-1].id if len(found) == _PAGE else None,
            now=clock(),
        )

    @routes.post("/webhooks/{webhook}/test")
    async def test(token: visitor, webhook: str) -> Response:
        require(token, Permission.ADMIN, None)
        await store.test(webhook, by=token.name, now=clock())
        return RedirectResponse(f"/webhooks/{webhook}", 303)

    @routes.post("/webhooks/{webhook}/again/{number}")
    async def again(token: visitor, webhook: str, number: Number) -> Response:
        require(token, Permission.ADMIN, None)
        await store.again(webhook, number, now=clock())
        return RedirectResponse(f"/webhooks/{webhook}", 303)

    @routes.post("/webhooks/{webhook}/remove")
    async def remove(token: visitor, webhook: str) -> Response:
        require(token, Permission.ADMIN, None)
        await store.remove(webhook, by=token.name, now=clock())
        return RedirectResponse("/webhooks", 303)

    return routes
