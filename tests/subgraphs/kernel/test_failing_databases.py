"""Databases that answer too late, are full, or may not be written: all or nothing, and nothing twice.

And clocks that are wrong, which no database can mend.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import asyncpg
import pytest
from sqlalchemy import Engine, event, insert, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from subgraphs.kernel.domain import Success
from subgraphs.kernel.faults import watch_fault_points
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.store.lost import CommitUnknownError, DatabaseBusyError, DatabaseUnwritableError
from subgraphs.kernel.store.tables import delivery
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.postgres import TemporaryPostgres
from tests.subgraphs.kernel.balances import Counter, counter
from tests.subgraphs.kernel.orchard import STORE, ApplePicked, Orchard, orchard, stored

NOTHING_LEFT = Backlog(0, 0, 0)
SOCKET = ".s.PGSQL.5432"

on_sqlite = pytest.mark.parametrize("planted", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("planted", ["postgres"], indirect=True)


@dataclass(slots=True)
class Proxy:
    """Between a client and a server. Cuts the line as soon as the server has carried out a COMMIT, so often
    as it is told: whoever has sent it never learns what has come of it."""

    server: Path
    cuts: int = 0
    _lines: set[asyncio.Task[None]] = field(default_factory=set)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_unix_connection(str(self.server))
        is_committing = asyncio.Event()

        async def cut_off(answer: bytes) -> bytes:
            return b"" if is_committing.is_set() else answer

        async def look_at(request: bytes) -> bytes:
            if self.cuts and b"COMMIT" in request:
                self.cuts -= 1
                is_committing.set()
            return request

        both = {
            asyncio.create_task(_pass_on(reader, up_writer, look_at)),
            asyncio.create_task(_pass_on(up_reader, writer, cut_off)),
        }
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for task in both:
            task.cancel()
        await asyncio.wait(both)
        for end in (writer, up_writer):
            end.close()


async def _pass_on(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    changed: Callable[[bytes], Awaitable[bytes]],
) -> None:
    """Until there is nothing more, or nothing that may go on."""
    while (data := await reader.read(65_536)) and (passed := await changed(data)):
        writer.write(passed)
        await writer.drain()


@asynccontextmanager
async def proxied(url: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy to this database, and the URL that leads through it."""
    parsed = make_url(url)
    server = Path(str(parsed.query["host"])) / SOCKET
    with TemporaryDirectory(prefix="plait-proxy-") as folder:
        proxy = Proxy(server)
        async with await asyncio.start_unix_server(proxy.connected, Path(folder) / SOCKET):
            yield proxy, parsed.set(query={"host": folder}).render_as_string(hide_password=False)


@on_postgres
async def test_who_never_learns_what_came_of_a_commit_asks_again(planted: str, clock: FakeClock) -> None:
    async with proxied(planted) as (proxy, url), orchard(url, clock, STORE) as garden:
        proxy.cuts = 1
        with pytest.raises(CommitUnknownError):
            await garden.pick("a")
        assert await garden.picked() == ["a"]  # it was committed
        proxy.cuts = 1
        assert await garden.pick("b", key="once") == Success("b")  # the key tells, so it asks by itself
        assert await garden.picked() == ["a", "b"]
        assert await garden.statuses() == ["ready", "ready"]


@on_postgres
@pytest.mark.usefixtures("quiet")
async def test_a_message_whose_commit_was_not_confirmed_is_not_handled_again(
    planted: str, clock: FakeClock
) -> None:
    async with proxied(planted) as (proxy, url), orchard(url, clock, STORE) as garden:
        for name in "abc":
            await garden.pick(name)
        worker = Worker(garden.transactions)
        for _ in range(12):  # at first the claim is committed without an answer, then a handler's work
            proxy.cuts = 1
            try:
                await worker.step()
            except (SQLAlchemyError, OSError):
                clock.advance(WorkerOptions().lease)
        proxy.cuts = 0
        clock.advance(timedelta(hours=1))
        assert await worker.drain() == NOTHING_LEFT
        assert await garden.stored() == ["a", "b", "c"]


@on_sqlite
async def test_on_a_full_disk_a_command_fails_whole(garden: Orchard) -> None:
    await garden.pick("a")
    await _limit_pages(garden, 0)  # to those that there are
    large = "b" * 100_000
    with pytest.raises(DatabaseUnwritableError, match="full"):
        await garden.pick(large, tree="1", key="large")
    assert (await garden.picked(), await garden.statuses()) == (["a"], ["ready"])
    await _limit_pages(garden, 1_000_000)
    assert await garden.pick(large, tree="1", key="large") == Success(large)
    assert await Worker(garden.transactions).drain() == NOTHING_LEFT
    assert await garden.stored() == ["a", large]


