"""What the processes share, and how it suffers."""

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

Injury = Callable[[Random], None]


class Patient(Protocol):
    """A database; `injuries` are what can be done to it, by name."""

    @property
    def url(self) -> str: ...
    @property
    def injuries(self) -> Mapping[str, Injury]: ...


class SqliteFile:
    """One file, one writer at a time: what hurts most is somebody who writes and does not end."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "market.db"
        self.url = f"sqlite:///{self._file}"
        self.injuries: Mapping[str, Injury] = MappingProxyType({"write lock held": self._hold_the_lock})

    def _hold_the_lock(self, chance: Random) -> None:
        with (
            suppress(sqlite3.OperationalError),
            closing(sqlite3.connect(self._file, isolation_level=None)) as connection,
        ):
            connection.execute("BEGIN IMMEDIATE")
            sleep(chance.uniform(0.1, 1.5))
            connection.execute("ROLLBACK")


class PostgresServer:
    """A server that crashes, and connections that break."""

    def __init__(self, server: TemporaryPostgres) -> None:
        self._server = server
        self._name = server.create()
        self.url = server.url(self._name)
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
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND random() < $2",
                self._name,
                share,
            )
        finally:
            await connection.close()


@contextmanager
def sqlite_file(folder: Path) -> Iterator[Patient]:
    yield SqliteFile(folder)


@contextmanager
def postgres_server(folder: Path) -> Iterator[Patient]:
    """In a folder of its own within this one."""
    server = TemporaryPostgres(folder / "postgres")
    server.start()
    try:
        yield PostgresServer(server)
    finally:
        server.stop()
