"""How many events a second a read model takes in, beside rows that are inserted with nothing around them."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import ClassVar, Final

from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.kernel.databases import DATABASES
from benchmarks.tables import table
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainEvent, Failure, RandomIds, SystemClock
from subgraphs.kernel.logs import only_warnings
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.subscriptions import Subscriptions
from subgraphs.kernel.projections import (
    Entry,
    EventLog,
    Projection,
    Projections,
    Projector,
    Tables,
    live_tables,
)
from subgraphs.kernel.projections.projector import BATCH
from subgraphs.kernel.store.columns import Position
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.event_store import EventStore, Expected, NewEvent
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.store.unit_of_work import Transactions

_NAME: Final = "bench.numbers"
_NOBODY: Final = RequestContext(None, "benchmark")


@dataclass(frozen=True, slots=True)
class Counted(DomainEvent):
    """As small an event as can be."""

    name: ClassVar[str] = "bench.counted"
    number: int


_EVENTS: Final = EventStore("bench", Registry[DomainEvent](attrgetter("name"), [Counted]))


def _table(name: str, metadata: MetaData) -> Table:
    return Table(name, metadata, Column("pos", Position, primary_key=True), Column("number", Integer))


_BARE: Final = _table("bench_bare", MetaData())
_NUMBERS: Final = _table("bench_numbers", MetaData())
_PROJECTION: Final = Projection(_NAME, version=1, sources=[EventLog(_EVENTS)], tables=[_NUMBERS])


@_PROJECTION.on(Counted)
async def counted(entry: Entry[Counted], tables: Tables, connection: AsyncConnection) -> None:
    await connection.execute(insert(tables[_NUMBERS]).values(number=entry.event.number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """Events and bare rows per second, wall time; the ratio is taken within each round."""

    database: str
    events: int
    events_per_second: float
    rows_per_second: float
    ratio: float


def measure(*, events: int, rounds: int, say: Callable[[str], None]) -> tuple[Projected, ...]:
    """Build a read model of so many events anew in each round, in turns with the bare loop."""
    found = []
    for name, opened in DATABASES.items():
        with opened() as url, only_warnings():
            found.append(asyncio.run(_measure(name, url, events, rounds)))
        say(f"{name}: {found[-1].events_per_second:.0f} events/s, {found[-1].ratio:.2f} of a bare loop")
    return tuple(found)


async def _measure(name: str, url: str, events: int, rounds: int) -> Projected:
    database = Database(url)
    transactions = Transactions(database, clock=SystemClock(), ids=RandomIds(), subscriptions=Subscriptions())
    try:
        await _fill(transactions, events)
        projector = Projector(transactions, [_PROJECTION])
        await projector.drain()
        projected, bare = [], []
        for _ in range(rounds):
            bare.append(events / await _timed(lambda: _insert(database, events)))
            begun = await Projections(transactions, [_PROJECTION]).rebuild(_NAME, _NOBODY)
            assert not isinstance(begun, Failure), begun
            projected.append(events / await _timed(projector.drain))
            await _check(database, events)
    finally:
        await database.close()
    return Projected(
        database=name,
        events=events,
        events_per_second=statistics.median(projected),
        rows_per_second=statistics.median(bare),
        ratio=statistics.median(one / other for one, other in zip(projected, bare, strict=True)),
    )


async def _fill(transactions: Transactions, events: int) -> None:
    await migrate(transactions.database, [])
    async with transactions.database.transaction() as connection:
        await connection.run_sync(_BARE.metadata.create_all)
    for begin in range(0, events, 1000):
        async with transactions.begin("bench", _NOBODY) as work:
            numbers = range(begin, min(begin + 1000, events))
            new = [NewEvent(Counted(number), work.describe("1")) for number in numbers]
            await _EVENTS.append(work.connection, "bench-1", new, expected=Expected.ANYWHERE)
    while await Sequencer(transactions).step():
        pass


async def _insert(database: Database, rows: int) -> None:
    """As many rows, in transactions of as many, and nothing else."""
    for begin in range(0, rows, BATCH):
        async with database.transaction() as connection:
            for number in range(begin, min(begin + BATCH, rows)):
                await connection.execute(insert(_BARE).values(number=number))


async def _check(database: Database, events: int) -> None:
    async with database.read() as connection:
        numbers = (await live_tables(connection, _PROJECTION))[_NUMBERS]
        found = await connection.scalar(select(func.count(numbers.c.number.distinct())))
    assert found == events, f"{found} of {events} events are in the read model"


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    begun = time.perf_counter()
    await work()
    return time.perf_counter() - begun


def projections_table(found: Iterable[Projected]) -> str:
    """A Markdown table; the last column is what is left of the bare loop's speed."""
    rows = [
        [
            one.database,
            str(one.events),
            f"{one.events_per_second:.0f}",
            f"{one.rows_per_second:.0f}",
            f"{one.ratio:.2f}",
        ]
        for one in found
    ]
    return table(["database", "events", "events/s", "bare rows/s", "events / rows"], rows)
