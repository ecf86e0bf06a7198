"""The loop that takes in what other databases publish.

For each context here and each source elsewhere the database keeps the number up to which everything has come.
Deliveries are inserted and the number is moved on in one transaction: what is read twice changes nothing, and
what does not follow is asked for until it comes.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging import lineage as lineages
from subgraphs.kernel.messaging.lineage import Lineage, shared_until
from subgraphs.kernel.messaging.outbox import delivery_row, insert_deliveries
from subgraphs.kernel.messaging.routing import addressees, as_row
from subgraphs.kernel.messaging.transport import Announcement, Read, SequencedMessage, Transport, following
from subgraphs.kernel.store.locks import try_lock
from subgraphs.kernel.store.tables import intake
from subgraphs.kernel.store.unit_of_work import Transactions
from subgraphs.kernel.telemetry.instruments import INTAKE_LAG

_WAIT_SECONDS: Final = 0.5
_PAUSE_SECONDS: Final = 0.02
_AFTER_ERROR_SECONDS: Final = 1.0

_log = structlog.stdlib.get_logger("subgraphs.transport")


@dataclass(frozen=True, slots=True)
class Position:
    """How far a context has read a source."""

    next_seq: int = 1
    lineage: Lineage = ()


class Intake:
    """Takes in what these contexts are told by these sources. May run in every process.

    What is missing is asked for again after `patience` seconds.
    """

    def __init__(
        self,
        transactions: Transactions,
        transport: Transport,
        *,
        contexts: Sequence[str],
        sources: Sequence[str],
        patience: float = 1.0,
    ) -> None:
        self._transactions = transactions
        self._transport = transport
        self._patience = patience
        self._pairs = [(context, source) for context in contexts for source in sources]
        self._asked: dict[tuple[str, str], tuple[int, float]] = {}

    async def run(self) -> None:
        """Take in until told to stop. What does not answer is asked again after a second."""
        async with asyncio.TaskGroup() as tasks:
            for context, source in self._pairs:
                tasks.create_task(self._keep_taking(context, source))

    async def step(self) -> int:
        """Take in what is there. Returns how many messages."""
        return sum([await self.take(context, source) for context, source in self._pairs])

    async def take(self, context: str, source: str, *, wait: float = 0) -> int:
        """Take in one batch of a source. Returns how many messages: 0 also when somebody else is at it."""
        async with self._transactions.database.read() as connection:
            position = await _read(connection, context, source)
        read = await self._transport.read(source, position.next_seq - 1, wait=wait)
        if read.announcement is None:
            return 0
        lag = INTAKE_LAG.labels(context, source)
        lag.set(max(read.announcement.head - position.next_seq + 1, 0))
        if not _has_news(position, read, read.announcement):
            await self._ask(context, source, position, read.announcement)
            return 0
        fault_point("intake.read")
        taken = await self._store(context, source, read.messages, read.announcement)
        lag.dec(taken)
        if taken:
            self._transactions.hints.give()
            await self._transactions.database.notify()
        return taken

    async def _keep_taking(self, context: str, source: str) -> None:
        hints = self._transactions.hints
        while not hints.is_stopping:
            try:
                if not await self.take(context, source, wait=_WAIT_SECONDS):
                    await hints.pause(_PAUSE_SECONDS)
            except (SQLAlchemyError, OSError) as error:
                _log.error("intake failed", context=context, source=source, error=str(error))
                await hints.pause(_AFTER_ERROR_SECONDS)

    async def _ask(self, context: str, source: str, position: Position, announcement: Announcement) -> None:
        """Ask for what is missing; also when the source is behind us, so that it notices."""
        missing = position.next_seq
        if announcement.head == missing - 1:
            return
        asked, at = self._asked.get((context, source), (0, 0.0))
        if asked == missing and monotonic() - at < self._patience:
            return
        await self._transport.request_replay(source, missing)
        self._asked[context, source] = (missing, monotonic())
        _log.info("asks for a replay", context=context, source=source, from_seq=missing)
        fault_point("intake.asked")

    async def _store(
        self, context: str, source: str, messages: Sequence[SequencedMessage], announcement: Announcement
    ) -> int:
        transactions = self._transactions
        async with transactions.database.transaction() as connection:
            if not await try_lock(connection, f"intake:{context}:{source}"):
                return 0
            position = await _read(connection, context, source)
            begin = _resume(context, source, position, announcement)
            new = following(messages, begin.next_seq)
            now = transactions.clock.now()
            rows = (
                delivery_row(consumer, as_row(source, message, key), due=now)
                for message in new
                for consumer, key in addressees(source, message, context, transactions.subscriptions)
            )
            await insert_deliveries(connection, rows)
            fault_point("intake.delivered")
            end = Position(begin.next_seq + len(new), begin.lineage)
            if end != position:
                await _write(connection, context, source, end)
            fault_point("intake.moved")
        return len(new)


def _has_news(position: Position, read: Read, announcement: Announcement) -> bool:
    """Whether there is anything to be stored."""
    return (
        position.lineage != announcement.lineage
        or position.next_seq < announcement.oldest
        or any(message.seq == position.next_seq for message in read.messages)
    )


def _resume(context: str, source: str, position: Position, announcement: Announcement) -> Position:
    """Where to go on in the source's history of today."""
    next_seq = position.next_seq
    shared = shared_until(position.lineage, announcement.lineage)
    if shared is not None:
        next_seq = min(next_seq, shared + 1)
        if position.lineage:
            _log.warning("the source was restored", context=context, source=source, from_seq=next_seq)
    if next_seq < announcement.oldest:
        if position.lineage:
            lost = announcement.oldest - next_seq
            _log.error(
                "the source has kept no messages for so long", context=context, source=source, lost=lost
            )
        next_seq = announcement.oldest
    return Position(next_seq, announcement.lineage)


async def _read(connection: AsyncConnection, context: str, source: str) -> Position:
    row = (
        await connection.execute(
            select(intake.c.next_seq, intake.c.lineage).where(
                intake.c.context == context, intake.c.source == source
            )
        )
    ).one_or_none()
    return Position(row.next_seq, lineages.from_json(row.lineage)) if row else Position()


async def _write(connection: AsyncConnection, context: str, source: str, position: Position) -> None:
    values = {"next_seq": position.next_seq, "lineage": lineages.to_json(position.lineage)}
    row = insert(intake).values(context=context, source=source, **values)
    await connection.execute(row.on_conflict_do_update(index_elements=["context", "source"], set_=values))
