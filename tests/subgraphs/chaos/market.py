"""What the system does. No table here forbids anything to happen twice: what is done twice would be seen.

The shop's orders go through their sagas (tests/subgraphs/kernel/shop.py). Books are kept of them, as
event-sourced accounts with a read model beside. Notes are read here and printed elsewhere (notes.py,
gazette.py). The till has a payment house take money (tests/subgraphs/kernel/till.py).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar

from sqlalchemy import Column, Integer, MetaData, String, Table, insert

from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.policies import anyone
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.breakers import Breakers
from subgraphs.kernel.cache.answers import WholeAnswer
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.cache.invalidation import forgetting
from subgraphs.kernel.cache.store import CacheStore, NoStore
from subgraphs.kernel.domain import Clock, DomainError, Money, RandomIds, Result
from subgraphs.kernel.effects.calling import CallPolicy
from subgraphs.kernel.effects.effects import Effects
from subgraphs.kernel.effects.outcome import NotDoneError, Outcome
from subgraphs.kernel.effects.provider import Provider
from subgraphs.kernel.limits.limits import Limits
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Subscription, Subscriptions
from subgraphs.kernel.projections import EventLog
from subgraphs.kernel.projections.generations import create_missing
from subgraphs.kernel.sagas.runner import subscriptions
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.event_sourcing import EventSourcedRepository
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork
from tests.subgraphs.chaos import notes
from tests.subgraphs.chaos.gazette import Printed
from tests.subgraphs.chaos.notes import TOPIC, NotesOn, Remind, Said, Say
from tests.subgraphs.chaos.receipts import errand_with_receipt, receipt, with_receipt
from tests.subgraphs.kernel import shop, till
from tests.subgraphs.kernel.balances import balances
from tests.subgraphs.kernel.bank import EUR, Account, AccountId, open_bank
from tests.subgraphs.kernel.house import Receipt
from tests.subgraphs.kernel.shop import ORDER, PARTICIPANTS, OrderCancelled, OrderCompleted
from tests.subgraphs.kernel.till import CHARGE, ChargeSale, Sell

SHOP, MARKET = "shop", "market"  # who publishes the notes, and who hears of them
UNITS, WEALTH = 40, 10_000_000
BANK = open_bank()
ACCOUNTS = EventSourcedRepository(BANK, Account)
READ_MODEL = balances(sources=[EventLog(BANK)])

_ACCOUNTS = 4
_PAYMENTS = CallPolicy(
    timeout=timedelta(milliseconds=500),
    attempts=2,
    pause=timedelta(0),
    backoff=RetryPolicy(base=timedelta(seconds=1)),
)

metadata = MetaData()
carried_out = Table(
    "market_carried_out",
    metadata,
    Column("pos", Integer, primary_key=True),
    Column("command", String, nullable=False, index=True),
)
"""Each command whose transaction was committed, by its idempotency key."""

heard = Table(
    "market_heard",
    metadata,
    Column("pos", Integer, primary_key=True),
    Column("topic", String, nullable=False),
    Column("number", Integer, nullable=False),
)
"""What the gazette says that it has printed."""


async def keep_books(message: Envelope[Any], work: UnitOfWork) -> None:
    id_, price = AccountId(account_of(message.body)), Money(shop.PRICE, EUR)
    account = await ACCOUNTS.find(work.connection, id_) or Account(id=id_)
    account.deposit(price)
    await ACCOUNTS.save(work, account)


def account_of(message: Any) -> str:
    """Orders share a few accounts: of those that are completed, and of those that are not."""
    kind = "takings" if isinstance(message, OrderCompleted) else "losses"
    return f"{kind} {Random(message.order_id).randrange(_ACCOUNTS)}"


async def hear(message: Envelope[Printed], work: UnitOfWork) -> None:
    printed = message.body
    await work.connection.execute(insert(heard).values(topic=printed.topic, number=printed.number))


SUBSCRIPTIONS: tuple[Subscription[Any], ...] = (
    *subscriptions(ORDER),
    *PARTICIPANTS,
    Subscription("books.keep", OrderCompleted, keep_books, key=account_of),
    Subscription("books.keep", OrderCancelled, keep_books, key=account_of),
    *notes.SUBSCRIPTIONS,
    Subscription("market.hear", Printed, hear),
)

C = TypeVar("C", bound=Command[Any])
Altered = Callable[[Subscription[Any]], Subscription[Any]]


class NoHouse:
    """For those who look on: nothing is bought."""

    name = "house"

    async def call(self, key: str, request: ChargeSale) -> Outcome[Receipt]:
        raise NotDoneError("there is no house")

    async def find(self, key: str, request: ChargeSale) -> Outcome[Receipt] | None:
        return None


@dataclass(frozen=True, slots=True)
class Market:
    transactions: Transactions
    commands: CommandBus
    queries: QueryBus


async def build(url: str, *, units: int = UNITS) -> None:
    """Make the tables."""
    await shop.build(url, units=units, wealth=WEALTH)
    database = Database(url)
    async with database.transaction() as connection:
        for tables in (metadata, notes.metadata, receipt.metadata, till.metadata):
            await connection.run_sync(tables.create_all)
        await create_missing(connection, [READ_MODEL], now=datetime.now(UTC))
    await database.close()


@asynccontextmanager
async def market(
    url: str,
    clock: Clock,
    *,
    altered: Altered = lambda subscription: subscription,
    house: Provider[ChargeSale, Receipt] | None = None,
    breakers: Breakers | None = None,
    cache: CacheStore | None = None,
    limits: Limits | None = None,
    also: tuple[Subscription[Any], ...] = (),
) -> AsyncIterator[Market]:
    """The market on the tables of this database; each subscription as it is `altered`, with a receipt, and
    some of others that are here, too."""
    database, known = Database(url), Subscriptions()
    transactions = Transactions(database, clock=clock, ids=RandomIds(), subscriptions=known)
    cached = Cached[int](TOPIC, int, cache or NoStore())
    for one in (*SUBSCRIPTIONS, *also):
        known.add(altered(with_receipt(one)))
    effects = Effects(transactions, breakers or Breakers(failures=1_000), policy=_PAYMENTS)
    for errand in (
        effects.errand(CHARGE, house or NoHouse()),
        forgetting("market.topic_cache", Said, cached, keys=lambda said: [said.topic]),
    ):
        known.add(errand_with_receipt(errand))
    commands = CommandBus(SHOP, transactions, limits=limits)
    commands.register(shop.PlaceOrder, _recorded(shop.place_order), allow=anyone)
    commands.register(Say, _recorded(notes.say), allow=anyone)
    commands.register(Remind, _recorded(notes.remind), allow=anyone)
    commands.register(Sell, _recorded(till.sell), allow=anyone)
    queries = QueryBus(database)
    whole: WholeAnswer[NotesOn, int] = WholeAnswer(cached, key=lambda query: query.topic)
    queries.register(NotesOn, notes.notes_on, allow=anyone, cached=whole)
    try:
        yield Market(transactions, commands, queries)
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


def _recorded(
    handler: Callable[[C, UnitOfWork, RequestContext], Awaitable[Result[Any, DomainError]]],
) -> Callable[[C, UnitOfWork, RequestContext], Awaitable[Result[Any, DomainError]]]:
    async def handle(command: C, work: UnitOfWork, request: RequestContext) -> Result[Any, DomainError]:
        await work.connection.execute(insert(carried_out).values(command=request.idempotency_key))
        return await handler(command, work, request)

    return handle
