"""A context as small as can be: apples are picked in the orchard and stored in the cellar.

Nothing in the cellar's table forbids an apple to be there twice: what is handled twice would be seen.
"""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import Any, ClassVar

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select
from sqlalchemy.exc import IntegrityError

from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.policies import anyone
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Clock, DomainError, Failure, RandomIds, Result, Success
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.messaging.subscriptions import Interest, Subscription, Subscriptions
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.store.sequence import number_rows
from subgraphs.kernel.store.tables import delivery, outbox
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork

metadata = MetaData()
picked = Table("orchard_apple", metadata, Column("name", String, primary_key=True))
stored = Table("cellar_apple", metadata, Column("pos", Integer, primary_key=True), Column("name", String))

ALREADY_PICKED = DomainError("ALREADY_PICKED", "There is only one of each")


@dataclass(frozen=True, slots=True)
class ApplePicked(IntegrationEvent):
    type: ClassVar[str] = "orchard.apple_picked"

    name: str


@dataclass(frozen=True, slots=True)
class PickApple(Command[str]):
    name: str
    tree: str = "tree"


async def pick_apple(command: PickApple, work: UnitOfWork, _: RequestContext) -> Result[str, DomainError]:
    try:
        await work.connection.execute(insert(picked).values(name=command.name))
    except IntegrityError:
        return Failure(ALREADY_PICKED)
    work.publish(ApplePicked(command.name), key=command.tree)
    return Success(command.name)


async def store_apple(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
    await work.connection.execute(insert(stored).values(name=message.body.name))


STORE = Subscription("cellar.store", ApplePicked, store_apple)
NOBODY = RequestContext(None, "correlation")


@dataclass(frozen=True, slots=True)
class Orchard:
    transactions: Transactions
    commands: CommandBus

    async def pick(
        self, name: str, *, tree: str = "tree", key: str | None = None
    ) -> Result[str, DomainError]:
        request = replace(NOBODY, idempotency_key=key)
        return await self.commands.execute(PickApple(name, tree), request)

    async def picked(self) -> list[str]:
        async with self.transactions.database.read() as connection:
            return list(await connection.scalars(select(picked.c.name).order_by(picked.c.name)))

    async def stored(self) -> list[str]:
        """In the order in which they were stored."""
        async with self.transactions.database.read() as connection:
            return list(await connection.scalars(select(stored.c.name).order_by(stored.c.pos)))

    async def sequence(self) -> list[int]:
        """Of the outbox, numbered."""
        async with self.transactions.database.transaction() as connection:
            await number_rows(connection, outbox)
            return list(await connection.scalars(select(outbox.c.seq).order_by(outbox.c.pos)))

    async def statuses(self) -> list[str]:
        async with self.transactions.database.read() as connection:
            return list(await connection.scalars(select(delivery.c.status).order_by(delivery.c.id)))


async def plant(url: str) -> None:
    """Make the tables."""
    database = Database(url)
    await migrate(database, [])
    async with database.transaction() as connection:
        await connection.run_sync(metadata.create_all)
    await database.close()


@asynccontextmanager
async def orchard(
    url: str,
    clock: Clock,
    *subscriptions: Interest[Any],
    registry: Registry[IntegrationEvent] | None = None,
    hosted: Collection[str] | None = None,
    threads: bool = True,
) -> AsyncIterator[Orchard]:
    """The context on the tables of this database, with these subscriptions; ids differ every time."""
    database, known = Database(url, threads=threads), Subscriptions(registry, hosted=hosted)
    known.add(*subscriptions)
    transactions = Transactions(database, clock=clock, ids=RandomIds(), subscriptions=known)
    commands = CommandBus("orchard", transactions)
    commands.register(PickApple, pick_apple, allow=anyone)
    try:
        yield Orchard(transactions, commands)
    finally:
        await database.close()


def steady() -> Random:
    """Jitter that is the same in every run."""
    return Random(1)
