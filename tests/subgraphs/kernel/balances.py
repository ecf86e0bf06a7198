"""A read model as small as can be: what is on each account, and a journal that may have a line twice.

It follows the bank's events and what the orchard has published.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.version import Version
from subgraphs.kernel.domain import Clock, Money, RandomIds
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.subscriptions import Subscriptions
from subgraphs.kernel.projections import (
    Entry,
    EventLog,
    OutboxLog,
    Projection,
    Projections,
    ProjectionStatus,
    Projector,
    Tables,
    generations,
    live_tables,
)
from subgraphs.kernel.projections.sources import Source
from subgraphs.kernel.store.columns import Position
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.event_sourcing import EventSourcedRepository
from subgraphs.kernel.store.unit_of_work import Transactions
from tests.subgraphs.kernel import orchard
from tests.subgraphs.kernel.bank import EUR, NOON, Account, AccountId, Deposited, open_bank
from tests.subgraphs.kernel.orchard import NOBODY, ApplePicked

metadata = MetaData()
balance = Table(
    "bank_balance",
    metadata,
    Column("account", String, primary_key=True),
    Column("amount", Integer, nullable=False),
    Index("bank_balance_richest", "amount"),
)
journal = Table(
    "bank_journal",
    metadata,
    Column("pos", Position, primary_key=True),
    Column("line", String, nullable=False),
)

BANK = open_bank()
ACCOUNTS = EventSourcedRepository(BANK, Account)
POISON = 13
"""An amount that stops the projection."""

QUITTER = 14
"""An amount that would end the process."""


class UnluckyError(Exception):
    """Nobody can write this down."""


def balances(
    version: int = 1,
    *,
    factor: int = 1,
    superstitious: bool = True,
    sources: Sequence[Source] = (EventLog(BANK), OutboxLog("orchard")),
    through: Sequence[str] = (),
) -> Projection:
    """The read model; a version may count differently."""
    projection = Projection(
        "bank.balances", version=version, sources=sources, tables=[balance, journal], through=through
    )

    @projection.on(Deposited)
    async def deposited(entry: Entry[Deposited], tables: Tables, connection: AsyncConnection) -> None:
        amount = entry.event.amount.amount_minor * factor
        rows = upsert(tables[balance]).values(account=entry.key, amount=amount)
        await connection.execute(
            rows.on_conflict_do_update(
                index_elements=["account"], set_={"amount": tables[balance].c.amount + rows.excluded.amount}
            )
        )
        await connection.execute(insert(tables[journal]).values(line=f"{entry.key} {amount}"))
        if superstitious and entry.event.amount.amount_minor == POISON:
            raise UnluckyError("thirteen")
        if entry.event.amount.amount_minor == QUITTER:
            raise SystemExit("fourteen")

    @projection.on(ApplePicked)
    async def picked(entry: Entry[ApplePicked], tables: Tables, connection: AsyncConnection) -> None:
        await connection.execute(insert(tables[journal]).values(line=f"apple {entry.event.name}"))

    return projection


BALANCES = balances()


@dataclass(frozen=True, slots=True)
class Counter:
    """The bank's counter, and whoever looks at the board behind it."""

    transactions: Transactions
    projection: Projection
    projections: Projections
    projector: Projector

    async def deposit(self, account: str, *amounts: int) -> Version:
        async with self.transactions.begin("bank", NOBODY) as work:
            found = await ACCOUNTS.find(work.connection, AccountId(account))
            aggregate = found or Account(id=AccountId(account))
            for amount in amounts:
                aggregate.deposit(Money(amount, EUR))
            await ACCOUNTS.save(work, aggregate)
            assert work.version is not None
            return work.version

    async def open_with(self, account: str, *amounts: int) -> None:
        """Pay in these amounts, unless somebody has done it before."""
        async with self.transactions.database.read() as connection:
            is_open = await ACCOUNTS.find(connection, AccountId(account))
        if not is_open:
            await self.deposit(account, *amounts)

    async def logged(self) -> list[str]:
        """What the journal should say of the bank's log."""
        async with self.transactions.database.read() as connection:
            logged = await BANK.read_log(connection)
        return [
            f"{one.stream.removeprefix('bank.account-')} {one.recorded.event.amount.amount_minor}"
            for one in logged
            if isinstance(one.recorded.event, Deposited)
        ]

    async def pick(self, *names: str) -> Version:
        async with self.transactions.begin("orchard", NOBODY) as work:
            for name in names:
                work.publish(ApplePicked(name), key="tree")
            assert work.version is not None
            return work.version

    async def number(self) -> None:
        while await Sequencer(self.transactions).step():
            pass

    async def project(self) -> None:
        await self.number()
        await self.projector.drain()

    async def board(self) -> dict[str, int]:
        async with self.transactions.database.read() as connection:
            table = (await live_tables(connection, self.projection))[balance]
            rows = await connection.execute(select(table.c.account, table.c.amount))
            return {account.removeprefix("bank.account-"): amount for account, amount in rows}

    async def lines(self, generation: int | None = None) -> list[str]:
        async with self.transactions.database.read() as connection:
            if generation is None:
                table = (await live_tables(connection, self.projection))[journal]
            else:
                table = self.projection.tables(generation)[journal]
            lines = await connection.scalars(select(table.c.line).order_by(table.c.pos))
            return [line.removeprefix("bank.account-") for line in lines]

    async def status(self) -> Sequence[ProjectionStatus]:
        return await self.projections.list()

    async def statuses(self) -> list[tuple[int, str]]:
        return [(one.generation, one.status.value) for one in await self.status()]


@asynccontextmanager
async def counter(
    url: str, clock: Clock, projection: Projection = BALANCES, *, batch: int = 100
) -> AsyncIterator[Counter]:
    """The bank on the tables of this database. Another projector that has begun is dead for certain."""
    database = Database(url)
    transactions = Transactions(database, clock=clock, ids=RandomIds(), subscriptions=Subscriptions())
    known = [projection]
    try:
        yield Counter(
            transactions,
            projection,
            Projections(transactions, known),
            Projector(transactions, known, batch=batch, patience=timedelta(0)),
        )
    finally:
        await database.close()


async def open_counter(url: str) -> None:
    """Make the tables."""
    await orchard.plant(url)
    database = Database(url)
    async with database.transaction() as connection:
        await generations.create_missing(connection, [BALANCES], now=NOON)
    await database.close()
