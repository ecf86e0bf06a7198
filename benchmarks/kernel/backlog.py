"""A hundred thousand messages wait; one process handles them. What it holds must not grow with them."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Final

from benchmarks.kernel.databases import DATABASES
from benchmarks.kernel.ledger import NOBODY, EntryAdded, Ledger, build, ledger
from benchmarks.measuring.processes import resident_megabytes
from benchmarks.tables import table
from subgraphs.kernel.logs import only_warnings
from subgraphs.kernel.messaging.worker import Worker

BOUND_MB: Final = 32.0
"""How much more a process may hold at any time than after its first messages."""

_MESSAGES_A_TRANSACTION: Final = 1_000
_LINES: Final = 10  # of the table


@dataclass(frozen=True, slots=True)
class Drained:
    """What was left, and what was held, after so long. Rates, and this process's time for a message, are of
    what was handled since the line before."""

    database: str
    seconds: float
    left: int
    per_second: float
    cpu_us: float
    resident_mb: float


def measure(database: str, messages: int, say: Callable[[str], None]) -> tuple[Drained, ...]:
    """On one of DATABASES; so many messages, each with a key of its own."""
    with DATABASES[database]() as url, only_warnings():
        return asyncio.run(_measure(database, url, messages, say))


async def _measure(database: str, url: str, messages: int, say: Callable[[str], None]) -> tuple[Drained, ...]:
    await build(url)
    async with ledger(url) as context:
        for start in range(0, messages, _MESSAGES_A_TRANSACTION):
            async with context.transactions.begin("ledger", NOBODY) as work:
                for number in range(start, min(start + _MESSAGES_A_TRANSACTION, messages)):
                    work.publish(EntryAdded(f"entry {number}"), key=f"entry {number}")
        say(f"{database}: {messages:,} messages wait")
        lines: list[Drained] = []
        async for line in _drain(database, context, messages):
            say(
                f"{database}: {line.left:,} left, {line.per_second:.0f}/s, {line.cpu_us:.0f} µs of CPU each, "
                f"{line.resident_mb:.0f} MB"
            )
            lines.append(line)
    return tuple(lines)


async def _drain(database: str, context: Ledger, messages: int) -> AsyncIterator[Drained]:
    worker, left, every = Worker(context.transactions), messages, max(messages // _LINES, 1)
    begun = last = perf_counter()
    last_cpu = process_time()
    since = 0
    while handled := await worker.step():
        left -= handled
        since += handled
        if since >= every or not left:
            now, cpu = perf_counter(), process_time()
            held = resident_megabytes(os.getpid(), alone=True)
            cpu_us = (cpu - last_cpu) / since * 1e6
            yield Drained(database, now - begun, left, since / (now - last), cpu_us, held)
            last, last_cpu, since = now, cpu, 0
    assert left == 0, f"{left} messages were not handled"


def is_bounded(lines: Iterable[Drained]) -> bool:
    """Whether memory has stayed where it was after the first tenth."""
    held = [line.resident_mb for line in lines]
    return max(held) <= held[0] + BOUND_MB


def backlog_table(lines: Iterable[Drained]) -> str:
    """A Markdown table, a line for each tenth; the last column compares its CPU time with the first one's."""
    lines = tuple(lines)
    first = {line.database: line.cpu_us for line in reversed(lines)}
    rows = [
        [
            line.database,
            f"{line.seconds:.0f}",
            f"{line.left:,}",
            f"{line.per_second:.0f}",
            f"{line.resident_mb:.0f}",
            f"{line.cpu_us:.0f}",
            f"{line.cpu_us / first[line.database]:.2f}",
        ]
        for line in lines
    ]
    columns = [
        "database",
        "seconds",
        "left",
        "messages/s",
        "resident MB",
        "CPU µs a message",
        "/ first tenth",
    ]
    return table(columns, rows)
