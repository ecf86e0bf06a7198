"""A connection to SQLite whose statements take one way to its thread and back.

aiosqlite makes one of each step: a cursor is made, the statement is run, its rows are fetched, the cursor is
closed. Each costs more than most statements do.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, ParamSpec, Self, TypeVar

import aiosqlite

_FETCHED_AT_ONCE: Final = 20
"""Rows. Of the others, which may be large, so many are fetched as somebody asks for."""


P = ParamSpec("P")
R = TypeVar("R")


class WholeStatements(aiosqlite.Connection):
    """As aiosqlite's, but for its cursors, and for rollbacks where there is nothing to be rolled back."""

    _is_known = False
    """Whether all that was asked for has been answered; somebody who is cancelled does not wait for that."""

    def cursor(self) -> "Cursor":  # type: ignore[override]
        return Cursor(self)

    async def rollback(self) -> None:
        if not self._is_known or self._conn.in_transaction:
            await super().rollback()

    async def _execute(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        self._is_known = False
        try:
            result: R = await self._answered(fn, *args, **kwargs)
        except Exception:
            self._is_known = True
            raise
        self._is_known = True
        return result

    async def _answered(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        answer: R = await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return answer


class Cursor:
    """What SQLAlchemy needs of one: to run a statement, to know what came of it, and its rows."""

    def __init__(self, connection: WholeStatements) -> None:
        self.arraysize = 1
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self._connection = connection
        self._rows: list[Any] = []
        self._unread: sqlite3.Cursor | None = None  # what has more rows than were fetched at once

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Iterable[Any] = ()) -> None:
        await self._run(lambda cursor: cursor.execute(statement, tuple(parameters)))

    async def executemany(self, statement: str, parameters: Iterable[Iterable[Any]]) -> None:
        await self._run(lambda cursor: cursor.executemany(statement, [tuple(one) for one in parameters]))

    async def fetchall(self) -> Sequence[Any]:
        rows, self._rows = self._rows, []
        if self._unread is not None:
            rows += await self._connection._execute(self._unread.fetchall)
            await self.close()
        return rows

    async def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        wanted = size or self.arraysize
        rows, self._rows = self._rows[:wanted], self._rows[wanted:]
        if self._unread is not None and len(rows) < wanted:
            rows += await self._connection._execute(self._unread.fetchmany, wanted - len(rows))
        return rows

    async def fetchone(self) -> Any:
        return next(iter(await self.fetchmany(1)), None)

    async def close(self) -> None:
        if self._unread is not None:
            unread, self._unread = self._unread, None
            await self._connection._execute(unread.close)

    async def _run(self, run: Callable[[sqlite3.Cursor], object]) -> None:
        await self.close()
        await self._connection._execute(self._run_in_thread, run)

    def _run_in_thread(self, run: Callable[[sqlite3.Cursor], object]) -> None:
        cursor = self._connection._conn.cursor()
        try:
            run(cursor)
            self._rows = cursor.fetchmany(_FETCHED_AT_ONCE) if cursor.description else []
        except BaseException:
            cursor.close()
            raise
        self.description, self.rowcount, self.lastrowid = (
            cursor.description,
            cursor.rowcount,
            cursor.lastrowid,
        )
        if len(self._rows) < _FETCHED_AT_ONCE:
            cursor.close()
        else:
            self._unread = cursor
