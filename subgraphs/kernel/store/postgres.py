"""PostgreSQL: many hosts, many writers.

Writing transactions are READ COMMITTED: what must not have changed meanwhile is guarded by version checks,
constraints and locks, never by waiting for the whole database. Readers get a snapshot (REPEATABLE READ).
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from datetime import datetime
from time import monotonic
from typing import Any, Final
from weakref import WeakSet

from asyncpg import InterfaceError, InternalClientError, PostgresError
from sqlalchemy import URL, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from subgraphs.kernel.domain import Clock, SystemClock
from subgraphs.kernel.store.database_clock import DatabaseClock
from subgraphs.kernel.store.notifier import CHANNEL, Notifier

_CONNECTIONS: Final = 10
_PATIENCE_SECONDS: Final = 30.0  # with others who have all of them
_CONNECTING_SECONDS: Final = 5.0  # with a server that does not even refuse
_FRESH_SECONDS: Final = 1.0
_CONNECTION_SECONDS: Final = 600  # then it is made anew, and looks at the server's clock again
_HUNG_MILLISECONDS: Final = "60000"  # of a process that was stopped: its locks and rows are given back
_DRIVER_ERRORS: Final = (PostgresError, InterfaceError, InternalClientError)
"""What SQLAlchemy lets through: while it connects, say."""

_CONNECTION_FAILURES: Final = "08"  # the class of such states
_ENDED_BY_SERVER: Final = frozenset(
    {"57P01", "57P02", "57P03", "57P05", "25P03"}  # shutdown, crash, start; idle for too long
)

_UNWRITABLE: Final = frozenset({"53100", "58030", "25006"})  # disk_full, io_error, a standby by now

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
            pool_timeout=_PATIENCE_SECONDS,
            pool_recycle=_CONNECTION_SECONDS,
            connect_args={
                "timeout": _CONNECTING_SECONDS,
                "server_settings": {"idle_in_transaction_session_timeout": _HUNG_MILLISECONDS},
            },
        )
        self._connections: WeakSet[Any] = WeakSet()  # the driver's
        event.listen(self.writer.sync_engine, "connect", self._note)
        event.listen(self.writer.sync_engine, "connect", self._look_at_the_clock)
        event.listen(self.writer.sync_engine, "checkin", _note_the_time)
        event.listen(self.writer.sync_engine, "checkout", self._look_at)
        self._distrusted_since = monotonic()
        self.reader = self.writer.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._notifier = Notifier(self.writer, _DRIVER_ERRORS)

    def turn_to_write(self) -> AbstractAsyncContextManager[object]:
        return nullcontext()

    def is_conflict(self, error: DBAPIError) -> bool:
        return getattr(error.orig, "sqlstate", None) in _CONFLICTS

    def is_lost(self, error: BaseException) -> bool:
        """Whether the connection is gone, whoever says so.

        The driver may not have read the end of a connection yet when the server says that it is one; what it
        is asked then it answers with errors about its own state.
        """
        if not isinstance(error, DBAPIError):
            return isinstance(error, _DRIVER_ERRORS)
        state = getattr(error.orig, "sqlstate", None) or ""
        told_by_driver = error.orig.__cause__ if error.orig else None
        return (
            error.connection_invalidated
            or state.startswith(_CONNECTION_FAILURES)
            or state in _ENDED_BY_SERVER
            or type(told_by_driver) in (InterfaceError, InternalClientError)
        )

    def is_busy(self, error: BaseException) -> bool:
        return isinstance(error, PoolTimeoutError)

    def is_unwritable(self, error: BaseException) -> bool:
        return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _UNWRITABLE

    def distrust(self) -> None:
        self._distrusted_since = monotonic()

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

    def _look_at(self, connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        """A server that was restarted costs nobody an error, and one that was not costs no way there and
        back: only a connection that nobody has used for a while, or since another one was lost, is asked
        whether it still works."""
        driver: Any = record.driver_connection
        if driver.is_closed():
            raise InvalidatePoolError
        used_at = record.info.get("used_at")
        if used_at is None:
            return
        if monotonic() - used_at > _FRESH_SECONDS or used_at <= self._distrusted_since:
            try:
                connection.ping()
            except Exception as error:
                raise InvalidatePoolError from error


def _note_the_time(_: object, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = monotonic()
