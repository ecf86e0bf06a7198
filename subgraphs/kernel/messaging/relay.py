"""The loop that hands the outbox to a transport.

It keeps no record of what it has handed over: it looks at what the transport has, and continues from there.
What a transport has lost it gets again, as far back as it carries messages at all; who is further behind asks
for a replay.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.epochs import begin_epoch, read_lineage
from subgraphs.kernel.messaging.lineage import Lineage
from subgraphs.kernel.messaging.looping import keep_doing
from subgraphs.kernel.messaging.transport import Announcement, Carried, SequencedMessage, Transport
from subgraphs.kernel.store.locks import try_lock
from subgraphs.kernel.store.sequence import number_rows
from subgraphs.kernel.store.tables import outbox
from subgraphs.kernel.store.unit_of_work import Transactions

_LARGEST_BATCH: Final = 4 * 1024 * 1024  # characters

_log = structlog.stdlib.get_logger("subgraphs.transport")


@dataclass(frozen=True, slots=True)
class RelayOptions:
    """`window` is how much a transport that has lost everything is given again, unasked."""

    batch: int = 500
    window: int = 10_000


class Relay:
    """Relays the outbox of these sources. May run in every process; one at a time relays a source."""

    def __init__(
        self,
        transactions: Transactions,
        transport: Transport,
        sources: Sequence[str],
        *,
        options: RelayOptions | None = None,
    ) -> None:
        self._transactions = transactions
        self._transport = transport
        self._sources = tuple(sources)
        self._options = options or RelayOptions()

    async def run(self) -> None:
        """Relay until told to stop. A transport that does not answer is asked again after a second."""
        await keep_doing(self.step, self._transactions)

    async def step(self) -> int:
        """Hand over what is new, and answer who asked for replays. Returns how many messages."""
        await self._number()
        return sum([await self._relay(source) for source in self._sources])

    async def _number(self) -> None:
        """So that nobody waits for the sequencer's next look and then for ours."""
        database = self._transactions.database
        if not database.is_embedded:
            async with database.transaction() as connection:
                await number_rows(connection, outbox)

    async def _relay(self, source: str) -> int:
        lineage = await self._lineage(source)
        if not lineage:
            return 0
        epoch = lineage[-1].id
        # Before our own state: what is ahead of that was then not written by anybody since.
        carried = await self._transport.newest(source, epoch)
        async with self._transactions.database.read() as connection:
            if not await try_lock(connection, f"relay:{source}"):
                return 0
            oldest, head = await _ends(connection, source)
            requests = await self._transport.take_requests(source)
            if not await _has_parted(connection, source, carried, requests, head):
                relayed = await self._publish(
                    connection, source, epoch, max(carried.seq, head - self._options.window)
                )
                await self._transport.announce(source, Announcement(lineage, head, oldest))
                fault_point("relay.announced")
                return relayed + await self._answer(connection, source, epoch, requests)
            shared = await self._last_shared(connection, source, lineage)
        _log.warning("restored from a backup", source=source, shared_until=shared)
        await begin_epoch(self._transactions, source, lineage, after_seq=shared)
        return 1

    async def _lineage(self, source: str) -> Lineage:
        """That of a source which has published anything; it begins with the first message."""
        async with self._transactions.database.read() as connection:
            lineage = await read_lineage(connection, source)
            has_begun = bool(lineage) or (await _ends(connection, source))[1] > 0
        if not lineage and has_begun:
            await begin_epoch(self._transactions, source, (), after_seq=0)
            return await self._lineage(source)
        return lineage

    async def _publish(self, connection: AsyncConnection, source: str, epoch: str, after: int) -> int:
        published = 0
        while messages := await self._messages(connection, source, after):
            await self._transport.publish(source, epoch, messages)
            fault_point("relay.published")
            published, after = published + len(messages), messages[-1].seq
        return published

    async def _answer(
        self, connection: AsyncConnection, source: str, epoch: str, requests: Sequence[int]
    ) -> int:
        answered = 0
        for from_seq in requests:
            if messages := await self._messages(connection, source, from_seq - 1):
                await self._transport.answer(source, epoch, from_seq, messages)
                fault_point("relay.answered")
                _log.info("replayed", source=source, from_seq=from_seq, messages=len(messages))
                answered += len(messages)
        return answered

    async def _messages(
        self, connection: AsyncConnection, source: str, after: int
    ) -> Sequence[SequencedMessage]:
        """The next ones, bounded in number and in size."""
        columns = [outbox.c[name] for name in SequencedMessage.__slots__]
        query = select(*columns).where(outbox.c.source == source, outbox.c.seq > after).order_by(outbox.c.seq)
        messages, size = list[SequencedMessage](), 0
        async with connection.stream(query.limit(self._options.batch)) as rows:
            async for row in rows:
                messages.append(SequencedMessage(*row))
                size += len(row.data) + len(row.meta)
                if size >= _LARGEST_BATCH:
                    break
        return messages

    async def _last_shared(self, connection: AsyncConnection, source: str, lineage: Lineage) -> int:
        """The last message that the outbox and the transport agree on; 0 where the transport has forgotten.

        To go back too far costs time; readers know what they have.
        """
        shared = 0
        while True:
            read = await self._transport.read(source, shared, wait=0)
            if read.announcement is None or read.announcement.lineage != lineage or not read.messages:
                return shared
            ours = await _ids(connection, source, [message.seq for message in read.messages])
            for message in read.messages:
                if ours.get(message.seq) != message.message_id:
                    return shared
                shared = message.seq


async def _ends(connection: AsyncConnection, source: str) -> tuple[int, int]:
    """The numbers of the oldest and the newest message in the outbox; 1 and 0 when there is none."""
    ends = select(func.min(outbox.c.seq), func.max(outbox.c.seq)).where(outbox.c.source == source)
    oldest, head = (await connection.execute(ends)).one()
    return oldest or 1, head or 0


async def _ids(connection: AsyncConnection, source: str, seqs: Sequence[int]) -> dict[int, str]:
    rows = await connection.execute(
        select(outbox.c.seq, outbox.c.message_id).where(outbox.c.source == source, outbox.c.seq.in_(seqs))
    )
    return {row.seq: row.message_id for row in rows}


async def _has_parted(
    connection: AsyncConnection, source: str, carried: Carried, requests: Sequence[int], head: int
) -> bool:
    """Whether a number has been given to another message, or one above ours has been given at all: the
    outbox is that of a backup."""
    if carried.seq > head or any(from_seq > head + 1 for from_seq in requests):
        return True
    ours = await _ids(connection, source, [carried.seq])
    return ours.get(carried.seq, carried.message_id) != carried.message_id
