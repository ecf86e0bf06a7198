"""Messages are written where they happen: in the same transaction, beside the aggregate."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.messaging.integration import Envelope, to_json
from subgraphs.kernel.messaging.subscriptions import Subscriptions
from subgraphs.kernel.store.locks import lock
from subgraphs.kernel.store.sequence import next_number
from subgraphs.kernel.store.tables import delivery, outbox


async def write_messages(
    connection: AsyncConnection, envelopes: Sequence[Envelope[Any]], subscriptions: Subscriptions
) -> int:
    """Append messages of one source to the outbox, and a delivery for each consumer; returns how many.

    Comes last in its transaction. The keys are locked until it ends, so that what is written later under a
    key was also committed later, whichever aggregates the two transactions have changed.
    """
    if not envelopes:
        return 0
    source = envelopes[0].source
    await lock(connection, (f"key:{envelope.key}" for envelope in envelopes))
    first = await next_number(connection, outbox, source)
    rows = [_row(envelope) for envelope in envelopes]
    await connection.execute(
        insert(outbox),
        [
            {
                **row,
                "seq": None if first is None else first + index,
                "created_at": envelope.meta.occurred_at,
            }
            for index, (row, envelope) in enumerate(zip(rows, envelopes, strict=True))
        ],
    )
    deliveries = [
        {
            **row,
            "consumer": consumer,
            "status": "ready",
            "due": envelope.meta.occurred_at,
            "token": 0,
            "attempts": 0,
            "crashes": 0,
        }
        for row, envelope in zip(rows, envelopes, strict=True)
        for consumer in subscriptions.consumers_of(envelope.body)
    ]
    if deliveries:
        await connection.execute(insert(delivery), deliveries)
    return len(deliveries)


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
