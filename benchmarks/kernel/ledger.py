"""A context as small as can be: a command writes a row and tells of it, a handler writes another row."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Column, MetaData, String, Table, insert

from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.policies import anyone
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, RandomIds, Result, Success, SystemClock
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.subscriptions import Subscription, Subscriptions
from subgraphs.kernel.store.columns import Position
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork

NOBODY = RequestContext(None, "bench")

metadata = MetaData()
entry = Table("ledger_entry", metadata, Column("id", String(64), primary_key=True))
copy = Table(
    "ledger_copy",
    metadata,
    Column("pos", Position, primary_key=True),
    Column("entry_id", String(64), nullable=False),
)


@dataclass(frozen=True, slots=True)
class EntryAdded(IntegrationEvent):
    type: ClassVar[str] = "ledger.entry_added"
    entry_id: str


@dataclass(frozen=True, slots=True)
class AddEntry(Command[str]):
    entry_id: str


async def add_entry(command: AddEntry, work: UnitOfWork, _: RequestContext) -> Result[str, DomainError]:
    await work.connection.execute(insert(entry).values(id=command.entry_id))
    work.publish(EntryAdded(command.entry_id), key=command.entry_id)
    return Success(command.entry_id)


async def copy_entry(message: Envelope[EntryAdded], work: UnitOfWork) -> None:
    await work.connection.execute(insert(copy).values(entry_id=message.body.entry_id))


@dataclass(frozen=True, slots=True)
class Ledger:
    transactions: Transactions
    commands: CommandBus


async def build(url: str) -> None:
    """Make the tables."""
    database = Database(url)
    await migrate(database, [])
    async with database.transaction() as connection:
        await connection.run_sync(metadata.create_all)
    await database.close()


@asynccontextmanager
async def ledger(url: str) -> AsyncIterator[Ledger]:
    """The context on the tables of this database."""
    database, subscriptions = Database(url), Subscriptions()
    subscriptions.add(Subscription("ledger.copy", EntryAdded, copy_entry))
    transactions = Transactions(database, clock=SystemClock(), ids=RandomIds(), subscriptions=subscriptions)
    commands = CommandBus("ledger", transactions)
    commands.register(AddEntry, add_entry, allow=anyone)
    try:
        yield Ledger(transactions, commands)
    finally:
        await database.close()
