"""Read your writes: a state of the database in which a read model includes what somebody has written.

A version names events and messages by their ids. A read model includes a message when it has read the log in
which that was published so far; or when the consumer that leads to it has handled the message, and the logs
that the read model follows are read as far as they reached then.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from time import monotonic
from typing import Any, Final

from sqlalchemy import Column, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.version import Version
from subgraphs.kernel.projections import generations
from subgraphs.kernel.projections.definition import Projection
from subgraphs.kernel.projections.generation import to_read
from subgraphs.kernel.projections.sources import Position, Source
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.hints import Hints
from subgraphs.kernel.store.sequence import label_of
from subgraphs.kernel.store.tables import delivery, event, outbox, unnumbered

_LOOK_EVERY_SECONDS: Final = 0.05  # what another process has projected comes without a hint


class Progress(Enum):
    """Whether a read model includes a version."""

    INCLUDED = auto()
    COMING = auto()
    STUCK = auto()  # somebody has to do something first


@dataclass(frozen=True, slots=True)
class Need:
    """A read model must have read a log up to `upto`; None when that has no number yet."""

    label: str
    upto: Position | None


def progress(needs: Iterable[Need | Progress], read: Mapping[str, Position], *, is_stopped: bool) -> Progress:
    """Whether all that is needed is read, or at least may come."""
    missing = [
        one
        for one in needs
        if (one is not Progress.INCLUDED)
        and not (isinstance(one, Need) and one.upto is not None and read.get(one.label, 0) >= one.upto)
    ]
    if not missing:
        return Progress.INCLUDED
    return Progress.STUCK if is_stopped or Progress.STUCK in missing else Progress.COMING


class Freshness:
    """Opens snapshots, waiting up to `patience` for one that includes a version."""

    def __init__(self, database: Database, projected: Hints, *, patience: timedelta) -> None:
        self._database = database
        self._projected = projected
        self._patience = patience.total_seconds()

    @asynccontextmanager
    async def reading(
        self, projection: Projection, version: Version, *, since: float | None = None
    ) -> AsyncIterator[tuple[AsyncConnection, bool]]:
        """A snapshot to read from, and whether it is stale: it does not include the version, in spite of
        all patience. That began `since` a reading of the monotonic clock, or begins now."""
        watch = _Watch(projection, version)
        deadline = (monotonic() if since is None else since) + self._patience
        with self._projected.listener() as told:
            while True:
                told.clear()
                async with self._database.read() as connection:
                    seen, left = await watch.look(connection), deadline - monotonic()
                    if seen is not Progress.COMING or left <= 0:
                        yield connection, seen is not Progress.INCLUDED
                        return
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(left, _LOOK_EVERY_SECONDS)):
                        await told.wait()


class _Watch:
    """Looks for one version in one read model, again and again."""

    def __init__(self, projection: Projection, version: Version) -> None:
        self._projection = projection
        self._version = version
        self._sources = {source.label: source for source in projection.sources}
        self._reached: dict[str, int] | None = None

    async def look(self, connection: AsyncConnection) -> Progress:
        known = await generations.load(connection, self._projection.name)
        generation = to_read(known, self._projection.version)
        if generation is None:
            return Progress.STUCK
        needs = await self._needs(connection)
        return progress(needs, generation.positions, is_stopped=generation.stopped is not None)

    async def _needs(self, connection: AsyncConnection) -> list[Need | Progress]:
        needs = [
            *await self._logged(connection, event, event.c.event_id, self._version.events),
            *await self._logged(connection, outbox, outbox.c.message_id, self._version.messages),
        ]
        if self._projection.through:
            needs += await self._handled(connection)
            if Progress.COMING not in needs:
                needs += await self._effects(connection)
        return needs

    async def _logged(
        self, connection: AsyncConnection, log: Table, id_: Column[Any], wanted: tuple[str, ...]
    ) -> list[Need | Progress]:
        """How far a log of this database must be read to include these entries."""
        rows = (await connection.execute(select(log.c.source, log.c.seq).where(id_.in_(wanted)))).all()
        needs: list[Need | Progress] = [
            Need(label, row.seq) for row in rows if (label := label_of(log, row.source)) in self._sources
        ]
        # What is not there was never committed here; a message may come from another database yet.
        is_lost = len(rows) < len(wanted) and not (log is outbox and self._projection.through)
        return [*needs, Progress.STUCK] if is_lost else needs

    async def _handled(self, connection: AsyncConnection) -> list[Need | Progress]:
        """Whether the consumers have done all that they will ever do about the messages."""
        wanted = self._version.messages
        rows = await connection.execute(
            select(delivery.c.message_id, delivery.c.status).where(
                delivery.c.consumer.in_(self._projection.through), delivery.c.message_id.in_(wanted)
            )
        )
        statuses = [tuple(row) for row in rows]
        published = await connection.scalars(
            select(outbox.c.message_id).where(outbox.c.message_id.in_(wanted))
        )
        on_their_way = set(wanted) - set(published) - {message_id for message_id, _ in statuses}
        return [
            *(_progress_of(status) for _, status in statuses),
            *(Progress.COMING for _ in on_their_way),
        ]

    async def _effects(self, connection: AsyncConnection) -> list[Need | Progress]:
        """How far all logs must be read to include what the consumers have done.

        That is everything that was there when they were first seen to be done, also what had no number yet.
        """
        if self._reached is None:
            self._reached = {
                label: await connection.scalar(
                    select(func.max(source.log.c.pos)).where(source.log.c.source == source.context)
                )
                or 0
                for label, source in self._sources.items()
            }
        return [
            Need(label, await _place_of(connection, source, self._reached[label]))
            for label, source in self._sources.items()
        ]


def _progress_of(delivery_status: str) -> Progress:
    match delivery_status:
        case "done" | "dropped":
            return Progress.INCLUDED
        case "dead" | "parked":
            return Progress.STUCK
        case _:
            return Progress.COMING


async def _place_of(connection: AsyncConnection, source: Source, reached: int) -> Position | None:
    """The greatest number of the rows up to a position; None while one of them has none."""
    columns = source.log.c
    rows = (columns.source == source.context, columns.pos <= reached)
    if await connection.scalar(select(columns.pos).where(*rows, unnumbered(source.log)).limit(1)):
        return None
    greatest = select(columns.seq).where(*rows).order_by(columns.seq.desc()).limit(1)
    return await connection.scalar(greatest) or 0
