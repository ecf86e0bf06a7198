"""Connections and transactions, the same on every database.

What differs between databases is behind `Backend`: store/sqlite.py and store/postgres.py.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Final, Protocol

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from subgraphs.kernel.domain import Clock
from subgraphs.kernel.store.lost import (
    CommitUnknownError,
    ConnectionLostError,
    DatabaseBusyError,
    DatabaseUnavailableError,
    DatabaseUnwritableError,
)
from subgraphs.kernel.store.postgres import PostgresBackend
from subgraphs.kernel.store.sqlite import SqliteBackend

_ROLLBACK_SECONDS: Final = 5.0

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Backend(Protocol):
    """One kind of database. `writer` opens writing transactions, `reader` consistent snapshots."""

    @property
    def is_embedded(self) -> bool: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def writer(self) -> AsyncEngine: ...
    @property
    def reader(self) -> AsyncEngine: ...

    def turn_to_write(self) -> AbstractAsyncContextManager[object]:
        """Wait for whoever must be waited for before a writing transaction may begin."""
        ...

    def is_conflict(self, error: DBAPIError) -> bool:
        """Whether the transaction failed because of another one, and may succeed when it is run again."""
        ...

    def is_lost(self, error: BaseException) -> bool:
        """Whether an error of SQLAlchemy's or the driver's says that the connection is gone."""
        ...

    def is_busy(self, error: BaseException) -> bool:
        """Whether an error says that others have had the database, or all connections to it, for too long."""
        ...

    def is_unwritable(self, error: BaseException) -> bool:
        """Whether an error says that nothing can be written, whatever it is: no disk, no leave."""
        ...

    def distrust(self) -> None:
        """Have every connection be asked whether it still works before it is used again."""
        ...

    async def notify(self) -> None:
        """Tell the listeners of other processes that messages have been committed; may be lost."""
        ...

    def listening(self, told: Callable[[], None]) -> AbstractAsyncContextManager[None]:
        """Call `told` when another process notifies, until the block ends."""
        ...

    def abandon(self) -> None:
        """Break every connection to a server, so that nobody waits for it any more."""
        ...

    async def close(self) -> None: ...


class UnknownDatabaseError(ValueError):
    """A URL of a kind of database that there is no backend for."""


class Database:
    """One database, used from one event loop. `close()` it in the end.

    `url` is SQLAlchemy's: `sqlite:///path/to/platform.db` or `postgresql://user@host/database`;
    UnknownDatabaseError for any other kind. A database that fails raises SQLAlchemyError, or, where it cannot
    be had, DatabaseUnavailableError or CommitUnknownError (store/lost.py), which are OSErrors.
    Without `threads`, statements on SQLite cost a fraction and hold up the event loop: for programs that
    serve nobody.
    """

    def __init__(self, url: str, *, threads: bool = True) -> None:
        self._backend = _open(url, threads=threads)

    @property
    def is_embedded(self) -> bool:
        """A file of this host, which one process writes: no other can have work of it in hand."""
        return self._backend.is_embedded

    @property
    def clock(self) -> Clock:
        """The same for all processes of this database."""
        return self._backend.clock

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One writing transaction: committed at the end of the block, rolled back when the block raises.

        It sees what others have committed so far, statement by statement (READ COMMITTED); what must not have
        changed in between is guarded by versions (store/versioned.py), constraints or locks. RuntimeError
        inside another writing transaction of the same task, which could wait for itself for ever.
        """
        if _writing.get():
            raise RuntimeError("a writing transaction is open already: work within it")
        async with self._backend.turn_to_write():
            token = _writing.set(True)
            try:
                async with self._connected(self._backend.writer) as connection:
                    transaction = await connection.begin()
                    yield connection
                    if transaction.is_active:
                        with _unknown_if(self._backend.is_lost):
                            await transaction.commit()
            finally:
                _writing.reset(token)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One consistent state of the database, to read only."""
        async with self._connected(self._backend.reader) as connection:
            yield connection
            await _roll_back(connection)

    def is_conflict(self, error: DBAPIError) -> bool:
        """Whether a transaction failed because of another one, and may succeed when it is run again."""
        return self._backend.is_conflict(error)

    def is_lost(self, error: BaseException) -> bool:
        """Whether an error, caught within a transaction, says that its connection is gone."""
        return self._backend.is_lost(error)

    def is_unwritable(self, error: BaseException) -> bool:
        """Whether an error, caught within a transaction, says that nothing can be written, whatever it is."""
        return self._backend.is_unwritable(error)

    async def notify(self) -> None:
        """Tell other processes that there are messages. A hint: nothing depends on its arrival."""
        await self._backend.notify()

    @asynccontextmanager
    async def listening(self, told: Callable[[], None]) -> AsyncIterator[None]:
        """Call `told` whenever another process notifies, until the block ends."""
        with self._noticing():
            async with self._backend.listening(told):
                yield

    def abandon(self) -> None:
        """Break every connection at once: for a server that does not even answer a rollback."""
        self._backend.abandon()

    async def close(self) -> None:
        """Close every connection, also those that a cancelled task has left at work."""
        await self._backend.close()

    @asynccontextmanager
    async def _connected(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        """A connection, rolled back when the block raises."""
        async with AsyncExitStack() as stack:
            with self._noticing(OSError):
                connection = await stack.enter_async_context(engine.connect())
            with self._noticing(lost=ConnectionLostError):
                try:
                    yield connection
                except BaseException:
                    await _roll_back(connection)
                    raise

    @contextmanager
    def _noticing(
        self, *also: type[Exception], lost: type[DatabaseUnavailableError] = DatabaseUnavailableError
    ) -> Iterator[None]:
        """Whether the database cannot be had, which is then `lost`; these `also` say so."""
        try:
            yield
        except (DatabaseUnavailableError, CommitUnknownError):
            self._backend.distrust()
            raise
        except Exception as error:
            if self._backend.is_lost(error) or isinstance(error, also):
                self._backend.distrust()
                raise lost.after(error) from error
            if self._backend.is_busy(error):
                raise DatabaseBusyError.after(error) from error
            if self._backend.is_unwritable(error):
                raise DatabaseUnwritableError.after(error) from error
            raise


@contextmanager
def _unknown_if(is_lost: Callable[[BaseException], bool]) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if is_lost(error):
            raise CommitUnknownError.after(error) from error
        raise


async def _roll_back(connection: AsyncConnection) -> None:
    """A connection that cannot even do that is thrown away: the server rolls back. Whoever raises meanwhile
    is heard, and not what became of the connection."""
    try:
        async with asyncio.timeout(_ROLLBACK_SECONDS):
            await connection.rollback()
    except Exception:  # noqa: BLE001 -- whatever it says, nothing more can be had from it
        await connection.invalidate()


def _open(url: str, *, threads: bool) -> Backend:
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            return SqliteBackend(parsed.set(drivername="sqlite+aiosqlite"), threads=threads)
        case "postgresql":
            return PostgresBackend(parsed.set(drivername="postgresql+asyncpg"))
        case other:
            raise UnknownDatabaseError(f"no database is called {other}: use sqlite or postgresql")
