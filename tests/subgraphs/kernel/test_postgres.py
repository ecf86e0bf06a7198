"""What only a server has: other processes that listen, and crashes of its own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from subgraphs.kernel.domain import Success
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.claims import claim_due, claim_suspect
from subgraphs.kernel.messaging.dead_letters import DeadLetters
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.store.postgres import PostgresBackend
from subgraphs.kernel.store.tables import delivery, outbox
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.postgres import TemporaryPostgres
from tests.subgraphs.kernel.orchard import NOBODY, STORE, ApplePicked, Orchard, orchard, store_apple

NOTHING_LEFT = Backlog(0, 0, 0)
_PATIENT = WorkerOptions(retry=RetryPolicy(attempts=1_000))

pytestmark = pytest.mark.parametrize("planted", ["postgres"], indirect=True)


async def test_another_process_is_told_of_a_commit(planted: str, garden: Orchard, clock: FakeClock) -> None:
    async with orchard(planted, clock, STORE) as other:
        told = asyncio.Event()
        async with other.transactions.database.listening(told.set):
            await garden.pick("a")
            await asyncio.wait_for(told.wait(), 60)


async def test_all_who_commit_at_once_are_told_of_at_once(
    garden: Orchard, planted: str, clock: FakeClock
) -> None:
    async with orchard(planted, clock, STORE) as other:
        told, count = asyncio.Event(), 0

        def hear() -> None:
            nonlocal count
            count += 1
            told.set()

        async with other.transactions.database.listening(hear):
            for times in (20, 1):
                for _ in range(times):
                    await garden.transactions.database.notify()
                await asyncio.wait_for(told.wait(), 60)
                told.clear()
        assert count == 2


async def test_every_process_has_the_time_of_the_server(planted: str) -> None:
    """Whatever its own clock says."""
    wrong = FakeClock()
    backend = PostgresBackend(make_url(planted).set(drivername="postgresql+asyncpg"), otherwise=wrong)
    assert backend.clock.now() == wrong.now()
    async with backend.reader.begin() as connection:
        shown = await connection.scalar(select(func.clock_timestamp()))
    assert shown is not None
    assert abs(backend.clock.now() - shown) < timedelta(seconds=10)
    await backend.close()


async def test_a_listener_whose_connection_is_lost_stops_as_any_other(
    garden: Orchard, postgres: TemporaryPostgres
) -> None:
    async with garden.transactions.database.listening(lambda: None):
        with ThreadPoolExecutor() as others:  # so that nobody here hears of it before
            others.submit(lambda: asyncio.run(_terminate(postgres))).result()


async def test_a_server_that_crashes_and_comes_back_costs_nothing_that_was_answered(
    garden: Orchard, clock: FakeClock, postgres: TemporaryPostgres
) -> None:
    running = asyncio.create_task(Worker(garden.transactions).run())
    for name in "abc":
        assert await garden.pick(name, tree=name, key=name) == Success(name)
    await asyncio.to_thread(postgres.crash)
    for name in "abcd":  # as a client does who is not sure: under the same keys
        assert await garden.pick(name, tree=name, key=name) == Success(name)
    async with asyncio.timeout(120):
        while await Worker(garden.transactions).backlog() != Backlog(waiting=0, dead=0, blocked=0):
            clock.advance(timedelta(seconds=1))  # pauses and leases come to their end
    running.cancel()
    await asyncio.wait({running})
    assert sorted(await garden.stored()) == ["a", "b", "c", "d"]


async def test_a_worker_that_was_only_thought_dead_takes_the_accusation_back(
    planted: str, clock: FakeClock
) -> None:
    """Its leases run out while it is at its first message; another one takes the second, as suspect."""
    entered, may_go_on = asyncio.Event(), asyncio.Event()

    async def store_slowly(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        entered.set()
        await may_go_on.wait()
        await store_apple(message, work)

    async with orchard(planted, clock, Subscription("cellar.store", ApplePicked, store_slowly)) as garden:
        for name in "ab":
            await garden.pick(name, tree=name)
        slow = asyncio.create_task(Worker(garden.transactions).drain())
        await entered.wait()
        clock.advance(WorkerOptions().lease)
        async with garden.transactions.database.transaction() as connection:
            (suspect,) = await claim_suspect(
                connection, ["cellar.store"], now=clock.now(), lease=timedelta(minutes=1)
            )
        assert (suspect.data, suspect.crashes) == ('{"name":"b"}', 1)
        may_go_on.set()
        await slow
        assert await garden.stored() == ["a"]
        assert await _crashes(garden) == [0, 0]


@pytest.mark.usefixtures("quiet")
async def test_a_worker_that_could_not_give_back_what_it_had_does_so_when_the_server_is_back(
    planted: str, clock: FakeClock, postgres: TemporaryPostgres
) -> None:
    """A message that was alone in the hands of a worker is not to blame for the server's death."""

    deaths = [postgres]

    async def store(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        if deaths:
            await asyncio.to_thread(deaths.pop().stop)
        await store_apple(message, work)

    async with orchard(planted, clock, Subscription("cellar.store", ApplePicked, store)) as garden:
        await garden.pick("a")
        async with garden.transactions.database.transaction() as connection:
            await claim_due(connection, ["cellar.store"], now=clock.now(), lease=timedelta(0), limit=1)
        worker = Worker(garden.transactions)
        with pytest.raises((SQLAlchemyError, OSError)):
            await worker.step()
        await asyncio.to_thread(postgres.start)
        assert await _crashes(garden) == [1]
        assert await worker.step() == 1
        assert (await garden.stored(), await _crashes(garden)) == (["a"], [0])


@pytest.mark.usefixtures("quiet")
async def test_loops_outlive_connections_that_are_cut_again_and_again(
    planted: str, garden: Orchard, clock: FakeClock, postgres: TemporaryPostgres
) -> None:
    """Whoever gives commands asks again; nothing is lost, and nothing happens twice."""
    loops = {
        asyncio.create_task(Worker(garden.transactions, options=_PATIENT).run()),
        asyncio.create_task(Sequencer(garden.transactions).run()),
    }
    names = [f"apple {number:02}" for number in range(20)]
    async with asyncio.timeout(120):
        for name in names:
            await asyncio.gather(_pick_until_answered(garden, name), _terminate(postgres))
        while await _left(garden) != NOTHING_LEFT or None in await _numbers(garden):
            clock.advance(timedelta(seconds=1))
            await asyncio.sleep(0)
    assert not any(loop.done() for loop in loops)
    for loop in loops:
        loop.cancel()
    await asyncio.wait(loops)
    assert sorted(await garden.stored()) == names
    assert await _numbers(garden) == list(range(1, len(names) + 1))


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("way", ["its connection", "the server"])
async def test_a_message_that_ends_its_connection_each_time_is_given_up(
    planted: str, clock: FakeClock, postgres: TemporaryPostgres, way: str
) -> None:
    """By the server's hand, or together with the server: what is in hand beside it is done all the same."""

    async def store(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        if message.body.name == "worm":
            if way == "the server":
                await asyncio.to_thread(postgres.stop)
            await work.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        await store_apple(message, work)

    options = WorkerOptions(retry=RetryPolicy(losses=3))
    async with orchard(planted, clock, Subscription("cellar.store", ApplePicked, store)) as garden:
        for name in ("a", "worm", "b"):
            await garden.pick(name, tree=name)
        worker = Worker(garden.transactions, options=options)
        for _ in range(6):
            try:
                await worker.drain()
            except (SQLAlchemyError, OSError):
                await asyncio.to_thread(postgres.start)
            clock.advance(options.lease + options.retry.cap)
        assert (await garden.stored(), await garden.statuses()) == (["a", "b"], ["done", "dead", "done"])
        (letter,) = await DeadLetters(garden.transactions).page()
        assert letter.last_error == "its connection to the database was lost 3 times in a row"
        assert isinstance(await DeadLetters(garden.transactions).retry(letter.id, NOBODY), Success)
        async with garden.transactions.database.read() as connection:
            assert await connection.scalar(select(func.max(delivery.c.losses))) == 0


async def _crashes(garden: Orchard) -> list[int]:
    async with garden.transactions.database.read() as connection:
        return list(await connection.scalars(select(delivery.c.crashes).order_by(delivery.c.id)))


async def _pick_until_answered(garden: Orchard, name: str) -> None:
    while True:
        with suppress(SQLAlchemyError, OSError):
            assert await garden.pick(name, tree=name, key=name) == Success(name)
            return


async def _left(garden: Orchard) -> Backlog | None:
    with suppress(SQLAlchemyError, OSError):
        return await Worker(garden.transactions).backlog()
    return None


async def _numbers(garden: Orchard) -> list[int | None]:
    async with garden.transactions.database.read() as connection:
        return list(await connection.scalars(select(outbox.c.seq).order_by(outbox.c.seq)))


async def _terminate(server: TemporaryPostgres) -> None:
    """Cut every connection to the databases of tests."""
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test%'"
        )
    finally:
        await connection.close()
