"""A loop that looks for work until it is told to stop, and outlives its database."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import uniform
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from subgraphs.kernel.store.unit_of_work import Transactions

_log = structlog.stdlib.get_logger("subgraphs.loops")

_POLL_SECONDS: Final = 0.2
_AFTER_ERROR_SECONDS: Final = (0.5, 1.5)  # not all at once, when a server is back that all have lost


async def do_every(seconds: float, step: Callable[[], Awaitable[int]], transactions: Transactions) -> None:
    """Call `step` until it finds nothing to do, and again after so many seconds; hints do not matter.

    Ends between two steps once the hints say so. A database that fails is asked again after the pause.
    """
    hints = transactions.hints
    while not hints.is_stopping:
        try:
            found = 1
            while found and not hints.is_stopping:
                found = await step()
        except (SQLAlchemyError, OSError) as error:
            _log.error("database failed", error=str(error))
        await hints.pause(seconds)


async def keep_doing(step: Callable[[], Awaitable[int]], transactions: Transactions) -> None:
    """Call `step` again and again, at once while it finds work, else after a hint or 200 ms.

    Ends between two steps once the hints say so. A database or transport that fails is asked again after
    about a second.
    """
    hints, database = transactions.hints, transactions.database
    while not hints.is_stopping:
        try:
            with hints.listener() as told:
                async with database.listening(told.set):
                    while not hints.is_stopping:
                        told.clear()
                        if not await step():
                            with suppress(TimeoutError):
                                # Not wait_for: that loses a cancellation that comes with the hint.
                                async with asyncio.timeout(_POLL_SECONDS):
                                    await told.wait()
        except (SQLAlchemyError, OSError) as error:
            _log.error("database or transport failed", error=str(error))
            await hints.pause(uniform(*_AFTER_ERROR_SECONDS))  # noqa: S311 -- jitter, not a secret
