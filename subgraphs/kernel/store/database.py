"""Connections and transactions.

SQLite has one writer per file. A transaction that reads and then writes would meet SQLITE_BUSY half-way, so
every writing transaction takes the write lock at its start (BEGIN IMMEDIATE); within this process they
queue for it in order. Readers see the last committed state and wait for nobody (WAL).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from threading import Thread
from typing import Any

import aiosqlite
from sqlalchemy import Connection, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from subgraphs.kernel.store.inline import InlineConnection

_BUSY_MILLISECONDS = 10_000

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # a commit that was answered survives a power cut
    f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}",
    "PRAGMA foreign_keys=ON",
)

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Database:
    """One database, used from one event loop. `close()` it in the end.

    `url` is SQLAlchemy's, with an async driver: `sqlite+aiosqlite:///path/to/platform.db`. Without `threads`,
    statements cost a fraction and hold up the event loop: for programs that serve nobody.
    """

    def __init__(self, url: str, *, threads: bool = True) -> None:
        self._file = make_url(url).database or ":memory:"
        self._has_threads = threads
        self._threads: list[Thread] = []
        self._engine = create_async_engine(url, async_creator=self._connect)
        self._reader = self._engine.execution_options(read_only=True)
        self._writer = asyncio.Lock()
        event.listen(self._engine.sync_engine, "connect", _set_pragmas)
        event.listen(self._engine.sync_engine, "begin", _begin)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One writing transaction: committed at the end of the block, rolled back when the block raises.

        RuntimeError inside another writing transaction of the same task, which would wait for itself for
        ever.
        """
        if _writing.get():
            raise RuntimeError("a writing transaction is open already: work within it")
        async with self._writer:
            token = _writing.set(True)
            try:
                async with self._engine.begin() as connection:
                    yield connection
            finally:
                _writing.reset(token)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One consistent state of the database, to read only."""
        async with self._reader.begin() as connection:
            yield connection

    async def close(self) -> None:
        """Close every connection, also those that a cancelled task has left at work.

        Their threads answer to the event loop, which must not be closed before they have.
        """
        await self._engine.dispose()
        for thread in self._threads:
            await asyncio.to_thread(thread.join, _BUSY_MILLISECONDS / 1000)
        self._threads.clear()

    async def _connect(self) -> aiosqlite.Connection:
        if self._has_threads:
            connection = aiosqlite.connect(self._file, isolation_level=None)
        else:
            connection = InlineConnection(self._file)
        self._threads.append(connection._thread)  # there is no public way to wait for it
        return await connection


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
