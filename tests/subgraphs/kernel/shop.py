"""A shop whose orders are sagas: stock is reserved, the price is paid, the parcel is sent, or all is undone.

What a customer is called says what happens to the payment, and an address what happens to the parcel.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.policies import anyone
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Clock, DomainError, PageRequest, RandomIds, Result, Success
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.subscriptions import Subscription, Subscriptions
from subgraphs.kernel.sagas.definition import Decision, Saga
from subgraphs.kernel.sagas.outputs import Begin, Complete, Fail, Farewell, Finish, Publish, Send
from subgraphs.kernel.sagas.record import AnySaga, Status
from subgraphs.kernel.sagas.runner import subscriptions
from subgraphs.kernel.sagas.sagas import Sagas
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork

UNITS, PRICE, WEALTH = 20, 10, 1_000
PAYMENT_TIMEOUT = timedelta(minutes=15)
ANSWERS_AFTER = {"slow": timedelta(minutes=10), "late": timedelta(hours=1)}

metadata = MetaData()
goods = Table("shop_goods", metadata, Column("id", Integer, primary_key=True), Column("free", Integer))
reservation = Table(
    "shop_reservation", metadata, Column("order_id", String, primary_key=True), Column("units", Integer)
)
purse = Table("shop_purse", metadata, Column("owner", String, primary_key=True), Column("money", Integer))
payment = Table(
    "shop_payment",
    metadata,
    Column("id", String, primary_key=True),
    Column("order_id", String, unique=True),
    Column("amount", Integer),
)
ended = Table(
    "shop_ended",
    metadata,
    Column("pos", Integer, primary_key=True),
    Column("order_id", String),
    Column("how", String),
)


@dataclass(frozen=True, slots=True)
class OrderPlaced(IntegrationEvent):
    type: ClassVar[str] = "shop.order_placed"
    order_id: str
    customer: str = "rich"
    address: str = "home"


@dataclass(frozen=True, slots=True)
class OfOrder(IntegrationEvent):
    order_id: str


class ReserveStock(OfOrder):
    type = "stock.reserve"


class StockReserved(OfOrder):
    type = "stock.reserved"


class StockRefused(OfOrder):
    type = "stock.refused"


class ReleaseStock(OfOrder):
    type = "stock.release"


class StockReleased(OfOrder):
    type = "stock.released"


@dataclass(frozen=True, slots=True)
class ChargePayment(IntegrationEvent):
    type: ClassVar[str] = "payments.charge"
    order_id: str
    customer: str
    is_put_off: bool = False


@dataclass(frozen=True, slots=True)
class PaymentTaken(IntegrationEvent):
    type: ClassVar[str] = "payments.taken"
    order_id: str
    payment_id: str


class PaymentDeclined(OfOrder):
    type = "payments.declined"


@dataclass(frozen=True, slots=True)
class RefundPayment(IntegrationEvent):
    type: ClassVar[str] = "payments.refund"
    payment_id: str


class PaymentRefunded(OfOrder):
    type = "payments.refunded"


@dataclass(frozen=True, slots=True)
class SendParcel(IntegrationEvent):
    type: ClassVar[str] = "parcels.send"
    order_id: str
    address: str


class ParcelSent(OfOrder):
    type = "parcels.sent"


class ParcelReturned(OfOrder):
    type = "parcels.returned"


class OrderCompleted(OfOrder):
    type = "shop.order_completed"


@dataclass(frozen=True, slots=True)
class OrderCancelled(IntegrationEvent):
    type: ClassVar[str] = "shop.order_cancelled"
    order_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Order:
    id: str
    customer: str
    address: str
    payment_id: str = ""


ORDER = Saga("shop.order", Order)


def _order_id(message: Any) -> str:
    order_id: str = message.order_id
    return order_id


@ORDER.starts_with(OrderPlaced, by=_order_id)
def placed(message: OrderPlaced) -> Decision[Order]:
    order = Order(message.order_id, message.customer, message.address)
    return order, [Begin("stock", timedelta(hours=1)), Send(ReserveStock(order.id), to="stock.reserve")]


@ORDER.on(StockReserved, by=_order_id, step="stock")
def reserved(order: Order, _: StockReserved) -> Decision[Order]:
    charge = Send(ChargePayment(order.id, order.customer), to="payments.charge")
    return order, [Finish(), Begin("payment", PAYMENT_TIMEOUT), charge]


@ORDER.on(StockRefused, by=_order_id, step="stock")
def refused(order: Order, _: StockRefused) -> Decision[Order]:
    return order, [Fail("sold out")]


@ORDER.compensates("stock", confirmed_by=StockReleased, by=_order_id)
def release(order: Order) -> Send:
    return Send(ReleaseStock(order.id), to="stock.release")


@ORDER.on(PaymentTaken, by=_order_id, step="payment")
def paid(order: Order, message: PaymentTaken) -> Decision[Order]:
    parcel = Send(SendParcel(order.id, order.address), to="parcels.send")
    return replace(order, payment_id=message.payment_id), [Finish(), Begin("parcel"), parcel]


@ORDER.on(PaymentDeclined, by=_order_id, step="payment")
def declined(order: Order, _: PaymentDeclined) -> Decision[Order]:
    return order, [Fail("declined")]


@ORDER.compensates("payment", confirmed_by=PaymentRefunded, by=_order_id)
def refund(order: Order) -> Send:
    return Send(RefundPayment(order.payment_id), to="payments.refund")


@ORDER.on(ParcelSent, by=_order_id, step="parcel")
def sent(order: Order, _: ParcelSent) -> Decision[Order]:
    return order, [Publish(OrderCompleted(order.id)), Finish(), Complete()]


@ORDER.on(ParcelReturned, by=_order_id, step="parcel")
def returned(order: Order, _: ParcelReturned) -> Decision[Order]:
    return order, [Fail("nobody lives there")]


@ORDER.undone
def undone(order: Order, reason: str) -> list[Farewell]:
    return [Publish(OrderCancelled(order.id, reason))]


async def reserve_stock(message: Envelope[ReserveStock], work: UnitOfWork) -> None:
    order_id = message.body.order_id
    taken = await work.connection.execute(
        upsert(reservation).values(order_id=order_id, units=1).on_conflict_do_nothing()
    )
    if taken.rowcount == 1:
        left = await work.connection.execute(
            update(goods).where(goods.c.free > 0).values(free=goods.c.free - 1)
        )
        if left.rowcount == 0:
            await work.connection.execute(
                update(reservation).where(reservation.c.order_id == order_id).values(units=0)
            )
            work.publish(StockRefused(order_id), key=order_id)
            return
    work.publish(StockReserved(order_id), key=order_id)


async def release_stock(message: Envelope[ReleaseStock], work: UnitOfWork) -> None:
    order_id = message.body.order_id
    held = (reservation.c.order_id == order_id, reservation.c.units == 1)
    released = await work.connection.execute(update(reservation).where(*held).values(units=0))
    await work.connection.execute(update(goods).values(free=goods.c.free + released.rowcount))
    work.publish(StockReleased(order_id), key=order_id)


async def charge_payment(message: Envelope[ChargePayment], work: UnitOfWork) -> None:
    charge = message.body
    if charge.customer == "poor":
        work.publish(PaymentDeclined(charge.order_id), key=charge.order_id)
        return
    if charge.customer == "silent":
        return
    if charge.customer in ANSWERS_AFTER and not charge.is_put_off:
        after = ANSWERS_AFTER[charge.customer]
        work.send(replace(charge, is_put_off=True), to="payments.charge", key=message.key, after=after)
        return
    payment_id = f"payment of {charge.order_id}"
    await work.connection.execute(
        insert(payment).values(id=payment_id, order_id=charge.order_id, amount=PRICE)
    )
    await _move_money(work, PRICE)
    work.publish(PaymentTaken(charge.order_id, payment_id), key=payment_id)


async def refund_payment(message: Envelope[RefundPayment], work: UnitOfWork) -> None:
    query = select(payment).where(payment.c.id == message.body.payment_id)
    row = (await work.connection.execute(query)).one()
    await _move_money(work, -row.amount)
    await work.connection.execute(update(payment).where(payment.c.id == row.id).values(amount=0))
    work.publish(PaymentRefunded(row.order_id), key=row.id)


async def send_parcel(message: Envelope[SendParcel], work: UnitOfWork) -> None:
    parcel = message.body
    answer = ParcelReturned if parcel.address == "nowhere" else ParcelSent
    work.publish(answer(parcel.order_id), key=f"parcel {parcel.order_id}")


async def note_end(message: Envelope[Any], work: UnitOfWork) -> None:
    end = {"order_id": message.body.order_id, "how": message.body.type}
    await work.connection.execute(insert(ended).values(end))


async def _move_money(work: UnitOfWork, amount: int) -> None:
    for owner, change in (("customers", -amount), ("shop", amount)):
        await work.connection.execute(
            update(purse).where(purse.c.owner == owner).values(money=purse.c.money + change)
        )


PARTICIPANTS: tuple[Subscription[Any], ...] = (
    Subscription("stock.reserve", ReserveStock, reserve_stock),
    Subscription("stock.release", ReleaseStock, release_stock),
    Subscription("payments.charge", ChargePayment, charge_payment),
    Subscription("payments.refund", RefundPayment, refund_payment),
    Subscription("parcels.send", SendParcel, send_parcel),
    Subscription("shop.ends", OrderCompleted, note_end),
    Subscription("shop.ends", OrderCancelled, note_end),
)


@dataclass(frozen=True, slots=True)
class PlaceOrder(Command[str]):
    order_id: str
    customer: str
    address: str


async def place_order(command: PlaceOrder, work: UnitOfWork, _: RequestContext) -> Result[str, DomainError]:
    placed = OrderPlaced(command.order_id, command.customer, command.address)
    work.publish(placed, key=command.customer)
    return Success(command.order_id)


@dataclass(frozen=True, slots=True)
class Shop:
    transactions: Transactions
    commands: CommandBus
    sagas: Sagas

    async def place(self, order_id: str, customer: str = "rich", address: str = "home") -> str:
        """Order once, however often it is said; the id of the saga."""
        request = RequestContext(None, "correlation", idempotency_key=order_id)
        result = await self.commands.execute(PlaceOrder(order_id, customer, address), request)
        assert result == Success(order_id)
        return ORDER.id_of(order_id)

    async def saga(self, order_id: str) -> AnySaga:
        found = await self.sagas.find(ORDER.id_of(order_id))
        assert found is not None
        return found

    async def orders(self) -> dict[str, Status]:
        page = await self.sagas.list(PageRequest(limit=100))
        return {one.key: one.status for one in page.items}

    async def check_books(self) -> None:
        """Every saga has ended, and whatever is not sold is as it was before."""
        orders = await self.orders()
        assert all(status.has_ended for status in orders.values()), orders
        sold = sorted(order_id for order_id, status in orders.items() if status is Status.COMPLETED)
        async with self.transactions.database.read() as connection:
            free = await connection.scalar(select(goods.c.free))
            held = await connection.scalars(select(reservation.c.order_id).where(reservation.c.units == 1))
            money = {row.owner: row.money for row in await connection.execute(select(purse))}
            taken = await connection.scalars(select(payment.c.order_id).where(payment.c.amount > 0))
            ends = [(row.order_id, row.how) for row in await connection.execute(select(ended))]
            assert (sorted(held), sorted(taken)) == (sold, sold)
        assert free == UNITS - len(sold)
        assert money == {"shop": PRICE * len(sold), "customers": WEALTH - PRICE * len(sold)}
        told = {
            order_id: "shop.order_completed" if order_id in sold else "shop.order_cancelled"
            for order_id in orders
        }
        assert sorted(ends) == sorted(told.items())


async def build(url: str, *, units: int = UNITS, wealth: int = WEALTH) -> None:
    """Make the tables, with so many goods in the shop and so much money on the customers' side."""
    database = Database(url)
    await migrate(database, [])
    async with database.transaction() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.execute(insert(goods).values(id=1, free=units))
        await connection.execute(
            insert(purse), [{"owner": "shop", "money": 0}, {"owner": "customers", "money": wealth}]
        )
    await database.close()


Handler = Callable[[Envelope[Any], UnitOfWork], Awaitable[None]]


@asynccontextmanager
async def shop(
    url: str, clock: Clock, *, hindered: Callable[[Handler], Handler] = lambda handler: handler
) -> AsyncIterator[Shop]:
    """The shop on the tables of this database; every handler, the saga's too, is `hindered`."""
    database, known = Database(url), Subscriptions()
    for one in (*subscriptions(ORDER), *PARTICIPANTS):
        known.add(replace(one, handler=hindered(one.handler)))
    transactions = Transactions(database, clock=clock, ids=RandomIds(), subscriptions=known)
    commands = CommandBus("shop", transactions)
    commands.register(PlaceOrder, place_order, allow=anyone)
    try:
        yield Shop(transactions, commands, Sagas(transactions, [ORDER]))
    finally:
        await database.close()
