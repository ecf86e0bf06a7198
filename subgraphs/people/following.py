"""What identity tells of people, in the order in which it happened to each."""

from typing import Any

from sqlalchemy import Table

from subgraphs.contracts.identity import Role, UserCreated, UserDeleted, UserRoleChanged
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.people.table import Person, meet, note


def following(context: str, table: Table) -> tuple[Subscription[Any], ...]:
    """Keep a context's table of people up to date."""
    consumer = f"{context}.known_people"

    async def on_created(message: Envelope[UserCreated], work: UnitOfWork) -> None:
        await meet(work.connection, table, Person(message.body.user_id, message.body.role))

    async def on_role_changed(message: Envelope[UserRoleChanged], work: UnitOfWork) -> None:
        await note(work.connection, table, Person(message.body.user_id, message.body.new_role))

    async def on_deleted(message: Envelope[UserDeleted], work: UnitOfWork) -> None:
        await note(work.connection, table, Person(message.body.user_id, Role.STUDENT, is_gone=True))

    return (
        Subscription(consumer, UserCreated, on_created),
        Subscription(consumer, UserRoleChanged, on_role_changed),
        Subscription(consumer, UserDeleted, on_deleted),
    )
