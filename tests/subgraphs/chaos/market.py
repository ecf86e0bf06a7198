"""What the system does. No table here forbids anything to happen twice: what is done twice would be seen.

The shop's orders go through their sagas (tests/subgraphs/kernel/shop.py). Books are kept of them, as
event-sourced accounts with a read model beside. Notes are to be read in the order in which they were said.
Reminders are sent again and again, and come once. Poison cannot be handled: it raises, or kills its worker.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any, ClassVar, TypeVar

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, insert

from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.policies import anyone
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Clock, DomainError, Money, RandomIds, Result, Success
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.subscriptions import Subscription, Subscriptions
from subgraphs.kernel.projections import EventLog
from subgraphs.kernel.projections.generations import create_missing
from subgraphs.kernel.sagas.runner import SagaTimer, subscriptions
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.event_sourcing import EventSourcedRepository
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork
from tests.subgraphs.kernel import shop
from tests.subgraphs.kernel.balances import balances
from tests.subgraphs.kernel.bank import EUR, Account, AccountId, open_bank
from tests.subgraphs.kernel.shop import ORDER, PARTICIPANTS, ChargePayment, OrderCancelled, OrderCompleted

UNITS, WEALTH = 40, 10_000_000
BANK = open_bank()
ACCOUNTS = EventSourcedRepository(BANK, Account)
READ_MODEL = balances(sources=[EventLog(BANK)])

_ACCOUNTS = 4

metadata = MetaData()
carried_out = Table(
    "market_carried_out",
    metadata,
    Column("pos", Integer, primary_key=True),
    Column("command", String, nullable=False, index=True),
)
"""Each command whose transaction was committed, by its idempotency key."""

receipt = Table(
    "market_receipt",
    metadata,
    Column("pos", Integer, primary_key=True),
    Column("consumer", String, nullable=False),
    Column("message_id", String, nullable=False, index=True),
    Column("key", String, nullable=False),
    Column("is_timer", Boolean, nullable=False),
)
"""Each message that a handler has handled, in its transaction."""

note = Table(
    "market_note",
    metadata,
    Column("pos", Integer, primary_key=True),
    Column("topic", String, nullable=False),
    Column("number", Integer, nullable=False),
)


class Deed(StrEnum):
    """What a note does to whoever reads it."""

    NOTHING = "nothing"
    RAISE = "raise"
    KILL = "kill"


@dataclass(frozen=True, slots=True)
class Said(IntegrationEvent):
    type: ClassVar[str] = "market.said"
    topic: str
    number: int
    deed: Deed


@dataclass(frozen=True, slots=True)
class Reminder(IntegrationEvent):
    type: ClassVar[str] = "market.reminder"


@dataclass(frozen=True, slots=True)
class Say(Command[int]):
    """Something that does what it should not is followed by something harmless that has to wait for it."""

    topic: str
    number: int
    deed: Deed = Deed.NOTHING


@dataclass(frozen=True, slots=True)
class Remind(Command[str]):
    """Send one message several times, each after so many minutes."""

    message_id: str
    minutes: tuple[int, ...]


async def say(command: Say, work: UnitOfWork, _: RequestContext) -> Result[int, DomainError]:
    work.publish(Said(command.topic, command.number, command.deed), key=command.topic)
    if command.deed is not Deed.NOTHING:
        work.publish(Said(command.topic, command.number + 1, Deed.NOTHING), key=command.topic)
    return Success(command.number)


async def remind(command: Remind, work: UnitOfWork, _: RequestContext) -> Result[str, DomainError]:
    for minutes in command.minutes:
        work.send(
            Reminder(),
            to=REMINDERS.consumer,
            key=command.message_id,
            after=timedelta(minutes=minutes),
            message_id=command.message_id,
        )
    return Success(command.message_id)


async def read_note(message: Envelope[Said], work: UnitOfWork) -> None:
    said = message.body
    match said.deed:
        case Deed.RAISE:
            raise ValueError("nobody can read this")
        case Deed.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        case Deed.NOTHING:
            await work.connection.execute(insert(note).values(topic=said.topic, number=said.number))


async def skim_note(message: Envelope[Said], work: UnitOfWork) -> None:
    if message.body.deed is Deed.RAISE:
        raise ValueError("nobody can read this")


async def be_reminded(message: Envelope[Reminder], work: UnitOfWork) -> None:
    """That it came is all that there is to it."""


async def keep_books(message: Envelope[Any], work: UnitOfWork) -> None:
    id_, price = AccountId(account_of(message.body)), Money(shop.PRICE, EUR)
    account = await ACCOUNTS.find(work.connection, id_) or Account(id=id_)
    account.deposit(price)
    await ACCOUNTS.save(work, account)


def account_of(message: Any) -> str:
    """Orders share a few accounts: of those that are completed, and of those that are not."""
    kind = "takings" if isinstance(message, OrderCompleted) else "losses"
    return f"{kind} {Random(message.order_id).randrange(_ACCOUNTS)}"


JOURNAL = Subscription("journal.read", Said, read_note)
DIGEST = Subscription("digest.skim", Said, skim_note, skips_dead=True)
REMINDERS = Subscription("market.remind", Reminder, be_reminded)
SUBSCRIPTIONS: tuple[Subscription[Any], ...] = (
    *subscriptions(ORDER),
    *PARTICIPANTS,
    Subscription("books.keep", OrderCompleted, keep_books, key=account_of),
    Subscription("books.keep", OrderCancelled, keep_books, key=account_of),
    JOURNAL,
    DIGEST,
    REMINDERS,
)

C = TypeVar("C", bound=Command[Any])
Handler = Callable[[Envelope[Any], UnitOfWork], Awaitable[None]]
Altered = Callable[[Subscription[Any]], Subscription[Any]]


@dataclass(frozen=True, slots=True)
class Market:
    transactions: Transactions
    commands: CommandBus


async def build(url: str) -> None:
    """Make the tables."""
    await shop.build(url, units=UNITS, wealth=WEALTH)
    database = Database(url)
    async with database.transaction() as connection:
        await connection.run_sync(metadata.create_all)
        await create_missing(connection, [READ_MODEL], now=datetime.now(UTC))
    await database.close()


@asynccontextmanager
async def market(
    url: str, clock: Clock, *, altered: Altered = lambda subscription: subscription
) -> AsyncIterator[Market]:
    """The market on the tables of this database; each subscription as it is `altered`, with a receipt."""
    database, known = Database(url), Subscriptions()
    for one in SUBSCRIPTIONS:
        known.add(altered(with_receipt(one)))
    transactions = Transactions(database, clock=clock, ids=RandomIds(), subscriptions=known)
    commands = CommandBus("shop", transactions)
    commands.register(shop.PlaceOrder, _recorded(shop.place_order), allow=anyone)
    commands.register(Say, _recorded(say), allow=anyone)
    commands.register(Remind, _recorded(remind), allow=anyone)
    try:
        yield Market(transactions, commands)
    finally:
        await database.close()


def hindering(chance: Random) -> Altered:
    """Now and then a handler is slow, or fails when all is done."""

    def altered(subscription: Subscription[Any]) -> Subscription[Any]:
        async def handle(message: Envelope[Any], work: UnitOfWork) -> None:
            await subscription.handler(message, work)
            await asyncio.sleep(chance.choices([0, 0.01, 0.5], weights=[80, 19, 1])[0] * chance.random())
            if chance.random() < 0.03:
                raise ConnectionError("a bad day")

        return replace(subscription, handler=handle)

    return altered


def with_receipt(subscription: Subscription[Any]) -> Subscription[Any]:
    async def handle(message: Envelope[Any], work: UnitOfWork) -> None:
        await subscription.handler(message, work)
        body = message.body
        is_timer = isinstance(body, SagaTimer | Reminder) or (
            isinstance(body, ChargePayment) and body.is_put_off
        )
        await work.connection.execute(
            insert(receipt).values(
                consumer=subscription.consumer,
                message_id=message.meta.message_id,
                key=message.key,
                is_timer=is_timer,
            )
        )

    return replace(subscription, handler=handle)


def _recorded(
    handler: Callable[[C, UnitOfWork, RequestContext], Awaitable[Result[Any, DomainError]]],
) -> Callable[[C, UnitOfWork, RequestContext], Awaitable[Result[Any, DomainError]]]:
    async def handle(command: C, work: UnitOfWork, request: RequestContext) -> Result[Any, DomainError]:
        await work.connection.execute(insert(carried_out).values(command=request.idempotency_key))
        return await handler(command, work, request)

    return handle
