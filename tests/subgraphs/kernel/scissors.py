"""Connections to a real server that are cut under a statement, before the driver can read of it."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
from sqlalchemy import Connection, Engine, event

from subgraphs.kernel.testing.postgres import TemporaryPostgres

COMMIT: Final = "COMMIT"


@dataclass(slots=True)
class Scissors:
    """Cut the connection under the statement `at` which others come, counted from 0."""

    server: TemporaryPostgres
    at: int
    only: Callable[[str], bool]
    cut: str | None = None
    _seen: int = field(default=0)

    def before_statement(self, connection: Connection, _: Any, statement: str, *__: Any) -> None:
        self._look(connection, statement)

    def before_commit(self, connection: Connection) -> None:
        self._look(connection, COMMIT)

    def _look(self, connection: Connection, statement: str) -> None:
        if self.cut is not None or "pg_notify" in statement or not self.only(statement):
            return
        if self._seen == self.at:
            self.cut = statement
            driver: Any = connection.connection.driver_connection
            end_process(self.server, "SELECT pg_terminate_backend($1, 5000)", driver.get_server_pid())
        self._seen += 1


def end_process(server: TemporaryPostgres, statement: str, *values: object) -> None:
    """While the event loop of the test stands still."""

    async def end() -> None:
        connection = await asyncpg.connect(server.url("postgres"))
        try:
            await connection.execute(statement, *values)
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as others:
        others.submit(asyncio.run, end()).result()


@contextmanager
def cutting(
    server: TemporaryPostgres, at: int, only: Callable[[str], bool] = lambda _: True
) -> Iterator[Scissors]:
    scissors = Scissors(server, at, only)
    event.listen(Engine, "before_cursor_execute", scissors.before_statement)
    event.listen(Engine, "commit", scissors.before_commit)
    try:
        yield scissors
    finally:
        event.remove(Engine, "before_cursor_execute", scissors.before_statement)
        event.remove(Engine, "commit", scissors.before_commit)
