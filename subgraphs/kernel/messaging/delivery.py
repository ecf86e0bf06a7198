"""What was claimed, and what becomes of it: finished, failed, put off, given back.

A claim (messaging/claims.py) raises a message's token; only the holder of the newest token may finish it
(fencing), so that a worker which was thought dead cannot do harm when it comes back. A worker that was only
thought dead takes the accusation back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.store.tables import delivery, leased, unfinished


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed message."""

    id: int
    token: int
    consumer: str
    message_id: str
    source: str
    key: str
    type: str
    schema_version: int
    data: str
    meta: str
    attempts: int
    crashes: int
    losses: int


async def is_ready(connection: AsyncConnection, consumer: str, key: str, *, due_by: datetime) -> bool:
    """Whether there is a message of this consumer and key, no timer, that was due by then."""
    ready = exists().where(
        delivery.c.consumer == consumer,
        delivery.c.key == key,
        unfinished(delivery),
        delivery.c.status == "ready",
        delivery.c.due <= due_by,
    )
    return bool(await connection.scalar(select(ready)))


async def finish(connection: AsyncConnection, claimed: Delivery, *, forget: bool = False) -> bool:
    """Mark a message as handled, in its handler's transaction, and `forget` what it says. False when another
    worker holds it now."""
    said = {"data": "null"} if forget else {}
    return await _settle(connection, claimed, status="done", lease_until=None, last_error=None, **said)


async def retry_at(connection: AsyncConnection, claimed: Delivery, due: datetime, error: str) -> bool:
    """Record a failure, to be tried again at `due`."""
    return await _settle(
        connection,
        claimed,
        status="ready",
        due=due,
        lease_until=None,
        attempts=claimed.attempts + 1,
        crashes=0,
        losses=0,
        last_error=error,
    )


async def postpone(connection: AsyncConnection, claimed: Delivery, due: datetime, reason: str) -> bool:
    """To be tried again at `due`; not a failure of the message. Its losses are stored as it has them."""
    return await _settle(
        connection,
        claimed,
        status="ready",
        due=due,
        lease_until=None,
        crashes=0,
        losses=claimed.losses,
        last_error=reason,
    )


async def extend(connection: AsyncConnection, claimed: Sequence[Delivery], *, lease_until: datetime) -> None:
    """Keep what was claimed for longer, as far as it is still held."""
    for one in claimed:
        await _settle(connection, one, lease_until=lease_until)


async def bury(connection: AsyncConnection, claimed: Delivery, error: str, *, skip: bool) -> bool:
    """Give a message up: it is kept, and holds back the later ones of its key unless they may `skip` it."""
    return await _settle(
        connection,
        claimed,
        status="parked" if skip else "dead",
        lease_until=None,
        attempts=claimed.attempts + 1,
        last_error=error,
    )


async def set_aside(connection: AsyncConnection, claimed: Delivery, reason: str) -> bool:
    """Leave a message to a newer program. That costs it no attempt."""
    return await _settle(
        connection, claimed, status="unknown", lease_until=None, crashes=0, last_error=reason
    )


async def release(connection: AsyncConnection, claimed: Sequence[Delivery]) -> None:
    """Give back messages that were claimed and not handled: their worker lives, they have not killed it."""
    for one in claimed:
        crashes = max(0, one.crashes - 1)
        await _settle(connection, one, status="ready", lease_until=None, crashes=crashes, losses=one.losses)


async def acquit(connection: AsyncConnection, claimed: Delivery) -> None:
    """Take back that a message was thought to have killed its worker, which has lost its lease, and lives."""
    await connection.execute(
        update(delivery)
        .where(
            delivery.c.id == claimed.id,
            delivery.c.token > claimed.token,
            delivery.c.crashes > 0,
            leased(delivery),
        )
        .values(crashes=delivery.c.crashes - 1)
    )


async def _settle(connection: AsyncConnection, claimed: Delivery, **values: Any) -> bool:
    held = {"held_id": claimed.id, "held_token": claimed.token}
    result = await connection.execute(_SETTLE, {**values, **held})
    return bool(result.rowcount == 1)


# Asked for every message: to write the statement down costs more than to run it.
_SETTLE: Final = update(delivery).where(
    delivery.c.id == bindparam("held_id"),
    delivery.c.token == bindparam("held_token"),
    delivery.c.status == "leased",
)
