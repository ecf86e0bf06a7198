"""Sagas on their stores: what was promised holds whoever meets whom, and however late it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, PageRequest, Success
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.sagas import machine, storage
from subgraphs.kernel.sagas.record import Status, StepStatus
from subgraphs.kernel.sagas.sagas import (
    REASON_MISSING,
    SAGA_NOT_FOUND,
    SAGA_NOT_RUNNING,
    SAGA_UNKNOWN,
    Sagas,
)
from subgraphs.kernel.store.tables import audit, delivery
from subgraphs.kernel.store.tables import saga as saga_table
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import ConcurrencyConflict
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.shop import ORDER, UNITS, Handler, Order, OrderPlaced, Shop, shop

SOMEBODY = RequestContext(None, "correlation")
ALL = PageRequest(limit=100)
NOTHING_LEFT = Backlog(0, 0, 0)
AT_ONCE = WorkerOptions(retry=RetryPolicy(base=timedelta(0), attempts=1_000))


@pytest.fixture
async def open_shop(built: str, clock: FakeClock) -> AsyncIterator[Shop]:
    async with shop(built, clock) as context:
        yield context


async def _work(context: Shop, clock: FakeClock, *, minutes: int = 0) -> None:
    """Let so many minutes go by, and handle what is due in each."""
    worker = Worker(context.transactions, options=AT_ONCE)
    await worker.drain()
    for _ in range(minutes):
        clock.advance(timedelta(minutes=1))
        await worker.drain()


async def test_orders_end_one_way_or_the_other(open_shop: Shop, clock: FakeClock) -> None:
    expected = {
        "well": ("rich", "home", Status.COMPLETED),
        "declined": ("poor", "home", Status.FAILED),
        "returned": ("rich", "nowhere", Status.FAILED),
        "slow": ("slow", "home", Status.COMPLETED),
        "late": ("late", "home", Status.FAILED),
        "silent": ("silent", "home", Status.FAILED),
    }
    for order_id, (customer, address, _) in expected.items():
        await open_shop.place(order_id, customer, address)
    await _work(open_shop, clock, minutes=70)
    assert await open_shop.orders() == {order_id: how for order_id, (*_, how) in expected.items()}
    await open_shop.check_books()
    assert (await open_shop.saga("late")).error == "payment timed out"
    assert (await open_shop.sagas.find_timed_out(ALL)).items == ()


async def test_more_orders_than_goods(open_shop: Shop, clock: FakeClock) -> None:
    for number in range(UNITS + 3):
        await open_shop.place(str(number))
    await _work(open_shop, clock)
    orders = await open_shop.orders()
    assert sorted(orders.values()) == [Status.COMPLETED] * UNITS + [Status.FAILED] * 3
    await open_shop.check_books()


async def test_a_saga_is_stored_as_it_is(open_shop: Shop, clock: FakeClock) -> None:
    id_ = await open_shop.place("1", "slow")
    started = clock.now()
    await _work(open_shop, clock)
    saga = await open_shop.sagas.find(id_)
    assert saga is not None
    assert (saga.id, saga.type, saga.key, saga.version) == (id_, "shop.order", "1", 2)
    assert (saga.status, saga.state) == (Status.RUNNING, Order("1", "slow", "home"))
    assert [(step.name, step.status) for step in saga.steps] == [
        ("stock", StepStatus.COMPLETED),
        ("payment", StepStatus.RUNNING),
    ]
    assert (saga.created_at, saga.updated_at) == (started, started)
    assert saga.timeout_at == started + timedelta(minutes=15)
    assert not saga.is_timed_out(clock.now())


async def test_its_deliveries_have_its_id_as_their_key(open_shop: Shop, clock: FakeClock) -> None:
    id_ = await open_shop.place("1")
    await _work(open_shop, clock)
    async with open_shop.transactions.database.read() as connection:
        keys = await connection.scalars(select(delivery.c.key).where(delivery.c.consumer == ORDER.type))
        assert set(keys) == {id_}


async def test_timers_survive_the_process(built: str, clock: FakeClock) -> None:
    async with shop(built, clock) as before:
        await before.place("1", "silent")
        await _work(before, clock)
    clock.advance(timedelta(days=1))
    async with shop(built, clock) as after:
        assert [one.key for one in (await after.sagas.find_timed_out(ALL)).items] == ["1"]
        await _work(after, clock)
        assert (await after.saga("1")).error == "payment timed out"
        await after.check_books()


async def test_what_came_in_time_counts_however_late_it_is_handled(built: str, clock: FakeClock) -> None:
    """The saga's worker is away from before the answer until after the deadline."""
    async with shop(built, clock) as context:
        await context.place("1", "slow")
        await _work(context, clock)
        clock.advance(timedelta(minutes=10))
        await Worker(context.transactions, options=WorkerOptions(batch=1)).step()  # the payment's answer
        clock.advance(timedelta(hours=1))
        await _work(context, clock)
        assert await context.orders() == {"1": Status.COMPLETED}
        await context.check_books()


