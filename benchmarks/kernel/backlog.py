"""A hundred thousand messages wait; one process handles them. What it holds must not grow with them."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from benchmarks.kernel.ledger import NOBODY, EntryAdded, Ledger, build, ledger
from benchmarks.measuring.processes import resident_megabytes
from benchmarks.tables import table
from subgraphs.kernel.logs import only_warnings
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.testing.postgres import temporary_postgres

BOUND_MB: Final = 32.0
"""How much more a process may hold at any time than after its first messages."""

_MESSAGES_A_TRANSACTION: Final = 1_000
_LINES: Final = 10  # of the table


@dataclass(frozen=True, slots=True)
class Drained:
    """What was left, and what was held, after so long."""

    database: str
    seconds: float
    left: int
    per_second: float  # since the line before
    resident_mb: float


def measure(messages: int, *, postgres: bool, say: Callable[[str], None]) -> tuple[Drained, ...]:
    """On a SQLite file, or a PostgreSQL server of its own; so many messages, each with a key of its own."""
    with ExitStack() as stack:
        stack.enter_context(only_warnings())
        if postgres:
            server = stack.enter_context(temporary_postgres())
            url = server.url(server.create())
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="plait-bench-"))
            url = f"sqlite:///{Path(folder) / 'ledger.db'}"
        return asyncio.run(_measure("PostgreSQL" if postgres else "SQLite", url, messages, say))


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
            say(f"{database}: {line.left:,} left, {line.per_second:.0f}/s, {line.resident_mb:.0f} MB")
            lines.append(line)
    return tuple(lines)


async def _drain(database: str, context: Ledger, messages: int) -> AsyncIterator[Drained]:
    worker, left, every = Worker(context.transactions), messages, max(messages // _LINES, 1)
    begun = last = perf_counter()
    since = 0
    while handled := await worker.step():
        left -= handled
        since += handled
        if since >= every or not left:
            now = perf_counter()
            yield Drained(database, now - begun, left, since / (now - last), resident_megabytes(os.getpid()))
            last, since = now, 0
    assert left == 0, f"{left} messages were not handled"


def is_bounded(lines: Iterable[Drained]) -> bool:
    """Whether memory has stayed where it was after the first tenth."""
    held = [line.resident_mb for line in lines]
    return max(held) <= held[0] + BOUND_MB


def backlog_table(lines: Iterable[Drained]) -> str:
    """A Markdown table, a line for each tenth."""
    rows = [
        [
            line.database,
            f"{line.seconds:.0f}",
            f"{line.left:,}",
            f"{line.per_second:.0f}",
            f"{line.resident_mb:.0f}",
        ]
        for line in lines
    ]
    return table(["database", "seconds", "left", "messages/s", "resident MB"], rows)
