"""The loop that numbers what was committed: the outbox and the events of every context."""

from typing import Final

from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.looping import keep_doing
from subgraphs.kernel.store.sequence import number_rows
from subgraphs.kernel.store.tables import event, outbox
from subgraphs.kernel.store.unit_of_work import Transactions

_LOGS: Final = (outbox, event)


class Sequencer:
    """May run in every process; one of them leads at a time. On SQLite it never finds anything to do."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def run(self) -> None:
        """Number until told to stop."""
        if not self._transactions.database.is_embedded:
            await keep_doing(self.step, self._transactions)

    async def step(self) -> int:
        """Number one batch of each log, and tell who follows them. Returns how many rows."""
        numbered = 0
        for log in _LOGS:
            async with self._transactions.database.transaction() as connection:
                numbered += await number_rows(connection, log)
                fault_point("sequencer.numbered")
        if numbered:
            self._transactions.hints.give()
            await self._transactions.database.notify()
        return numbered
