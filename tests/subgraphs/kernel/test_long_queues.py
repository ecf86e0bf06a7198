"""To claim a message costs the same, however many wait and however many were ever handled: databases are told
to find it by the small index of its status."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.messaging.delivery import (
    Readable,
    claim_due,
    claim_suspect,
    claim_unknown,
    count_backlog,
    queues,
)
from subgraphs.kernel.store.index_order import read_in_index_order
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import Orchard

LEASE = timedelta(seconds=30)


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
        plans = [await plan(connection, *one) for one in said if one[0].startswith("SELECT")]
    indexes = ("kernel_delivery_leased", "kernel_delivery_claimable", "kernel_delivery_not_known")
    for found, index in zip(plans, indexes, strict=True):
        assert reads_by(found) <= {index, "kernel_delivery_unfinished"}, found
        assert index in reads_by(found)


async def test_whoever_counts_what_is_left_does_not_count_what_is_done(
    garden: Orchard, clock: FakeClock
) -> None:
    await garden.pick("one")
    async with garden.transactions.database.transaction() as connection:
        await read_in_index_order(connection)
        with statements(connection) as said:
            await count_backlog(connection)
            await queues(connection, now=clock.now())
        plans = [await plan(connection, *one) for one in said]
    assert len(plans) == 2
    for found in plans:
        assert reads_by(found) == {"kernel_delivery_unfinished", "kernel_delivery_given_up"}, found


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
        if " USING INDEX " in step or " using " in step:
            read.add(
                next(word for word in words if word.startswith(("kernel_delivery_", "sqlite_autoindex")))
            )
        elif step.startswith("SCAN kernel_delivery") or "Seq Scan on kernel_delivery" in step:
            read.add("all")
    return read
