"""The generations of a read model, as they are stored: made, moved on, switched to, stopped and dropped."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.projections.definition import Projection
from subgraphs.kernel.projections.generation import Generation, Status, Stop, Suspicion, to_read
from subgraphs.kernel.projections.sources import Position, is_whole
from subgraphs.kernel.projections.tables import Tables, drop_tables
from subgraphs.kernel.store.tables import projection as table
from subgraphs.kernel.store.tables import projection_position as positions

REBUILD_RUNNING: Final = DomainError(
    "REBUILD_RUNNING", "A new generation is being built already: wait for it, or cancel it"
)
NEWER_IS_LIVE: Final = DomainError(
    "NEWER_IS_LIVE", "What is read was made by a newer version of the program: build it with that"
)
LOG_INCOMPLETE: Final = DomainError(
    "LOG_INCOMPLETE", "The beginning of a log is no longer kept: nothing can be built from what is left"
)


async def load(connection: AsyncConnection, name: str) -> tuple[Generation, ...]:
    """All generations of a read model, the oldest first."""
    rows = await connection.execute(select(table).where(table.c.name == name).order_by(table.c.generation))
    read = await connection.execute(
        select(positions.c.generation, positions.c.source, positions.c.seq).where(positions.c.name == name)
    )
    by_generation: dict[int, dict[str, Position]] = {}
    for number, source, seq in read:
        by_generation.setdefault(number, {})[source] = seq
    return tuple(_generation(row, by_generation.get(row.generation, {})) for row in rows)


async def find(connection: AsyncConnection, name: str, number: int) -> Generation:
    """One generation that there is."""
    return next(one for one in await load(connection, name) if one.number == number)


async def live_tables(connection: AsyncConnection, projection: Projection) -> Tables:
    """The tables to read, in the transaction that reads them: no switch can come in between.

    RuntimeError before `migrate` has made them.
    """
    rows = await connection.execute(
        select(table).where(table.c.name == projection.name, table.c.status.in_(["live", "retired"]))
    )
    found = to_read([_generation(row, {}) for row in rows], projection.version)
    if found is None:
        raise RuntimeError(f"{projection.name} has no tables yet: migrate first")
    return projection.tables(found.number)


async def state_of(connection: AsyncConnection, projection: Projection) -> str:
    """The same for as long as nothing changes in the tables that are read: which generation that is, and how
    far it has read its logs. RuntimeError before `migrate` has made them."""
    known = await load(connection, projection.name)
    read = to_read([one for one in known if one.status in (Status.LIVE, Status.RETIRED)], projection.version)
    if read is None:
        raise RuntimeError(f"{projection.name} has no tables yet: migrate first")
    return ":".join([str(read.number), *(f"{label}={seq}" for label, seq in sorted(read.positions.items()))])


async def create(
    connection: AsyncConnection, projection: Projection, *, status: Status, now: datetime
) -> int:
    """A new generation with empty tables at the beginning of its logs; returns its number."""
    known = await load(connection, projection.name)
    number = max((one.number for one in known), default=0) + 1
    tables = projection.tables(number)
    await tables.create(connection)
    await connection.execute(
        insert(table).values(
            name=projection.name,
            generation=number,
            version=projection.version,
            status=status,
            since=now,
            tables=json.dumps(tables.names),
        )
    )
    await move(connection, projection.name, number, {source.label: 0 for source in projection.sources})
    fault_point("projection.created")
    return number


async def missing(connection: AsyncConnection, projections: Iterable[Projection]) -> tuple[Projection, ...]:
    """The read models of which there is no generation at all."""
    known = set(await connection.scalars(select(table.c.name).distinct()))
    return tuple(one for one in projections if one.name not in known)


async def create_missing(
    connection: AsyncConnection, projections: Iterable[Projection], *, now: datetime
) -> tuple[str, ...]:
    """A first generation, read at once, of every read model that has none; returns the names of those."""
    made = await missing(connection, projections)
    for one in made:
        await create(connection, one, status=Status.LIVE, now=now)
    return tuple(one.name for one in made)


async def begin(
    connection: AsyncConnection, projection: Projection, *, now: datetime
) -> Result[int, DomainError]:
    """Begin to build a new generation, to be read when it has caught up; returns its number.

    The caller holds the lock. REBUILD_RUNNING, NEWER_IS_LIVE or LOG_INCOMPLETE.
    """
    known = await load(connection, projection.name)
    if any(one.status is Status.BUILDING for one in known):
        return Failure(REBUILD_RUNNING)
    if any(one.status is Status.LIVE and one.version > projection.version for one in known):
        return Failure(NEWER_IS_LIVE)
    for source in projection.sources:
        if not await is_whole(connection, source):
            return Failure(LOG_INCOMPLETE)
    return Success(await create(connection, projection, status=Status.BUILDING, now=now))


async def switch(connection: AsyncConnection, to: Generation, *, now: datetime) -> None:
    """Have a generation read from now on, and keep the one that was; the caller holds the lock."""
    for one in await load(connection, to.name):
        if one.status is Status.LIVE:
            await set_status(connection, one, Status.RETIRED, now=now)
    await set_status(connection, to, Status.LIVE, now=now)


async def move(connection: AsyncConnection, name: str, generation: int, to: Mapping[str, Position]) -> None:
    """Note how far a generation has read its logs, in the transaction in which it applied what it read."""
    if not to:
        return
    rows = upsert(positions).values(
        [{"name": name, "generation": generation, "source": source, "seq": seq} for source, seq in to.items()]
    )
    await connection.execute(
        rows.on_conflict_do_update(
            index_elements=["name", "generation", "source"], set_={"seq": rows.excluded.seq}
        )
    )


async def drop(connection: AsyncConnection, generation: Generation, *, now: datetime) -> None:
    """Drop a generation's tables; its number is never used again. The caller holds the lock."""
    await drop_tables(connection, generation.tables)
    await set_status(connection, generation, Status.DROPPED, now=now)


