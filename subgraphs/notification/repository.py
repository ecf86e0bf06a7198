"""Recipients and notifications in the database.

Saving a notification also publishes what has happened to it.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import BindParameter, Row, bindparam, delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts import notification as contract
from subgraphs.contracts.notification import Channel, Template
from subgraphs.kernel.messaging.integration import Metadata, metadata_from_json, to_json
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned
from subgraphs.notification.domain.addresses import Device, PhoneNumber
from subgraphs.notification.domain.events import NotificationFailed, NotificationSent
from subgraphs.notification.domain.kinds import Category
from subgraphs.notification.domain.notification import (
    Body,
    Delivery,
    DeliveryStatus,
    Notification,
    NotificationId,
)
from subgraphs.notification.domain.recipient import DEFAULT_WISHES, Recipient, RecipientId
from subgraphs.notification.tables import delivery, notification, recipient, title

_WANTED: Final[BindParameter[str]] = bindparam("wanted")
_RECIPIENT: Final = select(recipient).where(recipient.c.id == _WANTED)
_NOTIFICATION: Final = select(notification).where(notification.c.id == _WANTED)
_DELIVERIES: Final = (
    select(delivery).where(delivery.c.notification_id == _WANTED).order_by(delivery.c.channel)
)
_FORGET_DELIVERIES: Final = delete(delivery).where(delivery.c.notification_id == _WANTED)
_SAID: Final = (
    select(notification.c.id)
    .where(or_(notification.c.id == _WANTED, notification.c.once_key == bindparam("once_key")))
    .limit(1)
)
"""Whatever is equal to NULL is not there."""
_ASKED: Final = select(notification.c.asked).where(notification.c.id == _WANTED)


async def find_recipient(connection: AsyncConnection, id_: RecipientId) -> Recipient | None:
    row = (await connection.execute(_RECIPIENT, {"wanted": str(id_)})).one_or_none()
    return _recipient(row) if row else None


async def save_recipient(work: UnitOfWork, who: Recipient) -> None:
    """Store a new or changed recipient. ConcurrencyConflict when they were changed meanwhile."""
    values = {
        "email": who.email,
        "first_name": who.first_name,
        "last_name": who.last_name,
        "time_zone": who.time_zone,
        "phone": str(who.phone) if who.phone else None,
        "devices": [device.token for device in who.devices],
        "wishes": {category: sorted(channels) for category, channels in who.wishes.items()},
        "read_up_to": who.read_up_to,
        "is_forgotten": who.is_forgotten,
    }
    await save_versioned(work, recipient, who, values)


async def find_notification(connection: AsyncConnection, id_: NotificationId) -> Notification | None:
    found = await connection.execute(_NOTIFICATION, {"wanted": str(id_)})
    if (row := found.one_or_none()) is None:
        return None
    ways = await connection.execute(_DELIVERIES, {"wanted": str(id_)})
    return _notification(row, tuple(map(_delivery, ways)))


async def was_said(connection: AsyncConnection, id_: NotificationId, once_key: str | None) -> bool:
    """Whether there is this notification, or one that stands for it."""
    return await connection.scalar(_SAID, {"wanted": str(id_), "once_key": once_key}) is not None


async def asked_by(connection: AsyncConnection, id_: NotificationId) -> Metadata | None:
    """The message by which a notification was asked for, if somebody waits for its answer."""
    asked = await connection.scalar(_ASKED, {"wanted": str(id_)})
    return metadata_from_json(asked) if asked else None


async def add_notification(
    work: UnitOfWork, said: Notification, *, once_key: str | None, asked: Metadata
) -> None:
    """Store a new one. ConcurrencyConflict when somebody else has said it meanwhile."""
    waiting = to_json(asked) if asked.reply_to is not None else None
    await _save(work, said, once={"once_key": once_key, "asked": waiting})


async def save_notification(work: UnitOfWork, said: Notification) -> None:
    """Store a changed one. ConcurrencyConflict."""
    await _save(work, said, once={})


async def forget_notifications(connection: AsyncConnection, id_: RecipientId) -> None:
    """Keep nothing of what somebody was told."""
    await connection.execute(
        update(notification)
        .where(notification.c.recipient_id == str(id_))
        .values(email=None, subject="", text=None, html=None)
    )


async def name_it(connection: AsyncConnection, id_: str, name: str) -> None:
    """Something is called so from now on."""
    row = upsert(title).values(id=id_, title=name)
    await connection.execute(row.on_conflict_do_update(index_elements=["id"], set_={"title": name}))


async def titles_of(connection: AsyncConnection, ids: Mapping[str, str]) -> dict[str, str]:
    """What things are called, by the same names as their ids; those that nobody has named are missing."""
    rows = await connection.execute(select(title).where(title.c.id.in_(set(ids.values()))))
    known = {row.id: row.title for row in rows}
    return {name: known[id_] for name, id_ in ids.items() if id_ in known}


async def _save(work: UnitOfWork, said: Notification, *, once: Mapping[str, Any]) -> None:
    values: dict[str, Any] = {
        "recipient_id": str(said.recipient_id) if said.recipient_id else None,
        "email": said.email,
        "template": said.template,
        "subject": said.subject,
        "text": said.body.text if said.body else None,
        "html": said.body.html if said.body else None,
        "created_at": said.created_at,
        "read_at": said.read_at,
    }
    await save_versioned(work, notification, said, values, once=once)
    await work.connection.execute(_FORGET_DELIVERIES, {"wanted": str(said.id)})
    if said.deliveries:
        await work.connection.execute(insert(delivery), [_row(said, one) for one in said.deliveries])
    _publish(work, said)


def _publish(work: UnitOfWork, said: Notification) -> None:
    user_id = str(said.recipient_id) if said.recipient_id else None
    key = user_id or str(said.id)
    for event in said.pull_events():
        match event:
            case NotificationSent(channel=channel, occurred_at=at):
                sent = contract.NotificationSent(str(said.id), user_id, said.template, channel, at)
                work.publish(sent, key=key)
            case NotificationFailed(channel=channel, reason=reason, occurred_at=at):
                failed = contract.NotificationFailed(
                    str(said.id), user_id, said.template, channel, reason, at
                )
                work.publish(failed, key=key)


def _row(said: Notification, way: Delivery) -> dict[str, Any]:
    return {
        "notification_id": str(said.id),
        "channel": way.channel,
        "status": way.status,
        "attempt": way.attempt,
        "created_at": said.created_at,
        "settled_at": way.settled_at,
        "reason": way.reason,
    }


def _recipient(row: Row[Any]) -> Recipient:
    wishes = {Category(one): frozenset(map(Channel, channels)) for one, channels in row.wishes.items()}
    return Recipient(
        id=RecipientId(row.id),
        version=row.version,
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        time_zone=row.time_zone,
        phone=PhoneNumber(row.phone) if row.phone else None,
        devices=tuple(map(Device, row.devices)),
        wishes={**DEFAULT_WISHES, **wishes},
        read_up_to=row.read_up_to,
        is_forgotten=row.is_forgotten,
    )


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(Channel(row.channel), DeliveryStatus(row.status), row.attempt, row.settled_at, row.reason)


def _notification(row: Row[Any], deliveries: tuple[Delivery, ...]) -> Notification:
    return Notification(
        id=NotificationId(row.id),
        version=row.version,
        recipient_id=RecipientId(row.recipient_id) if row.recipient_id else None,
        email=row.email,
        template=Template(row.template),
        subject=row.subject,
        body=Body(row.text, row.html) if row.text is not None else None,
        created_at=row.created_at,
        read_at=row.read_at,
        deliveries=deliveries,
    )