@on_sqlite
@pytest.mark.usefixtures("quiet")
async def test_a_full_disk_is_no_fault_of_a_message(planted: str, clock: FakeClock) -> None:
    """There is room for a note that it has failed, and none for what comes of it."""

    async def store(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        await work.connection.execute(insert(stored).values(name=message.body.name * 100_000))

    async with orchard(planted, clock, Subscription("cellar.store", ApplePicked, store)) as garden:
        await garden.pick("a")
        await _limit_pages(garden, 0)
        assert await Worker(garden.transactions).drain() == Backlog(waiting=1, dead=0, blocked=0)
        assert await _attempts(garden) == [0]
        await _limit_pages(garden, 1_000_000)
        clock.advance(timedelta(minutes=1))
        assert await Worker(garden.transactions).drain() == NOTHING_LEFT
        assert await garden.stored() == ["a" * 100_000]


@pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
async def test_a_full_disk_stops_no_read_model(opened: str, clock: FakeClock) -> None:
    async with counter(opened, clock) as bank:
        await bank.deposit(large := "b" * 100_000, 1)
        await _limit_pages(bank, 0)
        with pytest.raises(DatabaseUnwritableError):
            await bank.project()
        await _limit_pages(bank, 1_000_000)
        await bank.project()
        assert await bank.board() == {large: 1}


@on_sqlite
@pytest.mark.usefixtures("quiet")
async def test_while_others_have_the_file_nothing_is_done_and_no_message_is_to_blame(
    planted: str, garden: Orchard, clock: FakeClock
) -> None:
    await garden.pick("a")
    async with garden.transactions.database.read() as connection:
        await connection.exec_driver_sql("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(make_url(planted).database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusyError):
            await garden.pick("b")
        other.execute("ROLLBACK")
        with _meanwhile(lambda: other.execute("BEGIN IMMEDIATE"), lambda: other.execute("ROLLBACK")):
            assert await Worker(garden.transactions).step() == 1
    assert await _attempts(garden) == [0]
    assert (await garden.picked(), await garden.stored()) == (["a"], [])
    clock.advance(timedelta(minutes=1))
    assert await Worker(garden.transactions).drain() == NOTHING_LEFT
    assert await garden.stored() == ["a"]


@on_postgres
@pytest.mark.usefixtures("quiet")
async def test_while_others_have_all_connections_a_command_waits_and_then_gives_up(
    planted: str, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subgraphs.kernel.store.postgres._PATIENCE_SECONDS", 0.05)
    async with orchard(planted, clock, STORE) as garden:
        async with AsyncExitStack() as others:
            with suppress(DatabaseBusyError):
                while True:
                    await others.enter_async_context(garden.transactions.database.read())
            with pytest.raises(DatabaseBusyError):
                await garden.pick("a")
        assert await garden.pick("a") == Success("a")


@on_postgres
async def test_a_database_that_may_not_be_written_changes_nothing(
    planted: str, garden: Orchard, postgres: TemporaryPostgres
) -> None:
    """It can be read; once it may be written again, everything goes on."""
    await garden.pick("a")
    name = make_url(planted).database or ""
    await _alter(postgres, name, "SET default_transaction_read_only = on")
    with pytest.raises(DatabaseUnwritableError, match="read-only"):
        await garden.pick("b", key="b")
    with pytest.raises(DatabaseUnwritableError, match="read-only"):
        await Worker(garden.transactions).step()
    assert (await garden.picked(), await garden.stored()) == (["a"], [])
    await _alter(postgres, name, "RESET default_transaction_read_only")
    assert await garden.pick("b", key="b") == Success("b")
    assert await Worker(garden.transactions).drain() == NOTHING_LEFT
    assert await garden.stored() == ["a", "b"]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.usefixtures("quiet")
async def test_clocks_that_jump_lose_nothing_and_do_nothing_twice(planted: str, seed: int) -> None:
    """Two processes whose clocks go forth and back for hours, each for itself."""
    chance, clocks = Random(seed), (FakeClock(), FakeClock())
    async with orchard(planted, clocks[0], STORE) as one, orchard(planted, clocks[1], STORE) as other:
        names = [f"{number % 3} {number:02}" for number in range(18)]
        for name in names:
            await chance.choice((one, other)).pick(name, tree=name[0])
            for clock in clocks:
                clock.advance(timedelta(hours=chance.uniform(-3, 3)))
            await asyncio.gather(
                *(
                    Worker(each.transactions, options=WorkerOptions(batch=2)).step()
                    for each in (one, other)
                    if chance.random() < 0.5
                )
            )
        clocks[0].advance(timedelta(days=30))
        assert await Worker(one.transactions).drain() == NOTHING_LEFT
        stored = await one.stored()
    for tree in "012":
        assert [name for name in stored if name[0] == tree] == [name for name in names if name[0] == tree]


@contextmanager
def _meanwhile(lock: Callable[[], object], unlock: Callable[[], object]) -> Iterator[None]:
    """Lock the database when messages are claimed, until the next statement has failed."""

    def reached(name: str) -> None:
        if name == "worker.claimed":
            lock()

    def failed(_: object) -> None:
        unlock()

    watch_fault_points(reached)
    event.listen(Engine, "handle_error", failed)
    try:
        yield
    finally:
        event.remove(Engine, "handle_error", failed)
        watch_fault_points(None)


async def _attempts(garden: Orchard) -> list[int]:
    async with garden.transactions.database.read() as connection:
        return list(await connection.scalars(select(delivery.c.attempts)))


async def _limit_pages(owner: Orchard | Counter, pages: int) -> None:
    """Of the one connection that is in use. A limit below what there is becomes what there is."""
    async with owner.transactions.database.read() as connection:
        await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages or 1}")


async def _alter(server: TemporaryPostgres, name: str, change: str) -> None:
    """For connections to come: those that there are end."""
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        await connection.execute(f"ALTER DATABASE {name} {change}")
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
        )
    finally:
        await connection.close()
