"""Messages reach their handlers once, in order, and whatever happens is seen."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from operator import attrgetter
from random import Random

import pytest
import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.claims import claim_due, claim_suspect
from subgraphs.kernel.messaging.delivery import finish
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Subscription, Subscriptions
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.store.tables import delivery
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import NOBODY, STORE, ApplePicked, Orchard, orchard, steady, store_apple

NOTHING_LEFT = Backlog(waiting=0, dead=0, blocked=0)
IMPATIENT = WorkerOptions(retry=RetryPolicy(attempts=3), lease=timedelta(seconds=30))


class Cellar:
    """A consumer that refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.refuses: set[str] = set()
        self.asked: list[str] = []

    async def store(self, message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        self.asked.append(message.body.name)
        await store_apple(message, work)
        if message.body.name in self.refuses:
            raise ValueError("no room")

    @property
    def subscription(self) -> Subscription[ApplePicked]:
        return Subscription("cellar.store", ApplePicked, self.store)


async def test_every_message_takes_effect_once(garden: Orchard) -> None:
    for name in "abc":
        await garden.pick(name)
    worker = Worker(garden.transactions)
    assert await worker.drain() == NOTHING_LEFT
    assert await worker.drain() == NOTHING_LEFT
    assert await garden.stored() == ["a", "b", "c"]


async def test_each_consumer_gets_every_message(planted: str, clock: FakeClock) -> None:
    also = Subscription("kitchen.bake", ApplePicked, store_apple)
    async with orchard(planted, clock, STORE, also) as garden:
        await garden.pick("a")
        await Worker(garden.transactions).drain()
        assert await garden.stored() == ["a", "a"]
        assert await garden.statuses() == ["done", "done"]


async def test_what_a_consumer_forgets_says_nothing_once_it_is_handled(
    planted: str, clock: FakeClock
) -> None:
    cellar = Cellar()
    cellar.refuses.add("b")
    forgetful = replace(cellar.subscription, forgets=True)
    async with orchard(planted, clock, forgetful) as garden:
        await garden.pick("a", tree="one")
        await garden.pick("b", tree="another")
        await Worker(garden.transactions).drain()
        async with garden.transactions.database.read() as connection:
            kept = await connection.execute(select(delivery.c.key, delivery.c.status, delivery.c.data))
            assert {tuple(row) for row in kept} == {
                ("one", "done", "null"),
                ("another", "ready", '{"name":"b"}'),
            }


async def test_the_handler_knows_where_a_message_comes_from(planted: str, clock: FakeClock) -> None:
    seen: list[Envelope[ApplePicked]] = []

    async def look(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        seen.append(message)

    async with orchard(planted, clock, Subscription("cellar.look", ApplePicked, look)) as garden:
        await garden.pick("a", tree="the old one")
        await Worker(garden.transactions).drain()
    (message,) = seen
    assert (message.source, message.key, message.body) == ("orchard", "the old one", ApplePicked("a"))
    assert message.meta.occurred_at == clock.now()
    assert message.request() == RequestContext(SYSTEM, "correlation", message.meta.message_id)


async def test_what_a_handler_publishes_goes_on_in_its_own_name(planted: str, clock: FakeClock) -> None:
    chain: list[Envelope[ApplePicked]] = []

    async def pass_on(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        chain.append(message)
        if len(chain) < 3:
            work.publish(ApplePicked(message.body.name + "'"), key=message.key)

    async with orchard(planted, clock, Subscription("cellar.pass_on", ApplePicked, pass_on)) as garden:
        await garden.pick("a")
        assert await Worker(garden.transactions).drain() == NOTHING_LEFT
    assert [(link.source, link.body.name) for link in chain] == [
        ("orchard", "a"),
        ("cellar", "a'"),
        ("cellar", "a''"),
    ]
    assert [link.meta.causation_id for link in chain] == [None, *(link.meta.message_id for link in chain[:2])]
    assert {link.meta.correlation_id for link in chain} == {"correlation"}


async def test_a_failing_handler_is_asked_again_after_growing_pauses(planted: str, clock: FakeClock) -> None:
    cellar, start = Cellar(), clock.now()
    cellar.refuses.add("a")
    options = WorkerOptions(retry=RetryPolicy(attempts=5, cap=timedelta(seconds=3)))
    async with orchard(planted, clock, cellar.subscription) as garden:
        await garden.pick("a")
        worker = Worker(garden.transactions, options=options, random=steady())
        jitter, pauses = steady(), []
        for longest in (0.5, 1, 2, 3):
            assert await worker.step() == 1
            pauses.append(timedelta(seconds=longest * jitter.uniform(0, 1)))
            assert await _due(garden) == [start + sum(pauses, timedelta())]
            clock.advance(pauses[-1] - timedelta(microseconds=1))
            assert await worker.step() == 0  # not a moment before
            clock.advance(timedelta(microseconds=1))
        cellar.refuses.clear()
        assert await worker.drain() == NOTHING_LEFT
        assert (await garden.stored(), len(cellar.asked)) == (["a"], 5)


async def test_a_message_that_always_fails_dies_in_sight(planted: str, clock: FakeClock) -> None:
    cellar = Cellar()
    cellar.refuses.add("a")
    async with orchard(planted, clock, cellar.subscription) as garden:
        worker = Worker(garden.transactions, options=IMPATIENT)
        await garden.pick("a", tree="sick")
        await garden.pick("b", tree="sick")
        await garden.pick("c", tree="healthy")
        with structlog.testing.capture_logs() as logs:
            for _ in range(5):
                await worker.drain()
                clock.advance(timedelta(hours=1))
        assert cellar.asked == ["a", "c", "a", "a"]
        assert await garden.stored() == ["c"]
        assert await worker.backlog() == Backlog(waiting=0, dead=1, blocked=1)
        (burial,) = [log for log in logs if log["event"] == "dead letter"]
        assert (burial["key"], burial["reason"], burial["dead"]) == ("sick", "ValueError: no room", 1)


async def test_messages_that_do_not_depend_on_each_other_pass_a_dead_one(
    planted: str, clock: FakeClock
) -> None:
    cellar = Cellar()
    cellar.refuses.add("a")
    subscription = replace(cellar.subscription, skips_dead=True)
    async with orchard(planted, clock, subscription) as garden:
        worker = Worker(garden.transactions, options=IMPATIENT)
        for name in "abc":
            await garden.pick(name, tree="sick")
        for _ in range(3):
            await worker.drain()
            clock.advance(timedelta(hours=1))
        assert await garden.stored() == ["b", "c"]
        assert await garden.statuses() == ["parked", "done", "done"]
        assert await worker.backlog() == Backlog(waiting=0, dead=1, blocked=0)


async def test_a_timer_goes_off_when_it_is_due_and_holds_back_nobody_before(
    garden: Orchard, clock: FakeClock
) -> None:
    worker = Worker(garden.transactions)
    for _ in range(2):  # the second time changes nothing
        async with garden.transactions.begin("orchard", NOBODY) as work:
            work.send(
                ApplePicked("later"), to="cellar.store", key="1", after=timedelta(days=1), message_id="once"
            )
    await garden.pick("now", tree="1")
    assert await worker.drain() == Backlog(waiting=1, dead=0, blocked=0)
    assert await garden.stored() == ["now"]
    clock.advance(timedelta(days=1) - timedelta(microseconds=1))
    assert await worker.step() == 0
    clock.advance(timedelta(microseconds=1))
    await garden.pick("after", tree="1")
    assert await worker.drain() == NOTHING_LEFT
    assert await garden.stored() == ["now", "later", "after"]


async def test_what_waits_behind_a_long_handler_is_kept(planted: str, clock: FakeClock) -> None:
    """The first message of a batch takes longer than the lease; the second is nobody else's meanwhile."""
    done = asyncio.Event()

    async def store(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        await store_apple(message, work)
        if message.body.name == "long":
            await asyncio.wait_for(done.wait(), 60)

    subscription = Subscription("cellar.store", ApplePicked, store)
    beats = replace(IMPATIENT, heartbeat=timedelta(milliseconds=1))
    async with orchard(planted, clock, subscription) as one, orchard(planted, clock, STORE) as other:
        for name in ("long", "short"):
            await one.pick(name, tree=name)
        working = asyncio.create_task(Worker(one.transactions, options=beats).step())
        claimed_at = clock.now()
        while await _leases(other) != [claimed_at + beats.lease] * 2:
            pass
        clock.advance(beats.lease - timedelta(seconds=1))
        if not other.transactions.database.is_embedded:  # there, the handler keeps everybody waiting
            while claimed_at + beats.lease in (await _leases(other))[1:]:
                pass
            clock.advance(timedelta(seconds=2))
            assert await Worker(other.transactions, options=IMPATIENT).step() == 0
        done.set()
        assert await working == 2
        assert await one.stored() == ["long", "short"]


async def test_order_within_a_key_survives_a_failure(planted: str, clock: FakeClock) -> None:
    cellar = Cellar()
    cellar.refuses.add("a")
    async with orchard(planted, clock, cellar.subscription) as garden:
        worker = Worker(garden.transactions, options=IMPATIENT)
        for name, tree in (("a", "1"), ("b", "1"), ("c", "2"), ("d", "1")):
            await garden.pick(name, tree=tree)
        await worker.drain()
        assert await garden.stored() == ["c"]
        cellar.refuses.clear()
        clock.advance(timedelta(hours=1))
        assert await worker.drain() == NOTHING_LEFT
        assert await garden.stored() == ["c", "a", "b", "d"]


async def test_a_worker_that_vanishes_loses_its_lease_and_its_say(garden: Orchard, clock: FakeClock) -> None:
    await garden.pick("a")
    database, worker = garden.transactions.database, Worker(garden.transactions, options=IMPATIENT)
    async with database.transaction() as connection:
        (vanished,) = await claim_due(
            connection, ["cellar.store"], now=clock.now(), lease=IMPATIENT.lease, limit=1
        )
    assert await worker.step() == 0  # it might be alive
    clock.advance(IMPATIENT.lease)
    assert await worker.step() == 1
    assert await garden.stored() == ["a"]
    async with database.transaction() as connection:  # and here it is again
        assert not await finish(connection, vanished)


async def test_who_knows_that_the_last_worker_died_need_not_wait(garden: Orchard, clock: FakeClock) -> None:
    await garden.pick("a")
    async with garden.transactions.database.transaction() as connection:
        await claim_due(connection, ["cellar.store"], now=clock.now(), lease=IMPATIENT.lease, limit=1)
    worker = Worker(garden.transactions, options=IMPATIENT)
    await worker.drain()
    assert await garden.stored() == []
    await worker.take_over()
    await worker.drain()
    assert await garden.stored() == ["a"]


async def test_a_stale_worker_changes_nothing_while_another_holds_the_lease(
    garden: Orchard, clock: FakeClock
) -> None:
    await garden.pick("a")
    async with garden.transactions.database.transaction() as connection:
        now, lease = clock.now(), timedelta(0)
        (first,) = await claim_due(connection, ["cellar.store"], now=now, lease=lease, limit=1)
        (second,) = await claim_suspect(connection, ["cellar.store"], now=now, lease=lease)
        assert not await finish(connection, first)
        assert await finish(connection, second)


async def test_two_processes_share_the_work_and_do_nothing_twice(planted: str, clock: FakeClock) -> None:
    async with orchard(planted, clock, STORE) as one, orchard(planted, clock, STORE) as other:
        names = [f"apple {number:02}" for number in range(40)]
        for name in names:
            await one.pick(name, tree=name[-1])
        few = WorkerOptions(batch=3)
        await asyncio.gather(*(Worker(each.transactions, options=few).drain() for each in (one, other)))
        assert sorted(await one.stored()) == names
        assert set(await one.statuses()) == {"done"}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.usefixtures("quiet")
async def test_whatever_fails_and_when_order_holds_and_nothing_is_lost(
    planted: str, clock: FakeClock, seed: int
) -> None:
    chance = Random(seed)

    async def store(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        await store_apple(message, work)
        if chance.random() < 0.4:
            raise ValueError("bad luck")

    options = WorkerOptions(retry=RetryPolicy(attempts=1_000), batch=4)
    subscription = Subscription("cellar.store", ApplePicked, store)
    async with orchard(planted, clock, subscription) as garden:
        worker = Worker(garden.transactions, options=options, random=chance)
        for number in range(24):
            await garden.pick(f"{number % 3} {number:02}", tree=str(number % 3))
            if chance.random() < 0.5:
                await worker.step()
        while await worker.drain() != NOTHING_LEFT:
            clock.advance(timedelta(minutes=5))
        names = await garden.stored()
    for tree in "012":
        assert [name for name in names if name[0] == tree] == [
            f"{tree} {number:02}" for number in range(int(tree), 24, 3)
        ]
    assert len(names) == 24


async def test_a_cancelled_worker_gives_back_what_it_had_claimed(planted: str, clock: FakeClock) -> None:
    entered = asyncio.Event()

    async def hang(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        await store_apple(message, work)
        entered.set()
        await asyncio.Event().wait()

    async with orchard(planted, clock, Subscription("cellar.store", ApplePicked, hang)) as garden:
        await garden.pick("a", tree="1")
        await garden.pick("b", tree="2")
        running = asyncio.create_task(Worker(garden.transactions).run())
        await entered.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert (await garden.stored(), await garden.statuses()) == ([], ["ready", "ready"])
    async with orchard(planted, clock, STORE) as garden:
        assert await Worker(garden.transactions).drain() == NOTHING_LEFT
        assert await garden.stored() == ["a", "b"]


async def test_a_handler_that_hangs_is_a_handler_that_fails(planted: str, clock: FakeClock) -> None:
    async def hang(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        await asyncio.Event().wait()

    options = WorkerOptions(patience=timedelta(milliseconds=10))
    async with orchard(planted, clock, Subscription("cellar.store", ApplePicked, hang)) as garden:
        await garden.pick("a")
        assert await Worker(garden.transactions, options=options).drain() == Backlog(1, 0, 0)
        assert await _errors(garden) == ["TimeoutError: "]


async def test_a_handler_that_rolls_back_has_not_handled_the_message(planted: str, clock: FakeClock) -> None:
    async def roll_back(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        await work.rollback()

    async with orchard(planted, clock, Subscription("cellar.store", ApplePicked, roll_back)) as garden:
        await garden.pick("a")
        assert await Worker(garden.transactions).drain() == Backlog(1, 0, 0)


async def test_a_message_of_an_unknown_version_is_kept_not_dropped(garden: Orchard) -> None:
    await garden.pick("a")
    async with garden.transactions.database.transaction() as connection:
        await connection.execute(update(delivery).values(schema_version=2))
    assert await Worker(garden.transactions).drain() == Backlog(waiting=0, dead=0, blocked=0, unknown=1)
    assert await _errors(garden) == ["unknown_version: orchard.apple_picked v2 is not known here"]


async def test_messages_of_consumers_that_live_elsewhere_are_left_alone(
    planted: str, clock: FakeClock
) -> None:
    async with orchard(planted, clock, STORE) as garden:
        await garden.pick("a")
    async with orchard(planted, clock) as garden:
        assert await Worker(garden.transactions).drain() == Backlog(waiting=1, dead=0, blocked=0)


async def test_what_a_newer_writer_adds_to_an_event_is_ignored(garden: Orchard) -> None:
    await garden.pick("a")
    async with garden.transactions.database.transaction() as connection:
        await connection.execute(update(delivery).values(data='{"name": "a", "weight": 3}'))
    assert await Worker(garden.transactions).drain() == NOTHING_LEFT
    assert await garden.stored() == ["a"]


async def test_a_commit_wakes_the_worker(garden: Orchard) -> None:
    done = asyncio.Event()

    async def store(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        await store_apple(message, work)
        done.set()

    garden.transactions.subscriptions.add(Subscription("kitchen.store", ApplePicked, store))
    running = asyncio.create_task(Worker(garden.transactions).run())
    await garden.pick("a")
    await asyncio.wait_for(done.wait(), 60)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_the_same_message_cannot_be_delivered_twice(garden: Orchard) -> None:
    await garden.pick("a")
    await Worker(garden.transactions).drain()
    async with garden.transactions.database.transaction() as connection:
        row = (await connection.execute(select(delivery))).one()._asdict()
        again = (
            insert(delivery)
            .values({name: value for name, value in row.items() if name != "id"} | {"status": "ready"})
            .on_conflict_do_nothing()
        )
        await connection.execute(again)
    await Worker(garden.transactions).drain()
    assert await garden.stored() == ["a"]


def test_what_a_process_subscribes_to_does_not_change_what_others_know() -> None:
    contracts = Registry[IntegrationEvent](attrgetter("type"))
    subscriptions = Subscriptions(contracts)
    subscriptions.add(STORE)
    assert (contracts.classes, subscriptions.registry.classes) == ((), (ApplePicked,))


def test_a_consumer_subscribes_once_to_a_type() -> None:
    subscriptions = Subscriptions()
    subscriptions.add(STORE)
    with pytest.raises(ValueError, match=r"cellar\.store subscribes twice to orchard\.apple_picked"):
        subscriptions.add(STORE)


def test_the_longest_pause_is_the_cap_however_often_it_failed() -> None:
    policy = RetryPolicy()
    assert all(policy.delay(failures, steady()) <= policy.cap for failures in (1, 10, 100, 10_000))


async def _due(garden: Orchard) -> list[object]:
    async with garden.transactions.database.read() as connection:
        return list(await connection.scalars(select(delivery.c.due)))


async def _leases(garden: Orchard) -> list[object]:
    async with garden.transactions.database.read() as connection:
        return list(await connection.scalars(select(delivery.c.lease_until).order_by(delivery.c.id)))


async def _errors(garden: Orchard) -> list[str | None]:
    async with garden.transactions.database.read() as connection:
        return list(await connection.scalars(select(delivery.c.last_error)))
