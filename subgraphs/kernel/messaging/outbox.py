"""Messages are written where they happen: in the same transaction, beside the aggregate.

A message for everybody goes to the outbox, with a delivery for each consumer that is here. One for a single
consumer is a delivery alone, or goes to the outbox when its consumer lives elsewhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.messaging.integration import Envelope, checked_key, to_json
from subgraphs.kernel.messaging.registry import Stored
from subgraphs.kernel.messaging.subscriptions import Subscriptions
from subgraphs.kernel.store.locks import lock
from subgraphs.kernel.store.sequence import next_number
from subgraphs.kernel.store.tables import delivery, outbox

LARGEST_MESSAGE: Final = 1024 * 1024
"""In characters of JSON, metadata included. What is larger is a file; its name goes into a message."""


_PUBLISH: Final = insert(outbox).on_conflict_do_nothing(index_elements=["message_id"])
_DELIVER: Final = insert(delivery).on_conflict_do_nothing(index_elements=["consumer", "message_id"])


class MessageTooLargeError(ValueError):
    """A message is larger than databases and transports should be asked to carry."""


class RemoteTimerError(ValueError):
    """A timer for a consumer of another database: whoever waits keeps the time."""


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
) -> bool:
    """Write what one source published and sent; returns whether that gives anybody something to do.

    Comes last in its transaction. The keys are locked until it ends, so that what is written later under a
    key was also committed later, whichever aggregates the two transactions have changed.
    MessageTooLargeError, MessageKeyError, RemoteTimerError.
    """
    if not (published or sent):
        return False
    here = [
        Sent(replace(envelope, key=key), consumer, timedelta())
        for envelope in published
        for consumer, key in subscriptions.recipients_of(envelope)
    ]
    here += [one for one in sent if subscriptions.is_here(one.consumer)]
    leaving = [_outbox_row(envelope) for envelope in published]
    leaving += [_leaving_row(one) for one in sent if not subscriptions.is_here(one.consumer)]
    keys = (*(row["key"] for row in leaving), *(one.envelope.key for one in here))
    await lock(connection, (f"key:{key}" for key in keys))
    await _append(connection, leaving)
    await insert_deliveries(
        connection,
        (
            delivery_row(one.consumer, _row(one.envelope), due=one.envelope.meta.occurred_at, after=one.after)
            for one in here
        ),
    )
    return bool(here) or (bool(leaving) and subscriptions.hosted is not None)


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


def delivery_row(
    consumer: str, message: dict[str, Any], *, due: datetime, after: timedelta = timedelta()
) -> dict[str, Any]:
    """A message, as it is written, for one consumer."""
    return {
        **message,
        "consumer": consumer,
        "status": "timed" if after else "ready",
        "due": due + after,
        "token": 0,
        "attempts": 0,
        "crashes": 0,
    }


async def insert_deliveries(connection: AsyncConnection, rows: Iterable[dict[str, Any]]) -> None:
    """Deliver, in this order, what has not been delivered already."""
    if deliveries := list(rows):
        await connection.execute(_DELIVER, deliveries)


async def _append(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """What was sent under an id of its own is there once. A row that is not inserted must not have drawn a
    number: there would be a gap for ever."""
    if not rows:
        return
    known = set[str]()
    if any(row["recipient"] for row in rows):
        ids = [row["message_id"] for row in rows]
        known = set(await connection.scalars(select(outbox.c.message_id).where(outbox.c.message_id.in_(ids))))
    fresh = [row for row in rows if row["message_id"] not in known]
    if not fresh:
        return
    first = await next_number(connection, outbox, fresh[0]["source"])
    numbered = [{**row, "seq": None if first is None else first + index} for index, row in enumerate(fresh)]
    await connection.execute(_PUBLISH, numbered)


def _leaving_row(one: Sent) -> dict[str, Any]:
    if one.after:
        raise RemoteTimerError(f"{one.envelope.body.type} cannot wait on its way to {one.consumer}")
    return {**_outbox_row(one.envelope), "recipient": one.consumer}


def _outbox_row(envelope: Envelope[Any]) -> dict[str, Any]:
    return {**_row(envelope), "recipient": None, "created_at": envelope.meta.occurred_at}


def _row(envelope: Envelope[Any]) -> dict[str, Any]:
    body, meta = to_json(envelope.body), to_json(envelope.meta)
    if (size := len(body) + len(meta)) > LARGEST_MESSAGE:
        raise MessageTooLargeError(
            f"{envelope.body.type} has {size} characters, a message at most {LARGEST_MESSAGE}"
        )
    return {
        "source": envelope.source,
        "message_id": envelope.meta.message_id,
        "type": envelope.body.type,
        "schema_version": envelope.body.version,
        "key": checked_key(envelope.key),
        "data": body,
        "meta": meta,
    }
