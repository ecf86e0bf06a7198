"""The databases that the processes share, and how they suffer."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from random import Random
from time import sleep
from types import MappingProxyType
from typing import Protocol

import asyncpg

from subgraphs.kernel.testing.postgres import TemporaryPostgres

Recovery = tuple[float, Callable[[], None]]
"""In so many seconds, what makes it well again."""

Injury = Callable[[Random], Recovery | None]


class Databases(Protocol):
    """That of the market, at `url`, and that of the gazette; `injuries` are what can be done to them, by
    name."""

    @property
    def url(self) -> str: ...
    @property
    def gazette(self) -> str: ...
    @property
    def injuries(self) -> Mapping[str, Injury]: ...


class SqliteFiles:
    """One writer at a time for each file: what hurts most is somebody who writes and does not end."""

    def __init__(self, folder: Path) -> None:
        self._files = (folder / "market.db", folder / "gazette.db")
        self.url, self.gazette = (f"sqlite:///{file}" for file in self._files)
        self.injuries: Mapping[str, Injury] = MappingProxyType({"write lock held": self._hold_the_lock})

    def _hold_the_lock(self, chance: Random) -> None:
        with (
            suppress(sqlite3.OperationalError),
            closing(sqlite3.connect(chance.choice(self._files), isolation_level=None)) as connection,
        ):
            connection.execute("BEGIN IMMEDIATE")
            sleep(chance.uniform(0.1, 1.5))
            connection.execute("ROLLBACK")


class PostgresServer:
    """A server of both that crashes, and connections that break."""

    def __init__(self, server: TemporaryPostgres) -> None:
        self._server = server
        self._names = [server.create(), server.create()]
        self.url, self.gazette = (server.url(name) for name in self._names)
        self.injuries: Mapping[str, Injury] = MappingProxyType(
            {"database crash": self._crash, "connections cut": self._cut}
        )

    def _crash(self, _: Random) -> None:
        self._server.crash()

    def _cut(self, chance: Random) -> None:
        asyncio.run(self._terminate(chance.uniform(0.2, 1.0)))

    async def _terminate(self, share: float) -> None:
        connection = await asyncpg.connect(self._server.url("postgres"))
        try:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = ANY($1) AND random() < $2",
                self._names,
                share,
            )
        finally:
            await connection.close()


@contextmanager
def sqlite_files(folder: Path) -> Iterator[Databases]:
    yield SqliteFiles(folder)


@contextmanager
def postgres_server(folder: Path) -> Iterator[Databases]:
    """In a folder of its own within this one."""
    server = TemporaryPostgres(folder / "postgres")
    server.start()
    try:
        yield PostgresServer(server)
    finally:
        server.stop()
