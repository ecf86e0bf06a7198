"""Telling other processes on PostgreSQL that messages have been committed."""

import asyncio
from contextlib import suppress
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

CHANNEL: Final = "plait_messages"


class Notifier:
    """NOTIFY beside the commits: within a transaction it would serialise all of them.

    Nobody waits for it. What is committed while a notification is on its way shares the next one. One that is
    lost costs whoever listens a look at the clock: what it is about is committed, and will be found.
    """

    def __init__(self, engine: AsyncEngine, errors: tuple[type[Exception], ...]) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._errors = (DBAPIError, OSError, *errors)
        self._is_wanted = False
        self._sending: asyncio.Task[None] | None = None

    def notify(self) -> None:
        self._is_wanted = True
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())

    async def close(self) -> None:
        if self._sending is not None:
            await asyncio.wait({self._sending})

    async def _send(self) -> None:
        while self._is_wanted:
            self._is_wanted = False
            with suppress(*self._errors):
                async with self._engine.connect() as connection:
                    await connection.execute(select(func.pg_notify(CHANNEL, "")))
