"""Another context, in a database of its own: it prints the notes of the market, and says so.

Nothing in its table forbids a note to be printed twice, or in another order.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Column, Integer, MetaData, String, Table, insert

from subgraphs.kernel.domain import Clock, RandomIds
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.subscriptions import Subscription, Subscriptions
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork
from tests.subgraphs.chaos.notes import Deed, Said
from tests.subgraphs.chaos.receipts import receipt, with_receipt

GAZETTE = "gazette"

metadata = MetaData()
line = Table(
    "gazette_line",
    metadata,
    Column("pos", Integer, primary_key=True),
    Column("topic", String, nullable=False),
    Column("number", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Printed(IntegrationEvent):
    type: ClassVar[str] = "gazette.printed"
    topic: str
    number: int


async def print_note(message: Envelope[Said], work: UnitOfWork) -> None:
    said = message.body
    await work.connection.execute(insert(line).values(topic=said.topic, number=said.number))
    work.publish(Printed(said.topic, said.number), key=said.topic)


PRESS = Subscription("gazette.print", Said, print_note, where=lambda said, _: said.deed is Deed.NOTHING)


async def build(url: str) -> None:
    """Make the tables."""
    database = Database(url)
    await migrate(database, [])
    async with database.transaction() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.run_sync(receipt.metadata.create_all)
    await database.close()


@asynccontextmanager
async def gazette(
    url: str,
    clock: Clock,
    *,
    altered: Callable[[Subscription[Any]], Subscription[Any]] = lambda subscription: subscription,
) -> AsyncIterator[Transactions]:
    """The gazette on the tables of this database; its subscription as it is `altered`, with a receipt."""
    database, known = Database(url), Subscriptions(hosted=[GAZETTE])
    known.add(altered(with_receipt(PRESS)))
    try:
        yield Transactions(database, clock=clock, ids=RandomIds(), subscriptions=known)
    finally:
        await database.close()
