"""What nobody needs any more, and deleting it in batches that hold up nobody for long.

Who deletes the end of a log would begin it anew, and who forgets that a message was handled would handle it
again: what may go, and in which order, is a matter of correctness. Never deleted: events, snapshots, sagas,
messages that are not handled, and dead letters.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, Table, delete, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.store.sequence import label_of
from subgraphs.kernel.store.tables import (
    audit,
    delivery,
    finished,
    idempotency,
    outbox,
    projection,
    projection_position,
    withdrawal,
)

Old: TypeAlias = Callable[[int | None], Select[tuple[object, ...]]]
"""Selects the keys of what may go: among the oldest so many rows, or among all."""


@dataclass(frozen=True, slots=True)
class Prunable:
    """What may go of one table. `what` says it to people."""

    what: str
    table: Table
    old: Old

    async def count(self, connection: AsyncConnection) -> int:
        """How many rows may go."""
        return await connection.scalar(select(func.count()).select_from(self.old(None).subquery())) or 0

    async def prune(self, connection: AsyncConnection, *, limit: int) -> int:
        """Delete some of them, at most `limit`; returns how many."""
        keys: Sequence[ColumnElement[object]] = list(self.table.primary_key)
        deleted = await connection.execute(delete(self.table).where(tuple_(*keys).in_(self.old(limit))))
        return deleted.rowcount


async def sources(connection: AsyncConnection) -> tuple[str, ...]:
    """Who has published anything that is kept, sorted; by looks at an index, not at the whole outbox."""
    found: list[str] = []
    following = select(func.min(outbox.c.source))
    while (source := await connection.scalar(following)) is not None:
        found.append(source)
        following = select(func.min(outbox.c.source)).where(outbox.c.source > source)
    return tuple(found)


def published(source: str, *, before: datetime) -> Prunable:
    """What a source published before an instant: a whole beginning of its log.

    The newest message stays, whatever its age: the next one's number is counted from it. So does what a read
    model that follows it has not read yet.
    """

    def old(limit: int | None) -> Select[tuple[object, ...]]:
        log = outbox.c
        newest = select(func.max(log.seq)).where(log.source == source).scalar_subquery()
        read = (
            select(func.min(projection_position.c.seq))
            .join(
                projection,
                (projection.c.name == projection_position.c.name)
                & (projection.c.generation == projection_position.c.generation),
            )
            .where(
                projection_position.c.source == label_of(outbox, source),
                projection.c.status.in_(("live", "building")),
            )
            .scalar_subquery()
        )
        oldest = (
            select(log.pos, log.created_at)
            .where(log.source == source, log.seq < newest, log.seq <= func.coalesce(read, newest))
            .order_by(log.seq)
            .limit(limit)
            .subquery()
        )
        return select(oldest.c.pos).where(oldest.c.created_at < before)

    return Prunable(f"messages published by {source}", outbox, old)


def handled(*, before: datetime) -> Prunable:
    """Messages that were handled, or let go, and were due before an instant.

    As long as a message is in the outbox it can be replayed, and its consumers must know that they know it.
    """

    def old(limit: int | None) -> Select[tuple[object, ...]]:
        is_published = exists().where(outbox.c.message_id == delivery.c.message_id)
        oldest = (
            select(delivery.c.id)
            .where(finished(delivery), delivery.c.due < before, ~is_published)
            .order_by(delivery.c.due)
            .limit(limit)
            .subquery()
        )
        return select(oldest.c.id)

    return Prunable("messages handled", delivery, old)


def expired_keys(*, now: datetime) -> Prunable:
    """Idempotency keys whose time is over: asked again, they are new."""

    def old(limit: int | None) -> Select[tuple[object, ...]]:
        keys = idempotency.c
        oldest = (
            select(keys.scope, keys.key)
            .where(keys.expires_at <= now)
            .order_by(keys.expires_at)
            .limit(limit)
            .subquery()
        )
        return select(oldest.c.scope, oldest.c.key)

    return Prunable("idempotency keys", idempotency, old)


def withdrawn(*, now: datetime) -> Prunable:
    """Withdrawals of access tokens that have expired."""

    def old(limit: int | None) -> Select[tuple[object, ...]]:
        rows = withdrawal.c
        oldest = (
            select(rows.id).where(rows.until <= now).order_by(rows.until, rows.id).limit(limit).subquery()
        )
        return select(oldest.c.id)

    return Prunable("withdrawals of tokens", withdrawal, old)


def audited(*, before: datetime) -> Prunable:
    """What people did before an instant."""

    def old(limit: int | None) -> Select[tuple[object, ...]]:
        oldest = select(audit.c.pos, audit.c.at).order_by(audit.c.pos).limit(limit).subquery()
        return select(oldest.c.pos).where(oldest.c.at < before)

    return Prunable("audit entries", audit, old)
