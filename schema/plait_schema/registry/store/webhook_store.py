"""Webhooks, and the deliveries that each of them is to get."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from plait_schema.registry.errors import NOT_FOUND
from plait_schema.registry.store import auditing
from plait_schema.registry.store.database import Database
from plait_schema.registry.store.tables import Row, webhook_deliveries, webhooks
from plait_schema.registry.webhooks.events import Event, Topic, event_of_test
from plait_schema.registry.webhooks.webhook import DeliveryState, Form, Webhook, WebhookDelivery

_LONGEST_REASON: Final = 500  # characters


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that nobody else attempts for a while, with where it goes."""

    delivery: WebhookDelivery
    form: Form
    sealed: str


class WebhookStore:
    """Every method is one transaction; `announce`, below, is part of others'."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, webhook: Webhook, sealed: str) -> None:
        """`sealed` holds its URL and its secret."""
        row = {
            "id": webhook.id,
            "name": webhook.name,
            "host": webhook.host,
            "topics": list(webhook.topics),
            "pattern": webhook.pattern,
            "form": str(webhook.form),
            "by": webhook.by,
            "created_at": webhook.created_at,
            "sealed": sealed,
        }
        async with self._database.write() as connection:
            await connection.execute(insert(webhooks).values(row))
            detail = {"host": webhook.host, "events": list(webhook.topics), "of": webhook.pattern}
            await auditing.record(
                connection,
                at=webhook.created_at,
                by=webhook.by,
                action="webhook-create",
                target=_called(webhook),
                detail=detail,
            )

    async def all(self) -> tuple[Webhook, ...]:
        """The oldest first."""
        async with self._database.read() as connection:
            return await _all(connection)

    async def webhook(self, webhook_id: str) -> Webhook:
        """Raises RegistryError (NOT_FOUND)."""
        async with self._database.read() as connection:
            return await _existing(connection, webhook_id)

    async def remove(self, webhook_id: str, *, by: str, now: datetime) -> Webhook:
        """With its deliveries. Raises RegistryError (NOT_FOUND)."""
        async with self._database.write() as connection:
            webhook = await _existing(connection, webhook_id)
            await connection.execute(
                delete(webhook_deliveries).where(webhook_deliveries.c.webhook == webhook_id)
            )
            await connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id))
            await auditing.record(connection, at=now, by=by, action="webhook-remove", target=_called(webhook))
        return webhook

    async def test(self, webhook_id: str, *, by: str, now: datetime) -> Webhook:
        """Let it be told hello. Raises RegistryError (NOT_FOUND)."""
        async with self._database.write() as connection:
            webhook = await _existing(connection, webhook_id)
            await _enqueue(connection, webhook, event_of_test(by, now))
        return webhook

    async def deliveries(
        self, webhook_id: str, *, before: int | None, limit: int
    ) -> tuple[WebhookDelivery, ...]:
        """The newest first. Raises RegistryError (NOT_FOUND) for the webhook."""
        query = (
            select(webhook_deliveries)
            .where(webhook_deliveries.c.webhook == webhook_id)
            .order_by(webhook_deliveries.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(webhook_deliveries.c.id < before)
        async with self._database.read() as connection:
            await _existing(connection, webhook_id)
            return tuple(_delivery(row) for row in (await connection.execute(query)).mappings())

    async def again(self, webhook_id: str, delivery: int, *, now: datetime) -> WebhookDelivery:
        """Begin anew with a delivery, at once. Raises RegistryError (NOT_FOUND)."""
        anew = {"state": str(DeliveryState.PENDING), "attempts": 0, "due": now, "finished_at": None}
        async with self._database.write() as connection:
            found = await connection.execute(
                update(webhook_deliveries)
                .where(webhook_deliveries.c.id == delivery, webhook_deliveries.c.webhook == webhook_id)
                .values(anew)
                .returning(webhook_deliveries)
            )
            row = found.mappings().first()
        if row is None:
            raise NOT_FOUND.because(f"the webhook {webhook_id[:80]} has no delivery {delivery}.")
        return _delivery(row)

    async def claim(self, *, now: datetime, lease: timedelta, limit: int) -> tuple[Claimed, ...]:
        """Those that are due, for nobody else until the lease is over; counts as an attempt at each."""
        due = (
            select(webhook_deliveries.c.id)
            .where(webhook_deliveries.c.due <= now)
            .order_by(webhook_deliveries.c.due)
            .limit(limit)
        )
        async with self._database.read() as connection:
            if (await connection.execute(due.limit(1))).first() is None:
                return ()  # without a turn at writing
        async with self._database.write() as connection:
            if self._database.is_shared:
                due = due.with_for_update(skip_locked=True)
            ids = [row.id for row in await connection.execute(due)]
            await connection.execute(
                update(webhook_deliveries)
                .where(webhook_deliveries.c.id.in_(ids))
                .values(attempts=webhook_deliveries.c.attempts + 1, due=now + lease)
            )
            claimed = (
                select(webhook_deliveries, webhooks.c.form, webhooks.c.sealed)
                .join(webhooks, webhooks.c.id == webhook_deliveries.c.webhook)
                .where(webhook_deliveries.c.id.in_(ids))
                .order_by(webhook_deliveries.c.id)
            )
            rows = (await connection.execute(claimed)).mappings()
            return tuple(Claimed(_delivery(row), Form(row["form"]), row["sealed"]) for row in rows)

    async def note(
        self,
        delivery: int,
        *,
        is_heard: bool,
        due: datetime | None,
        status: int | None,
        reason: str | None,
        now: datetime,
    ) -> None:
        """What came of an attempt; without `due`, it was the last one."""
        state = DeliveryState.DELIVERED if is_heard else DeliveryState.FAILED
        values = {
            "state": str(DeliveryState.PENDING if due else state),
            "due": due,
            "status": status,
            "reason": reason and reason[:_LONGEST_REASON],
            "finished_at": None if due else now,
        }
        async with self._database.write() as connection:
            await connection.execute(
                update(webhook_deliveries).where(webhook_deliveries.c.id == delivery).values(values)
            )

    async def prune(self, *, before: datetime) -> None:
        """Forget deliveries from before then that are over."""
        async with self._database.write() as connection:
            await connection.execute(
                delete(webhook_deliveries).where(
                    webhook_deliveries.c.at < before, webhook_deliveries.c.due.is_(None)
                )
            )


async def announce(connection: AsyncConnection, event: Event) -> None:
    """Let the webhooks that want to hear of it be told, once the transaction is committed."""
    for webhook in await _all(connection):
        if webhook.wants(event.topic, event.variant_id):
            await _enqueue(connection, webhook, event)


async def _enqueue(connection: AsyncConnection, webhook: Webhook, event: Event) -> None:
    row = {
        "webhook": webhook.id,
        "topic": str(event.topic),
        "target": None if event.variant_id is None else str(event.variant_id),
        "at": event.at,
        "data": dict(event.data),
        "state": str(DeliveryState.PENDING),
        "attempts": 0,
        "due": event.at,
    }
    await connection.execute(insert(webhook_deliveries).values(row))


async def _all(connection: AsyncConnection) -> tuple[Webhook, ...]:
    query = select(webhooks).order_by(webhooks.c.created_at, webhooks.c.id)
    return tuple(_webhook(row) for row in (await connection.execute(query)).mappings())


async def _existing(connection: AsyncConnection, webhook_id: str) -> Webhook:
    query = select(webhooks).where(webhooks.c.id == webhook_id)
    row = (await connection.execute(query)).mappings().first()
    if row is None:
        raise NOT_FOUND.because(f"there is no webhook {webhook_id[:80]}.")
    return _webhook(row)


def _called(webhook: Webhook) -> str:
    return f"webhook {webhook.id} ({webhook.name})"


def _webhook(row: Row) -> Webhook:
    return Webhook(
        id=row["id"],
        name=row["name"],
        host=row["host"],
        topics=tuple(Topic(topic) for topic in row["topics"]),
        pattern=row["pattern"],
        form=Form(row["form"]),
        by=row["by"],
        created_at=row["created_at"],
    )


def _delivery(row: Row) -> WebhookDelivery:
    return WebhookDelivery(
        id=row["id"],
        webhook=row["webhook"],
        topic=Topic(row["topic"]),
        target=row["target"],
        at=row["at"],
        data=row["data"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        due=row["due"],
        status=row["status"],
        reason=row["reason"],
        finished_at=row["finished_at"],
    )