async def test_started_twice_at_once_it_is_one_saga(built: str, clock: FakeClock) -> None:
    """Two messages that start the same saga, in two processes, under keys of their own."""
    async with shop(built, clock) as one, shop(built, clock) as other:
        for number in range(10):
            for key in ("a", "b"):
                async with one.transactions.begin("shop", SOMEBODY) as work:
                    work.send(OrderPlaced(str(number)), to=ORDER.type, key=f"{key}{number}")
        few = WorkerOptions(batch=1, retry=RetryPolicy(base=timedelta(0)))
        await asyncio.gather(*(Worker(each.transactions, options=few).drain() for each in (one, other)))
        await _work(one, clock)
        assert await one.orders() == {str(number): Status.COMPLETED for number in range(10)}
        await one.check_books()


async def test_of_two_sagas_of_one_key_the_first_is_stored(open_shop: Shop, clock: FakeClock) -> None:
    move = machine.receive(ORDER, None, OrderPlaced("1"), clock.now())
    assert move is not None
    async with open_shop.transactions.database.transaction() as connection:
        await storage.save(connection, move.record)
        with pytest.raises(ConcurrencyConflict):
            await storage.save(connection, move.record)


async def test_who_read_an_older_version_stores_nothing(open_shop: Shop, clock: FakeClock) -> None:
    await open_shop.place("1", "slow")
    await _work(open_shop, clock)
    before = await open_shop.saga("1")
    assert await open_shop.sagas.cancel(before.id, SOMEBODY, reason="first") == Success(None)
    cancelled = machine.cancel(ORDER, before, "second", clock.now())
    assert cancelled is not None
    async with open_shop.transactions.database.transaction() as connection:
        with pytest.raises(ConcurrencyConflict):
            await storage.save(connection, cancelled.record)
    assert (await open_shop.saga("1")).error == "first"


async def test_cancelled_under_way_it_is_undone_and_what_comes_late_too(
    open_shop: Shop, clock: FakeClock
) -> None:
    id_ = await open_shop.place("1", "slow")
    await _work(open_shop, clock)
    assert await open_shop.sagas.cancel(id_, SOMEBODY, reason="changed my mind") == Success(None)
    await _work(open_shop, clock, minutes=1)
    assert await open_shop.orders() == {"1": Status.CANCELLED}
    await open_shop.check_books()
    await _work(open_shop, clock, minutes=10)
    saga = await open_shop.saga("1")
    assert (saga.status, saga.error, saga.state.payment_id) == (
        Status.CANCELLED,
        "changed my mind",
        "payment of 1",
    )
    assert {step.status for step in saga.steps} == {StepStatus.COMPENSATED}
    await open_shop.check_books()
    async with open_shop.transactions.database.read() as connection:
        noted = (await connection.execute(select(audit))).one()
    assert (noted.action, noted.subject) == ("saga.cancel", f"saga {id_}: shop.order 1")
    assert noted.detail == '{"reason": "changed my mind"}'


