"""The loop that deletes what has been kept for long enough (store/pruning.py says what that is)."""

from datetime import timedelta
from typing import Final

import structlog

from subgraphs.kernel.messaging.looping import do_every
from subgraphs.kernel.settings import Keep
from subgraphs.kernel.store import pruning
from subgraphs.kernel.store.locks import try_lock
from subgraphs.kernel.store.pruning import Prunable
from subgraphs.kernel.store.unit_of_work import Transactions

_log = structlog.stdlib.get_logger("subgraphs.retention")

_PAUSE_SECONDS: Final = 60.0
_BATCH: Final = 500
_REMEMBERED_LONGER: Final = timedelta(hours=12)
"""Than a message is kept where it was published: a source elsewhere may send again what it still has."""


class Retention:
    """May run in every process; one of them deletes at a time."""

    def __init__(self, transactions: Transactions, keep: Keep, *, batch: int = _BATCH) -> None:
        self._transactions = transactions
        self._keep = keep
        self._batch = batch

    async def run(self) -> None:
        """Look every minute, until told to stop."""
        await do_every(_PAUSE_SECONDS, self.step, self._transactions)

    async def step(self) -> int:
        """Delete a batch of everything that may go. Returns how many rows."""
        deleted = await self.prune()
        for what, rows in deleted.items():
            _log.debug("pruned", what=what, rows=rows)
        return sum(deleted.values())

    async def prune(self) -> dict[str, int]:
        """As `step`; returns how many rows of what, if any."""
        deleted = {each.what: await self._prune(each) for each in await self._prunable()}
        return {what: rows for what, rows in deleted.items() if rows}

    async def count(self) -> tuple[tuple[str, int], ...]:
        """What may go now, and how much of it."""
        prunable = await self._prunable()
        async with self._transactions.database.read() as connection:
            return tuple([(each.what, await each.count(connection)) for each in prunable])

    async def _prunable(self) -> tuple[Prunable, ...]:
        """What may go, in the order in which it may."""
        now = self._transactions.clock.now()
        messages, audit = now - self._keep.messages, now - self._keep.audit
        async with self._transactions.database.read() as connection:
            sources = await pruning.sources(connection)
        return (
            *(pruning.published(source, before=messages) for source in sources),
            pruning.handled(before=messages - _REMEMBERED_LONGER),
            pruning.expired_keys(now=now),
            pruning.withdrawn(now=now),
            pruning.audited(before=audit),
        )

    async def _prune(self, prunable: Prunable) -> int:
        async with self._transactions.database.transaction() as connection:
            if not await try_lock(connection, "retention"):
                return 0
            return await prunable.prune(connection, limit=self._batch)
