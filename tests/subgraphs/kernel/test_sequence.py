"""A log's numbers are dense, and whoever has read up to one of them has missed nothing."""

import asyncio
from collections import defaultdict
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.messaging.outbox import write_messages
from subgraphs.kernel.store.sequence import number_rows
from subgraphs.kernel.store.tables import outbox
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import NOBODY, ApplePicked, Orchard, orchard

on_postgres = pytest.mark.parametrize("planted", ["postgres"], indirect=True)


async def test_what_is_published_is_numbered_from_one_without_gaps(garden: Orchard) -> None:
    for name in "abc":
        await garden.pick(name)
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 -- the block is the transaction that fails
        async with garden.transactions.begin("orchard", NOBODY) as work:
            work.publish(ApplePicked("lost"), key="tree")
            raise ZeroDivisionError
    await garden.pick("d")
    assert await garden.sequence() == [1, 2, 3, 4]


async def test_each_source_counts_for_itself(garden: Orchard) -> None:
    for source in ("orchard", "meadow", "orchard"):
        async with garden.transactions.begin(source, NOBODY) as work:
            work.publish(ApplePicked("a"), key=source)
    assert await garden.sequence() == [1, 1, 2]


@on_postgres
async def test_a_late_commit_comes_later_in_the_order(garden: Orchard) -> None:
    """Two transactions are open; the one that wrote first commits last. A reader has meanwhile read on."""
    written, may_commit = asyncio.Event(), asyncio.Event()

    async def late() -> None:
        async with garden.transactions.database.transaction() as connection:
            await _publish(garden, connection, "late", key="1")
            written.set()
            await may_commit.wait()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(late())
        await written.wait()
        async with garden.transactions.begin("orchard", NOBODY) as work:
            work.publish(ApplePicked("prompt"), key="2")
        assert await _numbered(garden) == {1: "prompt"}
        may_commit.set()
    assert await _numbered(garden) == {1: "prompt", 2: "late"}
    assert await _positions(garden) == ["late", "prompt"]  # a reader of positions would have missed it


@on_postgres
async def test_several_leaders_give_each_row_one_number(garden: Orchard) -> None:
    for number in range(30):
        await garden.pick(str(number), tree=str(number))
    database = garden.transactions.database

    async def lead() -> int:
        total = 0
        for _ in range(20):
            async with database.transaction() as connection:
                total += await number_rows(connection, outbox, limit=3)
        return total

    assert sum(await asyncio.gather(*(lead() for _ in range(3)))) == 30
    assert await garden.sequence() == list(range(1, 31))


@on_postgres
@pytest.mark.parametrize("seed", range(2))
async def test_order_within_a_key_whoever_writes_and_however_long_it_takes(
    planted: str, clock: FakeClock, seed: int
) -> None:
    """A reader follows the numbers while sleepy transactions write under few keys: it sees each key in order,
    although nothing but the key connects the transactions."""
    chance, committed = Random(seed), defaultdict[str, list[str]](list)
    async with orchard(planted, clock) as garden:

        async def write(writer: int) -> None:
            for number in range(8):
                key, name = str(chance.randrange(3)), f"{writer}-{number}"
                async with garden.transactions.database.transaction() as connection:
                    await _publish(garden, connection, name, key=key)
                    committed[key].append(name)  # in the order of the lock
                    await asyncio.sleep(chance.random() / 200)

        async with asyncio.TaskGroup() as tasks:
            writers = [tasks.create_task(write(writer)) for writer in range(6)]
            seen = await _follow(garden, writers)
        by_key = defaultdict[str, list[str]](list)
        for key, name in seen:
            by_key[key].append(name)
        assert by_key == committed


async def _follow(garden: Orchard, writers: list[asyncio.Task[None]]) -> list[tuple[str, str]]:
    """Read the numbered rows batch by batch until the writers are done and everything is read."""
    seen: list[tuple[str, str]] = []
    while True:
        all_written = all(writer.done() for writer in writers)
        async with garden.transactions.database.transaction() as connection:
            await number_rows(connection, outbox)
            rows = await connection.execute(
                select(outbox.c.seq, outbox.c.key, outbox.c.data)
                .where(outbox.c.seq > len(seen))
                .order_by(outbox.c.seq)
            )
            for row in rows:
                assert row.seq == len(seen) + 1
                seen.append((row.key, row.data.split('"')[3]))
        if all_written:
            return seen
        await asyncio.sleep(0.001)


async def _publish(garden: Orchard, connection: AsyncConnection, name: str, *, key: str) -> None:
    """As the end of a unit of work does, in a transaction that stays open."""
    transactions = garden.transactions
    work = UnitOfWork(
        connection, source="orchard", request=NOBODY, now=transactions.clock.now(), ids=transactions.ids
    )
    work.publish(ApplePicked(name), key=key)
    await write_messages(connection, work.published(), (), transactions.subscriptions)


async def _numbered(garden: Orchard) -> dict[int, str]:
    async with garden.transactions.database.transaction() as connection:
        await number_rows(connection, outbox)
        rows = await connection.execute(select(outbox).where(outbox.c.seq.is_not(None)))
        return {row.seq: row.data.split('"')[3] for row in rows}


async def _positions(garden: Orchard) -> list[str]:
    async with garden.transactions.database.read() as connection:
        rows = await connection.scalars(select(outbox.c.data).order_by(outbox.c.pos))
        return [data.split('"')[3] for data in rows]
