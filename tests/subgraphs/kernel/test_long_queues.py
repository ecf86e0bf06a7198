"""To claim a message costs the same, however many wait and however many were ever handled: databases are told
to find it by the small index of its status."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import Success
from subgraphs.kernel.messaging.backlog import Backlog, count_backlog, count_dead, queues
from subgraphs.kernel.messaging.blocking import let_forgotten_through
from subgraphs.kernel.messaging.claims import Readable, claim_due, claim_suspect, claim_unknown
from subgraphs.kernel.messaging.dead_letters import DeadLetters
from subgraphs.kernel.messaging.delivery import Delivery
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.store.index_order import read_in_index_order
from subgraphs.kernel.store.tables import delivery
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import NOBODY, ApplePicked, Orchard

LEASE = timedelta(seconds=30)
BY_ID = {"kernel_delivery_pkey", "id"}


async def test_a_claim_reads_the_beginning_of_its_index(garden: Orchard, clock: FakeClock) -> None:
    await garden.pick("one")
    now, consumers = clock.now(), ("cellar.store",)
    async with garden.transactions.database.transaction() as connection:
        await read_in_index_order(connection)
        with statements(connection) as said:
            await claim_suspect(connection, consumers, now=now, lease=LEASE)
            await claim_due(connection, consumers, now=now, lease=LEASE, limit=20)
            readable = [Readable("cellar.store", "orchard.apple_picked", 1)]
            await claim_unknown(connection, readable, now=now, lease=LEASE)
        suspect, part, free, unknown = [
            reads_by(await plan(connection, *one)) for one in said if one[0].startswith("SELECT")
        ]
    assert suspect == {"kernel_delivery_leased"}
    assert part == {"kernel_delivery_claimable"}
    assert free - BY_ID == {"kernel_delivery_unfinished", "kernel_delivery_leased"}
    assert unknown <= {"kernel_delivery_not_known", "kernel_delivery_unfinished", "kernel_delivery_leased"}
    assert "kernel_delivery_not_known" in unknown


async def test_letters_and_whoever_stands_behind_them_are_found_by_small_indexes(
    garden: Orchard, clock: FakeClock
) -> None:
    await pick_many(garden, "hot", 3)
    await kill_the_oldest(garden)
    async with garden.transactions.database.transaction() as connection:
        await read_in_index_order(connection)
        with statements(connection) as said:
            await claim_in(connection, clock)
        *_, letters, blocked = [reads_by(await plan(connection, *one)) for one in said]
    assert letters - BY_ID <= {"kernel_delivery_unfinished", "kernel_delivery_given_up"}
    assert blocked - BY_ID == {"kernel_delivery_claimable"}


async def test_where_most_stand_behind_one_another_a_claim_does_not_look_at_all_of_them(
    garden: Orchard, clock: FakeClock
) -> None:
    """It goes on for a while, for the sake of others; not to the end."""
    await pick_many(garden, "hot", 700)
    await pick_many(garden, "other", 1)
    claimed, looks = await claim(garden, clock)
    assert [one.key for one in claimed] == ["hot"]
    assert looks == 2
    await pick_many(garden, "late", 1)
    claimed, looks = await claim(garden, clock)  # the first one is in hand: there is nothing to do before
    assert ([one.key for one in claimed], looks) == (["other", "late"], 3)


async def test_whoever_stands_behind_a_dead_letter_hides_nobody(garden: Orchard, clock: FakeClock) -> None:
    await pick_many(garden, "hot", 700)
    await kill_the_oldest(garden)
    await pick_many(garden, "other", 2)
    claimed, _ = await claim(garden, clock)
    assert [one.key for one in claimed] == ["other"]
    assert (await claim(garden, clock)) == ((), 1)


async def test_whoever_stands_behind_a_dead_letter_is_met_by_one_claim_only(
    garden: Orchard, clock: FakeClock
) -> None:
    """It is blocked then, in the way of nobody, and goes on in its turn once the letter has moved."""
    await pick_many(garden, "hot", 150)
    letter = await kill_the_oldest(garden)
    assert await claim(garden, clock) == ((), 2)
    assert await claim(garden, clock) == ((), 1)
    assert Counter(await garden.statuses()) == {"dead": 1, "blocked": 149}
    await pick_many(garden, "hot", 1)
    async with garden.transactions.database.read() as connection:
        assert await count_backlog(connection) == Backlog(waiting=0, dead=1, blocked=150)
    letters = DeadLetters(garden.transactions)
    assert isinstance(await letters.retry(letter, NOBODY), Success)
    assert await Worker(garden.transactions).drain() == Backlog(0, 0, 0)
    assert await garden.stored() == [*(f"hot {one}" for one in range(150)), "hot 0"]


async def test_whoever_stands_behind_what_was_let_go_is_handled(garden: Orchard, clock: FakeClock) -> None:
    await pick_many(garden, "hot", 3)
    letter = await kill_the_oldest(garden)
    await claim(garden, clock)
    letters = DeadLetters(garden.transactions)
    assert isinstance(await letters.discard(letter, NOBODY, reason="a worm"), Success)
    await Worker(garden.transactions).drain()
    assert (await garden.stored(), (await garden.statuses())[0]) == (["hot 1", "hot 2"], "dropped")


async def test_whoever_stands_far_behind_one_that_failed_is_met_once_before_that_is_due(
    garden: Orchard, clock: FakeClock
) -> None:
    await pick_many(garden, "hot", 150)
    async with garden.transactions.database.transaction() as connection:
        failed = select(func.min(delivery.c.id)).scalar_subquery()
        later = {"due": clock.now() + timedelta(minutes=5)}
        await connection.execute(update(delivery).where(delivery.c.id == failed).values(later))
    await pick_many(garden, "other", 1)
    assert [one.key for one in (await claim(garden, clock))[0]] == ["other"]
    async with garden.transactions.database.read() as connection:
        due = select(func.count()).where(delivery.c.due <= clock.now(), delivery.c.key == "hot")
        assert await connection.scalar(due) == 100  # of the first part; those are looked at each time
    clock.advance(timedelta(minutes=5))
    (first,), _ = await claim(garden, clock)  # in its place, and all others behind it
    assert first.data == '{"name":"hot 0"}'
    assert await claim(garden, clock) == ((), 2)


async def test_whoever_an_older_program_has_not_let_through_is_found(
    garden: Orchard, clock: FakeClock
) -> None:
    await pick_many(garden, "hot", 3)
    await pick_many(garden, "dead", 2)
    letters = [await kill_the_oldest(garden, tree) for tree in ("hot", "dead")]
    await claim(garden, clock)
    async with garden.transactions.database.transaction() as connection:
        retried = update(delivery).where(delivery.c.id == letters[0]).values(status="ready")
        await connection.execute(retried)  # as it does, and no more
        with statements(connection) as said:
            assert await let_forgotten_through(connection, clock.now()) == 1
        assert await let_forgotten_through(connection, clock.now()) == 0
        found = await plan(connection, *said[0])
    assert await Worker(garden.transactions).drain() == Backlog(waiting=0, dead=1, blocked=1)
    assert await garden.stored() == ["hot 0", "hot 1", "hot 2"]
    assert reads_by(found) == {"kernel_delivery_blocked", "kernel_delivery_unfinished"}, found


@pytest.mark.parametrize("planted", ["postgres"], indirect=True)
async def test_whoever_is_blocked_while_the_letter_moves_is_not_forgotten(
    garden: Orchard, clock: FakeClock
) -> None:
    """Who retries the letter waits for a claim that blocks on its account, and a claim for nobody."""
    await pick_many(garden, "hot", 3)
    letter, letters = await kill_the_oldest(garden), DeadLetters(garden.transactions)
    async with garden.transactions.database.transaction() as connection:
        assert await claim_in(connection, clock) == ()
        retried = asyncio.create_task(letters.retry(letter, NOBODY), context=Context())
        async with garden.transactions.database.read() as looking:
            waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            while not await looking.scalar(waits):
                pass
    assert isinstance(await retried, Success)
    assert await garden.statuses() == ["ready"] * 3

    await kill_the_oldest(garden)
    async with garden.transactions.database.transaction() as connection:
        await connection.execute(select(delivery.c.id).where(delivery.c.id == letter).with_for_update())
        assert (await asyncio.create_task(claim(garden, clock), context=Context()))[0] == ()
        assert await garden.statuses() == ["dead", "ready", "ready"]


async def kill_the_oldest(garden: Orchard, tree: str = "hot") -> int:
    of_tree = select(delivery.c.id).where(delivery.c.key == tree).order_by(delivery.c.id).limit(1)
    async with garden.transactions.database.transaction() as connection:
        oldest = (await connection.scalars(of_tree)).one()
        await connection.execute(update(delivery).where(delivery.c.id == oldest).values(status="dead"))
    return int(oldest)


async def pick_many(garden: Orchard, tree: str, number: int) -> None:
    async with garden.transactions.begin("orchard", NOBODY) as work:
        for one in range(number):
            work.publish(ApplePicked(f"{tree} {one}"), key=tree)


async def claim(garden: Orchard, clock: FakeClock) -> tuple[Sequence[Delivery], int]:
    """What is claimed, and at how many parts of the queue was looked for it."""
    async with garden.transactions.database.transaction() as connection:
        with statements(connection) as said:
            claimed = await claim_in(connection, clock)
    return claimed, sum("GROUP BY" in statement for statement, _ in said)


async def claim_in(connection: AsyncConnection, clock: FakeClock) -> Sequence[Delivery]:
    return await claim_due(connection, ("cellar.store",), now=clock.now(), lease=LEASE, limit=20)


async def test_whoever_counts_what_is_left_does_not_count_what_is_done(
    garden: Orchard, clock: FakeClock
) -> None:
    await garden.pick("one")
    async with garden.transactions.database.transaction() as connection:
        await read_in_index_order(connection)
        with statements(connection) as said:
            await count_backlog(connection)
            await queues(connection, now=clock.now())
            await count_dead(connection)
        *plans, dead = [await plan(connection, *one) for one in said]
    assert len(plans) == 2
    for found in plans:
        assert reads_by(found) == {"kernel_delivery_unfinished", "kernel_delivery_given_up"}, found
    assert reads_by(dead) == {"kernel_delivery_given_up"}


@contextmanager
def statements(connection: AsyncConnection) -> Iterator[list[tuple[str, tuple[object, ...]]]]:
    """What is sent to the database meanwhile, with its values."""
    said: list[tuple[str, tuple[object, ...]]] = []

    def hear(_: object, __: object, statement: str, values: tuple[object, ...], *___: object) -> None:
        said.append((statement, values))

    event.listen(connection.sync_connection, "before_cursor_execute", hear)
    yield said
    event.remove(connection.sync_connection, "before_cursor_execute", hear)


async def plan(connection: AsyncConnection, statement: str, values: tuple[object, ...]) -> list[str]:
    """A line for each step by which the database would answer."""
    explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    return [str(row[-1]) for row in await connection.exec_driver_sql(f"{explain} {statement}", values)]


def reads_by(plan: list[str]) -> set[str]:
    """The indexes by which deliveries are read, or `all` where every row is."""
    read = set[str]()
    for step in plan:
        words = step.replace("(", " ").split()
        if "INTEGER PRIMARY KEY" in step:
            read.add("id")
        if " USING INDEX " in step or " using " in step:
            read.add(
                next(word for word in words if word.startswith(("kernel_delivery_", "sqlite_autoindex")))
            )
        elif step.startswith("SCAN kernel_delivery") or "Seq Scan on kernel_delivery" in step:
            read.add("all")
    return read
