"""Those who look after the books: who they are, as identity tells, and what they hear of by mail."""

from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from subgraphs.contracts.identity import (
    STAFF_ROLES,
    UserActivated,
    UserCreated,
    UserDeactivated,
    UserDeleted,
    UserRoleChanged,
)
from subgraphs.contracts.notification import SendNotification, Template
from subgraphs.contracts.payments import PaymentDisputed
from subgraphs.kernel.domain import Currency, Money
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.tables import bookkeeper

BOOKKEEPERS: Final = "payments.bookkeepers"
WARN: Final = "payments.warn_bookkeepers"

_IDS: Final = UUID("5b7f2a52-3a0e-4c0f-9f6d-6f3d7d1c2b90")


def bookkeepers() -> tuple[Subscription[Any], ...]:
    """Know them, and tell them what cannot wait until they look."""
    return (
        Subscription(BOOKKEEPERS, UserCreated, _created),
        Subscription(BOOKKEEPERS, UserRoleChanged, _role_changed),
        Subscription(BOOKKEEPERS, UserDeactivated, _deactivated),
        Subscription(BOOKKEEPERS, UserActivated, _activated),
        Subscription(BOOKKEEPERS, UserDeleted, _deleted),
        Subscription(WARN, PaymentDisputed, _disputed, refuses_replay=True),
    )


async def _created(message: Envelope[UserCreated], work: UnitOfWork) -> None:
    if message.body.role in STAFF_ROLES:
        await _appoint(message.body.user_id, work)


async def _role_changed(message: Envelope[UserRoleChanged], work: UnitOfWork) -> None:
    if message.body.new_role in STAFF_ROLES:
        await _appoint(message.body.user_id, work)
    else:
        await _dismiss(message.body.user_id, work)


async def _deactivated(message: Envelope[UserDeactivated], work: UnitOfWork) -> None:
    await _set_active(message.body.user_id, work, is_active=False)


async def _activated(message: Envelope[UserActivated], work: UnitOfWork) -> None:
    await _set_active(message.body.user_id, work, is_active=True)


async def _deleted(message: Envelope[UserDeleted], work: UnitOfWork) -> None:
    await _dismiss(message.body.user_id, work)


async def _disputed(message: Envelope[PaymentDisputed], work: UnitOfWork) -> None:
    """A bank does not wait for long. Who pays, and why the bank asks, they see where they log in."""
    event = message.body
    values = {
        "payment_id": event.payment_id,
        "amount": str(Money(event.amount_minor, Currency(event.currency))),
    }
    if event.respond_by is not None:
        values["respond_by"] = event.respond_by.isoformat()
    active = select(bookkeeper.c.user_id).where(bookkeeper.c.is_active).order_by(bookkeeper.c.user_id)
    for user_id in (await work.connection.scalars(active)).all():
        work.send(
            SendNotification(Template.PAYMENT_DISPUTED, user_id=user_id, values=values),
            to="notification.send",
            key=user_id,
            message_id=str(uuid5(_IDS, f"{message.meta.message_id}:{user_id}")),
        )


async def _appoint(user_id: str, work: UnitOfWork) -> None:
    row = insert(bookkeeper).values(user_id=user_id, is_active=True)
    await work.connection.execute(row.on_conflict_do_nothing())


async def _dismiss(user_id: str, work: UnitOfWork) -> None:
    await work.connection.execute(delete(bookkeeper).where(bookkeeper.c.user_id == user_id))


async def _set_active(user_id: str, work: UnitOfWork, *, is_active: bool) -> None:
    mine = bookkeeper.c.user_id == user_id
    await work.connection.execute(update(bookkeeper).where(mine).values(is_active=is_active))
