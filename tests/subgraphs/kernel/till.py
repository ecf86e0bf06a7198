"""A till that has a payment house take the money, and a saga that has it pay back what was taken.

Nothing in its table of answers forbids one to be there twice: what is concluded twice would be seen.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select

from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.policies import anyone
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.breakers import Breakers
from subgraphs.kernel.domain import Clock, DomainError, RandomIds, Result, Success
from subgraphs.kernel.effects.calling import CallPolicy
from subgraphs.kernel.effects.effect import Effect
from subgraphs.kernel.effects.effects import Effects
from subgraphs.kernel.effects.outcome import Outcome, Refused, Succeeded
from subgraphs.kernel.effects.provider import Provider
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Subscriptions
from subgraphs.kernel.sagas.definition import Decision, Saga
from subgraphs.kernel.sagas.outputs import Begin, Complete, Fail, Finish, Send
from subgraphs.kernel.sagas.record import Status
from subgraphs.kernel.sagas.runner import subscriptions
from subgraphs.kernel.sagas.sagas import Sagas
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork
from tests.subgraphs.kernel.house import Receipt

metadata = MetaData()
answer = Table(
    "till_answer",
    metadata,
    Column("pos", Integer, primary_key=True),
    Column("sale_id", String),
    Column("what", String),
)

QUICK = CallPolicy(
    timeout=timedelta(milliseconds=500),
    attempts=2,
    pause=timedelta(0),
    backoff=RetryPolicy(base=timedelta(seconds=1)),
)


@dataclass(frozen=True, slots=True)
class ChargeSale(IntegrationEvent):
    type: ClassVar[str] = "till.charge_sale"
    sale_id: str
    payer: str
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class SaleCharged(IntegrationEvent):
    type: ClassVar[str] = "till.sale_charged"
    sale_id: str
    payer: str


@dataclass(frozen=True, slots=True)
class RefundSale(IntegrationEvent):
    type: ClassVar[str] = "till.refund_sale"
    sale_id: str
    payer: str


@dataclass(frozen=True, slots=True)
class SaleRefunded(IntegrationEvent):
    type: ClassVar[str] = "till.sale_refunded"
    sale_id: str


@dataclass(frozen=True, slots=True)
class RefundDeclined(IntegrationEvent):
    type: ClassVar[str] = "till.refund_declined"
    sale_id: str


async def charged(message: Envelope[ChargeSale], outcome: Outcome[Receipt], work: UnitOfWork) -> None:
    sale = message.body
    match outcome:
        case Succeeded(receipt):
            assert receipt.number > 0
            await _note(work, sale.sale_id, "charged")
            work.publish(SaleCharged(sale.sale_id, sale.payer), key=sale.sale_id)
        case Refused(code):
            await _note(work, sale.sale_id, code)


async def refunded(message: Envelope[RefundSale], outcome: Outcome[Receipt], work: UnitOfWork) -> None:
    sale_id = message.body.sale_id
    match outcome:
        case Succeeded():
            work.publish(SaleRefunded(sale_id), key=sale_id)
        case Refused():
            work.publish(RefundDeclined(sale_id), key=sale_id)


async def _note(work: UnitOfWork, sale_id: str, what: str) -> None:
    await work.connection.execute(insert(answer).values(sale_id=sale_id, what=what))


def _sale_id(message: Any) -> str:
    sale_id: str = message.sale_id
    return sale_id


CHARGE = Effect("till.charge", ChargeSale, Receipt, by=_sale_id, then=charged)
REFUND = Effect("till.refund", RefundSale, Receipt, by=_sale_id, then=refunded)


@dataclass(frozen=True, slots=True)
class Return:
    sale_id: str


RETURN = Saga("till.return", Return)
"""Everything that was sold is brought back."""


@RETURN.starts_with(SaleCharged, by=_sale_id)
def brought_back(message: SaleCharged) -> Decision[Return]:
    refund = Send(RefundSale(message.sale_id, message.payer), to="till.refund")
    return Return(message.sale_id), [Begin("refund"), refund]


@RETURN.on(SaleRefunded, by=_sale_id, step="refund")
def paid_back(state: Return, _: SaleRefunded) -> Decision[Return]:
    return state, [Finish(), Complete()]


@RETURN.on(RefundDeclined, by=_sale_id, step="refund")
def kept(state: Return, _: RefundDeclined) -> Decision[Return]:
    return state, [Fail("the house keeps the money")]


@dataclass(frozen=True, slots=True)
class Sell(Command[str]):
    sale_id: str
    payer: str
    currency: str = "EUR"


async def sell(command: Sell, work: UnitOfWork, _: RequestContext) -> Result[str, DomainError]:
    sale = ChargeSale(command.sale_id, command.payer, command.currency)
    return Success(await CHARGE.request(work, sale))


@dataclass(frozen=True, slots=True)
class Till:
    transactions: Transactions
    commands: CommandBus
    effects: Effects
    breakers: Breakers
    sagas: Sagas

    async def sell(self, sale_id: str, payer: str = "", *, currency: str = "EUR") -> str:
        """The key of the charge."""
        result = await self.commands.execute(
            Sell(sale_id, payer, currency), RequestContext(None, "correlation")
        )
        assert isinstance(result, Success)
        return result.value

    async def answers(self) -> list[tuple[str, str]]:
        async with self.transactions.database.read() as connection:
            rows = await connection.execute(select(answer).order_by(answer.c.sale_id, answer.c.pos))
            return [(row.sale_id, row.what) for row in rows]

    async def returned(self, sale_id: str) -> Status | None:
        saga = await self.sagas.find(RETURN.id_of(sale_id))
        return saga.status if saga else None


async def install(url: str) -> None:
    """Make the tables."""
    database = Database(url)
    await migrate(database, [])
    async with database.transaction() as connection:
        await connection.run_sync(metadata.create_all)
    await database.close()


@asynccontextmanager
async def till(
    url: str,
    clock: Clock,
    charges: Provider[ChargeSale, Receipt],
    refunds: Provider[RefundSale, Receipt],
    *,
    policy: CallPolicy = QUICK,
    breakers: Breakers | None = None,
    threads: bool = True,
) -> AsyncIterator[Till]:
    """The till on the tables of this database."""
    database, known = Database(url, threads=threads), Subscriptions()
    breakers = breakers or Breakers(failures=1_000)
    transactions = Transactions(database, clock=clock, ids=RandomIds(), subscriptions=known)
    effects = Effects(transactions, breakers, policy=policy)
    known.add(effects.errand(CHARGE, charges), effects.errand(REFUND, refunds), *subscriptions(RETURN))
    commands = CommandBus("till", transactions)
    commands.register(Sell, sell, allow=anyone)
    try:
        yield Till(transactions, commands, effects, breakers, Sagas(transactions, [RETURN]))
    finally:
        await database.close()
