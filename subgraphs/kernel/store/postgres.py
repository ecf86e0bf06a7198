"""PostgreSQL: many hosts, many writers.

Writing transactions are READ COMMITTED: what must not have changed meanwhile is guarded by version checks,
constraints and locks, never by waiting for the whole database. Readers get a snapshot (REPEATABLE READ).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext, suppress
from typing import Any, Final

from asyncpg import InterfaceError, InternalClientError, PostgresError
from sqlalchemy import URL, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

_CHANNEL: Final = "plait_messages"
_CONNECTIONS: Final = 10
_HUNG_MILLISECONDS: Final = "60000"  # of a process that was stopped: its locks and rows are given back
_DRIVER_ERRORS: Final = (PostgresError, InterfaceError, InternalClientError)
"""What SQLAlchemy lets through: while it connects, say."""

_CONFLICTS: Final = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected


class PostgresBackend:
    """A database on a server."""

    is_embedded = False

    def __init__(self, url: URL) -> None:
        self.writer = create_async_engine(
            url,
            pool_size=_CONNECTIONS,
            max_overflow=_CONNECTIONS,
            connect_args={"server_settings": {"idle_in_transaction_session_timeout": _HUNG_MILLISECONDS}},
            pool_pre_ping=True,  # a server that was restarted costs nobody an error
        )
        self.reader = self.writer.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

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
        """After the commit, in a transaction of its own: NOTIFY in a transaction serialises all commits."""
        # What it is about is committed and will be found.
        with suppress(DBAPIError, OSError, *_DRIVER_ERRORS):
            async with self.writer.begin() as connection:
                await connection.execute(select(func.pg_notify(_CHANNEL, "")))

    @asynccontextmanager
    async def listening(self, told: Callable[[], None]) -> AsyncIterator[None]:
        """On a connection of its own. Should that be lost, the listener is back to looking for itself."""

        def heard(*_: object) -> None:
            told()

        async with self.writer.connect() as connection:
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            await driver.add_listener(_CHANNEL, heard)
            try:
                yield
            finally:
                with suppress(*_DRIVER_ERRORS, OSError):  # a connection that was lost listens no more
                    await asyncio.shield(driver.remove_listener(_CHANNEL, heard))

    async def close(self) -> None:
        await self.writer.dispose()