async def set_status(
    connection: AsyncConnection, generation: Generation, status: Status, *, now: datetime
) -> None:
    await _change(connection, generation, status=status, since=now)


async def stop(connection: AsyncConnection, generation: Generation, why: Stop) -> None:
    """Note that a generation cannot go on."""
    await _change(
        connection,
        generation,
        failed_source=why.source,
        failed_seq=why.seq,
        error=why.error,
        failed_at=why.at,
    )


async def suspect(connection: AsyncConnection, generation: Generation, suspicion: Suspicion) -> None:
    """Note who applies entries, and what came of those who did."""
    await _change(
        connection,
        generation,
        runner=suspicion.runner,
        under_way=suspicion.is_under_way,
        suspects=suspicion.suspects,
        crashes=suspicion.crashes,
    )


async def go_on(connection: AsyncConnection, generation: Generation) -> None:
    """Forget why a generation was stopped."""
    await _change(connection, generation, failed_source=None, failed_seq=None, error=None, failed_at=None)
    await suspect(connection, generation, generation.suspicion.acquitted())


async def _change(connection: AsyncConnection, generation: Generation, **values: Any) -> None:
    await connection.execute(
        update(table)
        .where(table.c.name == generation.name, table.c.generation == generation.number)
        .values(**values)
    )


def lock_name(name: str) -> str:
    """The lock of whoever changes anything about a read model: one at a time."""
    return f"projection:{name}"


def _generation(row: Row[Any], read: Mapping[str, Position]) -> Generation:
    stopped = None
    if row.error is not None:
        stopped = Stop(row.failed_source, row.failed_seq, row.error, row.failed_at)
    return Generation(
        row.name,
        row.generation,
        row.version,
        Status(row.status),
        row.since,
        tuple(json.loads(row.tables)),
        stopped,
        read,
        Suspicion(row.runner, row.under_way, row.suspects, row.crashes),
    )
