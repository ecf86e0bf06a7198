"""The past of a source: from the outbox of this database, or from another one over the transport."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Final

from sqlalchemy import ColumnElement, select

from subgraphs.kernel.messaging.integration import metadata_from_json
from subgraphs.kernel.messaging.transport import SequencedMessage, Transport, TransportError, following
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.tables import outbox

_PATIENCE_SECONDS: Final = 10.0
_PAUSE_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class Selection:
    """Which messages of a source: by number, by time, both ends included, by type; all of them by default."""

    source: str
    from_seq: int = 1
    to_seq: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    types: frozenset[str] | None = None


async def is_kept(database: Database, source: str) -> bool:
    """Whether this database has published anything of a source."""
    async with database.read() as connection:
        any_of_it = select(outbox.c.pos).where(outbox.c.source == source).limit(1)
        return await connection.scalar(any_of_it) is not None


async def from_outbox(
    database: Database, consumer: str, selection: Selection, batch: int
) -> AsyncIterator[Sequence[SequencedMessage]]:
    """What is selected of what a consumer may have got, in order, so many at a time."""
    table = outbox.c
    conditions: list[ColumnElement[bool]] = [
        table.source == selection.source,
        table.recipient.is_(None) | (table.recipient == consumer),
    ]
    if selection.types is not None:
        conditions.append(table.type.in_(selection.types))
    if selection.to_seq is not None:
        conditions.append(table.seq <= selection.to_seq)
    if selection.since is not None:
        conditions.append(table.created_at >= selection.since)
    if selection.until is not None:
        conditions.append(table.created_at <= selection.until)
    columns = [table[name] for name in SequencedMessage.__slots__]
    after = selection.from_seq - 1
    while True:
        query = select(*columns).where(*conditions, table.seq > after).order_by(table.seq).limit(batch)
        async with database.read() as connection:
            messages = [SequencedMessage(*row) for row in await connection.execute(query)]
        if not messages:
            return
        yield messages
        after = messages[-1].seq


async def from_elsewhere(
    transport: Transport, consumer: str, selection: Selection
) -> AsyncIterator[Sequence[SequencedMessage]]:
    """The same of a source that keeps its messages elsewhere, up to its newest of now.

    TransportError, also when the source does not send again what it has.
    """
    source = selection.source
    announcement = (await transport.read(source, selection.from_seq - 1, wait=0)).announcement
    if announcement is None:
        return
    next_seq, head = max(selection.from_seq, announcement.oldest), announcement.head
    last = head if selection.to_seq is None else min(head, selection.to_seq)
    while next_seq <= last:
        messages = await _next(transport, source, next_seq)
        next_seq += len(messages)
        if selected := [
            one for one in messages if one.seq <= last and _is_selected(one, consumer, selection)
        ]:
            yield selected


async def _next(transport: Transport, source: str, next_seq: int) -> Sequence[SequencedMessage]:
    deadline, is_asked = monotonic() + _PATIENCE_SECONDS, False
    while True:
        read = await transport.read(source, next_seq - 1, wait=0)
        if messages := following(read.messages, next_seq):
            return messages
        if not is_asked:
            await transport.request_replay(source, next_seq)
            is_asked = True
        if monotonic() > deadline:
            raise TransportError(f"{source} does not send again what it has from number {next_seq} on")
        await asyncio.sleep(_PAUSE_SECONDS)


def _is_selected(message: SequencedMessage, consumer: str, selection: Selection) -> bool:
    occurred_at = metadata_from_json(message.meta).occurred_at
    return (
        message.recipient in (None, consumer)
        and (selection.types is None or message.type in selection.types)
        and (selection.since is None or occurred_at >= selection.since)
        and (selection.until is None or occurred_at <= selection.until)
    )
