"""An entry that kills whoever applies it is found and stops its read model, and nothing else is lost."""

import asyncio
import os
import signal
from datetime import timedelta
from multiprocessing import get_context

import pytest
import structlog
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import Success
from subgraphs.kernel.projections import Entry, EventLog, Projection, Projector, Tables, generations
from subgraphs.kernel.projections.generation import Suspicion
from subgraphs.kernel.store.lost import ConnectionLostError
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.balances import BANK, Counter, balance, counter, journal
from tests.subgraphs.kernel.bank import Deposited
from tests.subgraphs.kernel.orchard import NOBODY

DEADLY = 13
AMOUNTS = [*range(1, 8), DEADLY, *range(20, 28)]
PLACE = AMOUNTS.index(DEADLY) + 1

pytestmark = pytest.mark.usefixtures("quiet")


def deadly() -> Projection:
    """A read model with a handler that ends the process, as a fault in a library would."""
    projection = Projection("bank.balances", version=1, sources=[EventLog(BANK)], tables=[balance, journal])

    @projection.on(Deposited)
    async def deposited(entry: Entry[Deposited], tables: Tables, connection: AsyncConnection) -> None:
        amount = entry.event.amount.amount_minor
        await connection.execute(insert(tables[journal]).values(line=f"{entry.key} {amount}"))
        if amount == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)

    return projection


def test_an_entry_that_kills_its_process_stops_its_read_model_in_the_end(opened: str) -> None:
    asyncio.run(pay_in(opened))
    deaths = 0
    while process_of(opened) == -signal.SIGKILL:
        deaths += 1
    assert deaths == 5  # in a batch, in one that had been told of, and three times alone
    asyncio.run(get_past_it(opened))


async def pay_in(url: str) -> None:
    async with counter(url, FakeClock(), deadly()) as bank:
        await bank.deposit("a", *AMOUNTS)
        await bank.number()


async def get_past_it(url: str) -> None:
    async with counter(url, FakeClock(), deadly(), batch=5) as bank:
        [status] = await bank.status()
        assert status.stopped is not None
        assert (status.stopped.seq, status.entries_behind) == (PLACE, len(AMOUNTS) - PLACE + 1)
        assert status.stopped.error == "its process died 3 times while applying it alone"
        assert await bank.lines() == (await bank.logged())[: PLACE - 1]
        await bank.project()  # nobody tries again by themselves
        assert isinstance(await bank.projections.skip("bank.balances", NOBODY, reason="deadly"), Success)
        await bank.project()
        assert await bank.lines() == [line for line in await bank.logged() if not line.endswith(f" {DEADLY}")]


def process_of(url: str) -> int | None:
    """Project in a process of its own, until it dies or all is done; its exit code."""
    process = get_context("fork").Process(target=_project, args=(url,))
    process.start()
    process.join(60)
    assert not process.is_alive()
    return process.exitcode


def _project(url: str) -> None:
    async def project() -> None:
        async with counter(url, FakeClock(), deadly(), batch=5) as bank:
            await bank.project()

    with structlog.testing.capture_logs():
        asyncio.run(project())


@pytest.mark.parametrize("opened", ["postgres"], indirect=True)
async def test_an_entry_that_ends_its_connection_each_time_stops_its_read_model(opened: str) -> None:
    projection = Projection("bank.balances", version=1, sources=[EventLog(BANK)], tables=[balance, journal])

    @projection.on(Deposited)
    async def deposited(entry: Entry[Deposited], tables: Tables, connection: AsyncConnection) -> None:
        amount = entry.event.amount.amount_minor
        await connection.execute(insert(tables[journal]).values(line=f"{entry.key} {amount}"))
        if amount == DEADLY:
            await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    async with counter(opened, FakeClock(), projection, batch=5) as bank:
        await bank.deposit("a", *AMOUNTS)
        await bank.number()
        losses = 0
        while (await bank.status())[0].stopped is None:
            try:
                await bank.project()
            except ConnectionLostError:
                losses += 1
        assert losses == 5
        [status] = await bank.status()
        assert status.stopped is not None
        assert (status.stopped.seq, await bank.lines()) == (PLACE, (await bank.logged())[: PLACE - 1])


async def test_who_takes_over_from_one_that_is_well_suspects_nothing(opened: str) -> None:
    """And costs the next batch one note."""
    async with counter(opened, FakeClock(), batch=2) as bank:
        for number in range(6):
            await bank.deposit("a", number)
            await bank.number()
            await Projector(bank.transactions, [bank.projection], batch=2).drain()
            assert await suspicion(bank) == 0
        assert await bank.lines() == await bank.logged()


async def test_who_is_between_two_transactions_is_not_taken_for_dead(opened: str) -> None:
    async with counter(opened, FakeClock()) as bank:
        await bank.deposit("a", *range(1, 8))
        await bank.number()
        begun = Suspicion("anna", True, 5, 3)
        async with bank.transactions.database.transaction() as connection:
            await generations.suspect(
                connection, await generations.find(connection, bank.projection.name, 1), begun
            )
        anna, bert = (
            Projector(bank.transactions, [bank.projection], name=name, patience=timedelta(hours=1))
            for name in ("anna", "bert")
        )
        for _ in range(3):
            assert await bert.step() == 0
        async with bank.transactions.database.read() as connection:
            assert (await generations.find(connection, bank.projection.name, 1)).suspicion == begun
        await anna.drain()
        assert await bank.lines() == await bank.logged()


async def suspicion(bank: Counter) -> int:
    async with bank.transactions.database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT suspects + crashes FROM kernel_projection")
        return int(rows.scalar_one())


def test_a_death_makes_the_next_entries_suspect_until_they_are_applied() -> None:
    fresh = Suspicion()
    begun = fresh.begun_by("anna", batch=2)
    assert begun == Suspicion("anna", True, 0, 0)
    found = begun.begun_by("bert", batch=2)
    assert found == Suspicion("bert", True, 2, 1)
    assert found.begun_by("carl", batch=2) == Suspicion("carl", True, 2, 2)
    one = found.ended()
    assert one == Suspicion("bert", False, 1, 0)
    assert one.begun_by("bert", batch=2) == Suspicion("bert", True, 1, 1)
    assert one.begun_by("bert", batch=2).ended() == Suspicion("bert", False, 0, 0)


def test_whoever_lives_is_not_counted() -> None:
    """A transaction that fails is begun again by the same one, however often."""
    begun = Suspicion("anna", True, 2, 1)
    assert begun.is_known_to_run("anna")
    assert begun.begun_by("anna", batch=2) == begun
    assert not begun.is_known_to_run("bert")
