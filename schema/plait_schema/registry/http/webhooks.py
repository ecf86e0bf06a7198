"""Routes of webhooks, for who runs the registry."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from plait_schema.registry.http.access import Access
from plait_schema.registry.http.bodies import Body, Line, Name
from plait_schema.registry.http.numbers import Number
from plait_schema.registry.registry import Clock
from plait_schema.registry.tokens import Permission, Token
from plait_schema.registry.webhooks.events import TOPICS
from plait_schema.registry.webhooks.making import Webhooks
from plait_schema.registry.webhooks.webhook import Form, Webhook, WebhookDelivery


class WebhookBody(Body):
    """A webhook to be made."""

    name: Name
    url: Line = Field(description="Where events are sent; it is sealed, and not shown again.")
    events: list[Line] = Field(
        min_length=1, description=f"Any of {', '.join(TOPICS)}.", examples=[["published", "check_failed"]]
    )
    of: Line = Field(default="*@*", description="Which variants, as in the scopes of tokens: shop@*.")
    form: Form = Form.JSON


class WebhookAnswer(Body):
    id: str
    name: str
    host: str
    events: list[str]
    of: str
    form: Form
    by: str
    created_at: datetime
    secret: str | None = Field(
        default=None, description="What signatures are verified with; only in the answer that made it."
    )

    @classmethod
    def from_(cls, webhook: Webhook, secret: str | None = None) -> "WebhookAnswer":
        return cls(
            id=webhook.id,
            name=webhook.name,
            host=webhook.host,
            events=[str(topic) for topic in webhook.topics],
            of=webhook.pattern,
            form=webhook.form,
            by=webhook.by,
            created_at=webhook.created_at,
            secret=secret,
        )


class WebhooksAnswer(Body):
    webhooks: list[WebhookAnswer]


class DeliveryAnswer(Body):
    """An event on its way; `status` and `reason` are of the last attempt, `due` is when the next one is."""

    id: int
    event: str
    target: str | None
    at: datetime
    data: dict[str, Any]
    state: str = Field(description="pending, delivered or failed")
    attempts: int
    due: datetime | None
    status: int | None
    reason: str | None
    finished_at: datetime | None

    @classmethod
    def of(cls, delivery: WebhookDelivery) -> "DeliveryAnswer":
        return cls(
            id=delivery.id,
            event=str(delivery.topic),
            target=delivery.target,
            at=delivery.at,
            data=dict(delivery.data),
            state=str(delivery.state),
            attempts=delivery.attempts,
            due=delivery.due,
            status=delivery.status,
            reason=delivery.reason,
            finished_at=delivery.finished_at,
        )


class DeliveriesAnswer(Body):
    deliveries: list[DeliveryAnswer]


def webhook_routes(webhooks: Webhooks, access: Access, clock: Clock) -> APIRouter:
    routes = APIRouter(tags=["webhooks"])
    admin = Annotated[Token, Depends(access.to(Permission.ADMIN))]
    store = webhooks.store

    @routes.get("/api/webhooks")
    async def list_webhooks(_: admin) -> WebhooksAnswer:
        """All webhooks, without their addresses and secrets."""
        return WebhooksAnswer(webhooks=[WebhookAnswer.from_(one) for one in await store.all()])

    @routes.post("/api/webhooks", status_code=201)
    async def create_webhook(token: admin, body: WebhookBody) -> WebhookAnswer:
        """Make a webhook. Its secret is in this answer, and nowhere else."""
        webhook, secret = await webhooks.make(
            body.name, body.url, events=body.events, of=body.of, form=body.form, by=token.name
        )
        return WebhookAnswer.from_(webhook, secret)

    @routes.delete("/api/webhooks/{webhook}")
    async def remove_webhook(token: admin, webhook: str) -> WebhookAnswer:
        """Remove a webhook, and what was to be delivered to it."""
        return WebhookAnswer.from_(await store.remove(webhook, by=token.name, now=clock()))

    @routes.post("/api/webhooks/{webhook}/test", status_code=202)
    async def test_webhook(token: admin, webhook: str) -> WebhookAnswer:
        """Send it a test event."""
        return WebhookAnswer.from_(await store.test(webhook, by=token.name, now=clock()))

    @routes.get("/api/webhooks/{webhook}/deliveries")
    async def deliveries(
        _: admin,
        webhook: str,
        before: Annotated[Number | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> DeliveriesAnswer:
        """What was and is to be delivered to it, the newest first."""
        found = await store.deliveries(webhook, before=before, limit=limit)
        return DeliveriesAnswer(deliveries=[DeliveryAnswer.of(one) for one in found])

    @routes.post("/api/webhooks/{webhook}/deliveries/{number}/again", status_code=202)
    async def deliver_again(_: admin, webhook: str, number: Number) -> DeliveryAnswer:
        """Begin anew with a delivery, at once."""
        return DeliveryAnswer.of(await store.again(webhook, number, now=clock()))

    return routes
