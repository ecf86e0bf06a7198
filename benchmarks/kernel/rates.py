"""Commands and messages per second, and bare commits by the driver alone, in turns."""

import asyncio
import sqlite3
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from time import perf_counter, process_time
from typing import Final

import asyncpg

from benchmarks.kernel.databases import DATABASES
from benchmarks.kernel.ledger import NOBODY, AddEntry, Ledger, build, ledger
from benchmarks.tables import table
from subgraphs.kernel.domain import Success
from subgraphs.kernel.logs import only_warnings
from subgraphs.kernel.messaging.worker import Worker

BARE: Final = "bare insert and commit"


@dataclass(frozen=True, slots=True)
class Rate:
    """One kind of work on one database. `cpu_us` is this process's time for one, in microseconds; `ratios`
    are its rate as a part of the bare one's, round by round."""

    database: str
    work: str
    per_second: tuple[float, ...]
    cpu_us: tuple[float, ...]
    ratios: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Count:
    """So much was done, since the stopwatch was started."""

    done: int
    seconds: float
    cpu_seconds: float

    @property
    def per_second(self) -> float:
        return self.done / self.seconds

    @property
    def cpu_us(self) -> float:
        return self.cpu_seconds / self.done * 1e6


class _Stopwatch:
    def __init__(self) -> None:
        self._begun, self._cpu = perf_counter(), process_time()

    @property
    def seconds(self) -> float:
        return perf_counter() - self._begun

    def count(self, done: int) -> _Count:
        return _Count(done, self.seconds, process_time() - self._cpu)


Say = Callable[[str], None]


def measure(*, rounds: int, seconds: float, workers: Sequence[int], say: Say) -> tuple[Rate, ...]:
    """Each database in turn; on PostgreSQL with each number of workers in one process."""
    rates: list[Rate] = []
    for name, opened in DATABASES.items():
        several = (1,) if name == "SQLite" else tuple(workers)
        with opened() as url, only_warnings():
            rates += asyncio.run(_measure(name, url, rounds, seconds, several, say))
    return tuple(rates)


async def _measure(
    name: str, url: str, rounds: int, seconds: float, workers: Sequence[int], say: Say
) -> list[Rate]:
    await build(url)
    found: dict[str, list[_Count]] = defaultdict(list)
    numbers = count()
    bare = _bare_sqlite if url.startswith("sqlite") else _bare_postgres
    async with ledger(url) as context:
        for round_ in range(rounds):
            found[BARE].append(await bare(url, seconds))
            for several in workers:
                made = await _commands(context, numbers, seconds, several)
                found[_by("commands", several)].append(made)
                found[_by("messages", several)].append(await _messages(context, made.done, several))
            say(f"{name}, round {round_ + 1} of {rounds}")
    units = found[BARE]
    return [
        Rate(
            name,
            work,
            tuple(one.per_second for one in counts),
            tuple(one.cpu_us for one in counts),
            tuple(one.per_second / unit.per_second for one, unit in zip(counts, units, strict=True)),
        )
        for work, counts in found.items()
    ]


def _by(what: str, several: int) -> str:
    return what if several == 1 else f"{what}, {several} at a time"


async def _commands(context: Ledger, numbers: Iterator[int], seconds: float, several: int) -> _Count:
    """Each under an idempotency key."""
    watch = _Stopwatch()

    async def ask() -> int:
        made = 0
        while watch.seconds < seconds:
            key = f"entry {next(numbers)}"
            result = await context.commands.execute(AddEntry(key), replace(NOBODY, idempotency_key=key))
            assert isinstance(result, Success), result
            made += 1
        return made

    return watch.count(sum(await asyncio.gather(*(ask() for _ in range(several)))))


async def _messages(context: Ledger, expected: int, several: int) -> _Count:
    watch = _Stopwatch()
    workers = [Worker(context.transactions) for _ in range(several)]
    await asyncio.gather(*(worker.drain() for worker in workers))
    counted = watch.count(expected)
    backlog = await workers[0].backlog()
    assert backlog.waiting == backlog.dead == 0, backlog
    return counted


async def _bare_sqlite(url: str, seconds: float) -> _Count:
    """With the kernel's own settings: a commit is on the disk."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, data TEXT)")
    watch, made = _Stopwatch(), 0
    while watch.seconds < seconds:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bare (data) VALUES (?)", (f"entry {made}",))
        connection.execute("COMMIT")
        made += 1
    counted = watch.count(made)
    connection.close()
    return counted


async def _bare_postgres(url: str, seconds: float) -> _Count:
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, data text)")
    watch, made = _Stopwatch(), 0
    while watch.seconds < seconds:
        async with connection.transaction():
            await connection.execute("INSERT INTO bare (data) VALUES ($1)", f"entry {made}")
        made += 1
    counted = watch.count(made)
    await connection.close()
    return counted


def rates_table(found: Iterable[Rate]) -> str:
    """A Markdown table of medians."""
    rows = [
        [
            one.database,
            one.work,
            f"{statistics.median(one.cpu_us):,.0f}",
            f"{statistics.median(one.per_second):,.0f}",
            f"{statistics.median(one.ratios):.2f}",
        ]
        for one in found
    ]
    return table(["database", "work", "CPU µs", "per second", "/ bare"], rows, words=2)
