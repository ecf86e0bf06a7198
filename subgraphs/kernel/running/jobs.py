"""What contexts do from time to time, whatever happens: clearing up, counting."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.messaging.looping import do_every
from subgraphs.kernel.store.locks import try_lock
from subgraphs.kernel.store.unit_of_work import Transactions


@dataclass(frozen=True, slots=True)
class Job:
    """`step` does a part of what there is to do by now and says how much; after nothing there is a pause.

    When a process begins, so do its jobs: a step finds out for itself whether it is time, and bears to be
    done again.
    """

    name: str
    every: timedelta
    step: Callable[[AsyncConnection, datetime], Awaitable[int]]

    async def run(self, transactions: Transactions) -> None:
        """Do it until told to stop. May run in every process; one of them is at it at a time."""
        await do_every(self.every.total_seconds(), lambda: self.do(transactions), transactions)

    async def do(self, transactions: Transactions) -> int:
        """A step, in a transaction of its own."""
        async with transactions.database.transaction() as connection:
            if not await try_lock(connection, self.name):
                return 0
            return await self.step(connection, transactions.clock.now())
