"""PostgreSQL: many hosts, many writers.

Writing transactions are READ COMMITTED: what must not have changed meanwhile is guarded by version checks,
constraints and locks, never by waiting for the whole database. Readers get a snapshot (REPEATABLE READ).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import datetime
from time import monotonic
from typing import Any, Final
from weakref import WeakSet

from asyncpg import InterfaceError, InternalClientError, PostgresError
from sqlalchemy import URL, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from subgraphs.kernel.domain import Clock, SystemClock
from subgraphs.kernel.store.database_clock import DatabaseClock
from subgraphs.kernel.store.notifier import CHANNEL, Notifier

_CONNECTIONS: Final = 10
_FRESH_SECONDS: Final = 1.0
_CONNECTION_SECONDS: Final = 600  # then it is made anew, and looks at the server's clock again
_HUNG_MILLISECONDS: Final = "60000"  # of a process that was stopped: its locks and rows are given back
_DRIVER_ERRORS: Final = (PostgresError, InterfaceError, InternalClientError)
"""What SQLAlchemy lets through: while it connects, say."""

_CONFLICTS: Final = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected


class PostgresBackend:
    """A database on a server."""

    is_embedded = False

    def __init__(self, url: URL, *, otherwise: Clock | None = None) -> None:
        self.clock = DatabaseClock(otherwise or SystemClock())
        self.writer = create_async_engine(
            url,
            pool_size=_CONNECTIONS,
            max_overflow=_CONNECTIONS,
            pool_recycle=_CONNECTION_SECONDS,
            connect_args={"server_settings": {"idle_in_transaction_session_timeout": _HUNG_MILLISECONDS}},
        )
        self._connections: WeakSet[Any] = WeakSet()  # the driver's
        event.listen(self.writer.sync_engine, "connect", self._note)
        event.listen(self.writer.sync_engine, "connect", self._look_at_the_clock)
        event.listen(self.writer.sync_engine, "checkin", _note_the_time)
        event.listen(self.writer.sync_engine, "checkout", _look_at)
        self.reader = self.writer.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._notifier = Notifier(self.writer, _DRIVER_ERRORS)

    def turn_to_write(self) -> AbstractAsyncContextManager[object]:
        return nullcontext()

    def is_conflict(self, error: DBAPIError) -> bool:
        return getattr(error.orig, "sqlstate", None) in _CONFLICTS

    @contextmanager
    def translated_errors(self) -> Iterator[None]:
        try:
            yield
        except _DRIVER_ERRORS as error:
            raise ConnectionError(f"{type(error).__name__}: {error}") from error

    async def notify(self) -> None:
        self._notifier.notify()

    @asynccontextmanager
    async def listening(self, told: Callable[[], None]) -> AsyncIterator[None]:
        """On a connection of its own. Should that be lost, the listener is back to looking for itself."""

        def heard(*_: object) -> None:
            told()

        async with self.writer.connect() as connection:
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            await driver.add_listener(CHANNEL, heard)
            try:
                yield
            finally:
                with suppress(*_DRIVER_ERRORS, OSError):  # a connection that was lost listens no more
                    await asyncio.shield(driver.remove_listener(CHANNEL, heard))

    def abandon(self) -> None:
        for connection in tuple(self._connections):
            connection.terminate()

    async def close(self) -> None:
        await self._notifier.close()
        await self.writer.dispose()

    def _note(self, _: object, record: ConnectionPoolEntry) -> None:
        self._connections.add(record.driver_connection)

    def _look_at_the_clock(self, connection: Any, _record: object) -> None:
        def ask() -> datetime:
            cursor = connection.cursor()
            cursor.execute("SELECT clock_timestamp()")
            (shown,) = cursor.fetchone()
            cursor.close()
            assert isinstance(shown, datetime)
            return shown

        self.clock.look(ask)
        connection.rollback()


def _note_the_time(_: object, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = monotonic()


def _look_at(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
    """A server that was restarted costs nobody an error, and one that was not costs no way there and back:
    only a connection that nobody has used for a while is asked whether it still works."""
    driver: Any = record.driver_connection
    if driver.is_closed():
        raise InvalidatePoolError
    if monotonic() - record.info.get("used_at", monotonic()) > _FRESH_SECONDS:
        try:
            connection.ping()
        except Exception as error:
            raise InvalidatePoolError from error
