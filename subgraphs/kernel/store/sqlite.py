"""SQLite: one file, one host, one writer.

A transaction that reads and then writes would meet SQLITE_BUSY half-way, so every writing transaction takes
the write lock at its start (BEGIN IMMEDIATE); within this process they queue for it in order. Readers see
the last committed state and wait for nobody (WAL).
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from threading import Thread
from typing import Any

import aiosqlite
from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from subgraphs.kernel.domain import SystemClock
from subgraphs.kernel.store.inline import InlineConnection

_BUSY_MILLISECONDS = 10_000

_PRIMARY_CODE = 0xFF  # https://sqlite.org/rescode.html: what else is in a code says more of the same

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}",
    "PRAGMA foreign_keys=ON",
)
_SURVIVES_POWER_CUTS = "PRAGMA synchronous=FULL"
_SURVIVES_PROCESSES = "PRAGMA synchronous=NORMAL"  # a power cut may take the last commits along


class SqliteBackend:
    """A database in a file. Without `threads`, statements run where they are awaited, and commits do not wait
    for the disk.
    """

    is_embedded = True

    def __init__(self, url: URL, *, threads: bool) -> None:
        self.clock = SystemClock()  # of the only host
        self._file = url.database or ":memory:"
        self._has_threads = threads
        self._threads: list[Thread] = []
        self._turn = asyncio.Lock()
        self.writer = create_async_engine(url, async_creator=self._connect)
        self.reader = self.writer.execution_options(read_only=True)
        event.listen(self.writer.sync_engine, "connect", self._set_pragmas)
        event.listen(self.writer.sync_engine, "begin", _begin)

    def turn_to_write(self) -> AbstractAsyncContextManager[object]:
        return self._turn

    def is_conflict(self, error: DBAPIError) -> bool:
        """Never: a transaction that may write is the only one."""
        return False

    def is_lost(self, error: BaseException) -> bool:
        """Never: there is no server to be lost."""
        return False

    def is_busy(self, error: BaseException) -> bool:
        code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
        return code is not None and code & _PRIMARY_CODE == sqlite3.SQLITE_BUSY

    def distrust(self) -> None:
        """Whoever has opened the file has it."""

    async def notify(self) -> None:
        """Nobody: other processes on this file look for themselves."""

    @asynccontextmanager
    async def listening(self, told: Callable[[], None]) -> AsyncIterator[None]:
        yield

    def abandon(self) -> None:
        """There is no server to wait for."""

    async def close(self) -> None:
        """Threads of connections answer to the event loop, which must not be closed before they have."""
        await self.writer.dispose()
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

    def _set_pragmas(self, connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in (*_PRAGMAS, _SURVIVES_POWER_CUTS if self._has_threads else _SURVIVES_PROCESSES):
            cursor.execute(pragma)
        cursor.close()


def _begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
