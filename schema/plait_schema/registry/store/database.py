"""Transactions on SQLite or PostgreSQL.

SQLite has one writer, which takes its lock at the start: a transaction that reads and then writes would meet
SQLITE_BUSY half-way. One registry at a time has the file: others are refused when they open it.
"""

import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # what was answered survives a power cut
    "PRAGMA busy_timeout=10000",
    "PRAGMA foreign_keys=ON",
)


_MOST_PORT: Final = 65_535


class DatabaseError(Exception):
    """The database cannot be used at all. The message says why, in one line."""


def database_url(text: str) -> URL:
    """A URL as it was given. DatabaseError, which does not quote it: there may be a password in it."""
    try:
        parsed = make_url(text)
    except (ArgumentError, ValueError):
        raise _bad_url("is not one") from None
    if parsed.port is not None and not 0 < parsed.port <= _MOST_PORT:
        raise _bad_url(f"has {parsed.port} for a port")
    return parsed


def _bad_url(what: str) -> DatabaseError:
    return DatabaseError(
        f"the database's URL {what}: write sqlite:///FILE or postgresql://USER@HOST:PORT/DATABASE"
        " (BAD_DATABASE_URL)"
    )


class Database:
    """One database, used from one event loop. `close()` it in the end.

    `url` is `sqlite:///file` or `postgresql://user@host/database`. Raises DatabaseError for others, and for a
    file that another registry has, or that cannot be written.
    """

    def __init__(self, url: str) -> None:
        parsed = database_url(url)
        self._claim: int | None = None
        self.is_shared = False
        match parsed.get_backend_name():
            case "sqlite":
                self._claim = _claim(Path(parsed.database or ""))
                self._engine = create_async_engine(parsed.set(drivername="sqlite+aiosqlite"))
                event.listen(self._engine.sync_engine, "connect", _set_up)
                event.listen(self._engine.sync_engine, "begin", _begin)
            case "postgresql":
                self.is_shared = True  # other registries may write to it
                self._engine = create_async_engine(
                    parsed.set(drivername="postgresql+asyncpg"), pool_pre_ping=True
                )
            case other:
                raise _bad_url(f"is of a database called {other}")
        self._reader = self._engine.execution_options(read_only=True)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Committed at the end of the block, rolled back when it raises."""
        async with self._engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        async with self._reader.begin() as connection:
            yield connection

    async def close(self) -> None:
        await self._engine.dispose()
        if self._claim is not None:
            os.close(self._claim)
            self._claim = None


def _claim(file: Path) -> int:
    """The lock on the file, as a descriptor that holds it: however the process ends, the lock ends too."""
    if not file.name:
        raise DatabaseError("a registry needs a file: sqlite:///FILE")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DatabaseError(f"{file} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    except BlockingIOError as error:
        owner = os.pread(lock, 20, 0).decode(errors="replace").strip() or "unknown"
        os.close(lock)
        raise DatabaseError(f"{file} belongs to a registry that is running (process {owner})") from error
    except OSError:
        with suppress(OSError):  # a full disk does not keep the lock from being held
            os.ftruncate(lock, 0)
    return lock


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # begin and commit are said below, not guessed by the driver
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