async def test_what_cannot_be_cancelled(open_shop: Shop, clock: FakeClock) -> None:
    async def refusal(id_: str, *, reason: str = "because") -> DomainError:
        result = await open_shop.sagas.cancel(id_, SOMEBODY, reason=reason)
        assert isinstance(result, Failure)
        return result.error

    id_ = await open_shop.place("1")
    await _work(open_shop, clock)
    assert await refusal(id_) == SAGA_NOT_RUNNING
    assert await refusal(id_, reason=" ") == REASON_MISSING
    assert await refusal("nobody") == SAGA_NOT_FOUND
    strangers = Sagas(open_shop.transactions, [])
    assert await strangers.cancel(id_, SOMEBODY, reason="because") == Failure(SAGA_UNKNOWN)
    found = await strangers.find(id_)
    assert found is not None
    assert found.state["customer"] == "rich"
    async with open_shop.transactions.database.transaction() as connection:
        await connection.execute(update(saga_table).values(data='{"of": "another program"}'))
    assert await open_shop.sagas.cancel(id_, SOMEBODY, reason="because") == Failure(SAGA_UNKNOWN)
    found = await open_shop.sagas.find(id_)
    assert found is not None
    assert found.state == {"of": "another program"}


async def test_sagas_are_listed_by_status_and_type(open_shop: Shop, clock: FakeClock) -> None:
    for number, customer in enumerate(("rich", "poor", "slow", "rich")):
        await open_shop.place(str(number), customer)
        await _work(open_shop, clock, minutes=1)
    sagas = open_shop.sagas
    assert [one.key for one in (await sagas.list(ALL)).items] == ["0", "1", "2", "3"]
    completed = await sagas.list(PageRequest(limit=1), status=Status.COMPLETED)
    assert ([one.key for one in completed.items], completed.total) == (["0"], 2)
    assert (await sagas.list(ALL, type_="shop.other")).total == 0


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.usefixtures("quiet")
async def test_whatever_fails_and_whoever_cancels_money_and_goods_are_accounted_for(
    built: str, clock: FakeClock, seed: int
) -> None:
    """Two processes whose handlers fail now and then, with cancellations at the same time."""
    chance = Random(seed)

    def hindered(handler: Handler) -> Handler:
        async def handle(message: Envelope[Any], work: UnitOfWork) -> None:
            if chance.random() < 0.1:
                raise ValueError("bad luck before")
            await handler(message, work)
            if chance.random() < 0.1:
                raise ValueError("bad luck after")

        return handle

    async with AsyncExitStack() as stack:
        shops = [await stack.enter_async_context(shop(built, clock, hindered=hindered)) for _ in range(2)]
        options = WorkerOptions(retry=RetryPolicy(base=timedelta(0), attempts=1_000), batch=2)
        workers = [Worker(each.transactions, options=options) for each in shops]
        ids = []
        for number in range(12):
            customer = chance.choice(["rich", "poor", "slow", "late", "silent"])
            ids.append(await shops[0].place(str(number), customer, chance.choice(["home", "nowhere"])))
        for minute in range(80):
            steps = [worker.step() for worker in workers]
            cancels = []
            if minute < 40 and chance.random() < 0.4:
                cancels = [shops[0].sagas.cancel(chance.choice(ids), SOMEBODY, reason="whim")]
            await asyncio.gather(*steps, *cancels)
            if minute % 2:
                clock.advance(timedelta(minutes=chance.choice([0, 1, 5])))
        for _ in range(20):
            await asyncio.gather(*(worker.drain() for worker in workers))
            clock.advance(timedelta(minutes=10))
        await shops[0].check_books()
        assert len(await shops[0].orders()) == 12
        assert await workers[0].backlog() == NOTHING_LEFT
