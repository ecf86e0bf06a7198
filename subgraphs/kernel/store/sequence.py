"""A log's order: dense numbers per source, in which no row can appear behind a reader's back.

A counter that is drawn while a transaction is open is no order: a transaction that commits late leaves a row
below what a reader has passed already, and one that is rolled back leaves a gap for ever. SQLite has one
writer, so a row is numbered as it is written. On PostgreSQL rows are written without a number, and one leader
at a time numbers what is committed, by position. Order within a stream or key holds, because its next row
can only be written when the row before is committed: by the version check of a stream, or the lock of a key.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, Table, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.store.locks import try_lock
from subgraphs.kernel.store.tables import unnumbered


def label_of(log: Table, source: str) -> str:
    """What a source's log is called where somebody notes how far it is read; it never changes."""
    return f"{log.name.removeprefix('kernel_')}:{source}"


async def next_number(connection: AsyncConnection, log: Table, source: str) -> int | None:
    """The number of the source's next row, or None where rows are numbered after their commit."""
    if connection.dialect.name == "postgresql":
        return None
    return (await connection.scalar(_last_number(log), {"source": source}) or 0) + 1


@cache
def _last_number(log: Table) -> Select[int]:
    return select(func.max(log.c.seq)).where(log.c.source == bindparam("source"))


@dataclass(frozen=True, slots=True)
class Unnumbered:
    """What of a log is committed, and not in its order yet."""

    rows: int = 0
    oldest: datetime | None = None


async def count_unnumbered(connection: AsyncConnection, log: Table) -> Unnumbered:
    """What the sequencer has still to do."""
    since = log.c.recorded_at if "recorded_at" in log.c else log.c.created_at
    rows = await connection.execute(select(func.count(), func.min(since)).where(unnumbered(log)))
    return Unnumbered(*rows.one())


async def number_rows(connection: AsyncConnection, log: Table, *, limit: int = 1000) -> int:
    """Number committed rows, oldest first. Returns how many: 0 also when somebody else is at it."""
    if not await try_lock(connection, f"sequence:{log.name}"):
        return 0
    fresh = select(log.c.pos, log.c.source).where(unnumbered(log)).order_by(log.c.pos).limit(limit).subquery()
    last = select(func.max(log.c.seq)).where(log.c.source == fresh.c.source).scalar_subquery()
    place = func.row_number().over(partition_by=fresh.c.source, order_by=fresh.c.pos)
    numbered = select(fresh.c.pos, (func.coalesce(last, 0) + place).label("seq")).subquery()
    result = await connection.execute(
        update(log).where(log.c.pos == numbered.c.pos).values(seq=numbered.c.seq)
    )
    return result.rowcount
