"""Messages are written where they happen: in the same transaction, beside the aggregate."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.messaging.integration import Envelope, to_json
from subgraphs.kernel.messaging.registry import Stored
from subgraphs.kernel.messaging.subscriptions import Subscriptions
from subgraphs.kernel.store.locks import lock
from subgraphs.kernel.store.sequence import next_number
from subgraphs.kernel.store.tables import delivery, outbox


@dataclass(frozen=True, slots=True)
class Sent:
    """A message for one consumer, to be handled `after` so long."""

    envelope: Envelope[Any]
    consumer: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class Published:
    """A message in the log of its source; `seq` counts 1, 2, 3, ... without gaps."""

    seq: int
    message_id: str
    key: str
    stored: Stored
    created_at: datetime


async def write_messages(
    connection: AsyncConnection,
    published: Sequence[Envelope[Any]],
    sent: Sequence[Sent],
    subscriptions: Subscriptions,
) -> int:
    """Append what one source published to the outbox, with a delivery for each consumer, and deliver what it
    sent; returns how many deliveries there are.

    Comes last in its transaction. The keys are locked until it ends, so that what is written later under a
    key was also committed later, whichever aggregates the two transactions have changed.
    """
    if not (published or sent):
        return 0
    received = [
        Sent(replace(envelope, key=key), consumer, timedelta())
        for envelope in published
        for consumer, key in subscriptions.recipients_of(envelope)
    ]
    envelopes = (*published, *(one.envelope for one in (*received, *sent)))
    await lock(connection, (f"key:{one.key}" for one in envelopes))
    if published:
        await _append(connection, published)
    deliveries = [_delivery(one.envelope, one.consumer, one.after) for one in (*received, *sent)]
    if deliveries:
        await connection.execute(
            insert(delivery).on_conflict_do_nothing(index_elements=["consumer", "message_id"]), deliveries
        )
    return len(deliveries)


async def read_log(
    connection: AsyncConnection, source: str, *, after: int = 0, limit: int = 500
) -> list[Published]:
    """What a source published after a place in its log. What comes later never has an earlier place."""
    rows = await connection.execute(
        select(
            outbox.c.seq,
            outbox.c.message_id,
            outbox.c.key,
            outbox.c.type,
            outbox.c.schema_version,
            outbox.c.data,
            outbox.c.created_at,
        )
        .where(outbox.c.source == source, outbox.c.seq > after)
        .order_by(outbox.c.seq)
        .limit(limit)
    )
    return [
        Published(
            row.seq,
            row.message_id,
            row.key,
            Stored(row.type, row.schema_version, row.data),
            row.created_at,
        )
        for row in rows
    ]


async def _append(connection: AsyncConnection, published: Sequence[Envelope[Any]]) -> None:
    first = await next_number(connection, outbox, published[0].source)
    rows = [
        {
            **_row(envelope),
            "seq": None if first is None else first + index,
            "created_at": envelope.meta.occurred_at,
        }
        for index, envelope in enumerate(published)
    ]
    await connection.execute(insert(outbox), rows)


def _delivery(envelope: Envelope[Any], consumer: str, after: timedelta) -> dict[str, Any]:
    return {
        **_row(envelope),
        "consumer": consumer,
        "status": "timed" if after else "ready",
        "due": envelope.meta.occurred_at + after,
        "token": 0,
        "attempts": 0,
        "crashes": 0,
    }


def _row(envelope: Envelope[Any]) -> dict[str, Any]:
    return {
        "source": envelope.source,
        "message_id": envelope.meta.message_id,
        "type": envelope.body.type,
        "schema_version": envelope.body.version,
        "key": envelope.key,
        "data": to_json(envelope.body),
        "meta": to_json(envelope.meta),
    }
