"""SQLite: one file, one host, one writer.

A transaction that reads and then writes would meet SQLITE_BUSY half-way, so every writing transaction takes
the write lock at its start (BEGIN IMMEDIATE); within this process they queue for it in order. Readers see
the last committed state and wait for nobody (WAL).
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import aiosqlite
from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from subgraphs.kernel.domain import SystemClock
from subgraphs.kernel.store.inline import InlineConnection
from subgraphs.kernel.store.whole_statements import WholeStatements

_BUSY_MILLISECONDS = 10_000

_PRIMARY_CODE = 0xFF  # https://sqlite.org/rescode.html: what else is in a code says more of the same
_UNWRITABLE = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
)

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
        self._opened: list[aiosqlite.Connection] = []
        self._turn = asyncio.Lock()
        self.writer = create_async_engine(url, async_creator=self._connect)
        self.reader = self.writer.execution_options(read_only=True)
        event.listen(self.writer.sync_engine, "connect", self._set_pragmas)
        event.listen(self.writer.sync_engine, "begin", _begin)
        event.listen(self.writer.sync_engine, "checkout", _look_at)

    def turn_to_write(self) -> AbstractAsyncContextManager[object]:
        return self._turn

    def is_conflict(self, error: DBAPIError) -> bool:
        """Never: a transaction that may write is the only one."""
        return False

    def is_lost(self, error: BaseException) -> bool:
        """Never: there is no server to be lost."""
        return False

    def is_busy(self, error: BaseException) -> bool:
        return _code_of(error) == sqlite3.SQLITE_BUSY

    def is_unwritable(self, error: BaseException) -> bool:
        return _code_of(error) in _UNWRITABLE

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
        """Threads of connections answer to the event loop, which must not be closed before they have.

        One that somebody has at this moment, who was cancelled while giving it back, say, comes back to a
        pool that nobody closes any more: its thread would wait for ever, and the process for that.
        """
        await self.writer.dispose()
        for connection in self._opened:
            if _is_open(connection):
                connection.stop()
                await asyncio.to_thread(connection._thread.join, _BUSY_MILLISECONDS / 1000)
        self._opened.clear()

    async def _connect(self) -> aiosqlite.Connection:
        connection: WholeStatements
        if self._has_threads:
            connect = partial(sqlite3.connect, self._file, isolation_level=None)
            connection = WholeStatements(connect, iter_chunk_size=0)
        else:
            connection = InlineConnection(self._file)
        self._opened = [*filter(_is_open, self._opened), connection]
        return await connection

    def _set_pragmas(self, connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in (*_PRAGMAS, _SURVIVES_POWER_CUTS if self._has_threads else _SURVIVES_PROCESSES):
            cursor.execute(pragma)
        cursor.close()


def _code_of(error: BaseException) -> int | None:
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return None if code is None else code & _PRIMARY_CODE


def _is_open(connection: aiosqlite.Connection) -> bool:
    """There is no public way to know, nor to wait for the end."""
    return connection._thread.is_alive()


def _look_at(_: object, record: ConnectionPoolEntry, __: object) -> None:
    """One that somebody has closed, who had it, is not used again."""
    driver: Any = record.driver_connection
    if not _is_open(driver):
        raise DisconnectionError


def _begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
