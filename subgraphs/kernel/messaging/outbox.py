"""Messages are written where they happen: in the same transaction, beside the aggregate."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.messaging.integration import Envelope, to_json
from subgraphs.kernel.messaging.subscriptions import Subscriptions
from subgraphs.kernel.store.tables import delivery, outbox


async def write_messages(
    connection: AsyncConnection, envelopes: Sequence[Envelope[Any]], subscriptions: Subscriptions
) -> int:
    """Append messages of one source to the outbox, and a delivery for each consumer; returns how many.

    The sequence is dense because a database with one writer cannot have two transactions at this line.
    """
    if not envelopes:
        return 0
    source = envelopes[0].source
    last = await connection.scalar(select(func.max(outbox.c.seq)).where(outbox.c.source == source))
    rows = [_row(envelope) for envelope in envelopes]
    await connection.execute(
        insert(outbox),
        [
            {**row, "seq": seq, "created_at": envelope.meta.occurred_at}
            for seq, (row, envelope) in enumerate(zip(rows, envelopes, strict=True), start=(last or 0) + 1)
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
