"""The histories of event-sourced aggregates: a stream each, and one log of all in the order of their commits.

Nothing is ever changed or deleted here but the place in the log (store/sequence.py). `append` refuses to
continue a stream that is not where the writer thought it was, and may be repeated.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, Final, TypeAlias

import msgspec
import structlog
from sqlalchemy import ColumnElement, Row, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import DomainEvent, EventMetadata, RecordedEvent, UnknownEvent
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.registry import NewerVersionError, Registry, Stored, UnknownMessageError
from subgraphs.kernel.store.sequence import next_number
from subgraphs.kernel.store.tables import event as event_table
from subgraphs.kernel.store.versioned import ConcurrencyConflict

_log = structlog.stdlib.get_logger("subgraphs.events")

_ROWS_AT_A_TIME: Final = 500

_NEWEST: Final = select(func.max(event_table.c.version)).where(event_table.c.stream == bindparam("stream"))
_KNOWN: Final = (
    select(event_table.c.event_id, event_table.c.stream, event_table.c.version)
    .where(event_table.c.event_id.in_(bindparam("ids", expanding=True)))
    .order_by(event_table.c.version)
)


class Expected(Enum):
    """Where a stream may be, when its exact version does not matter."""

    ANYWHERE = auto()
    BEGUN = auto()


ExpectedVersion: TypeAlias = int | Expected
"""The number of the stream's newest event, 0 before the first; or what is enough to know of it."""


class EventIdReusedError(Exception):
    """An event id belongs to another event already: a mistake of whoever makes the ids."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be appended; the circumstances hold its id."""

    event: DomainEvent
    metadata: EventMetadata


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event in the log of its context; `seq` counts 1, 2, 3, ... without gaps."""

    seq: int
    stream: str
    recorded: RecordedEvent[DomainEvent]


class EventStore:
    """The streams of one context. `registry` knows its events."""

    def __init__(self, context: str, registry: Registry[DomainEvent]) -> None:
        self.context = context
        self._registry = registry

    async def append(
        self,
        connection: AsyncConnection,
        stream: str,
        events: Sequence[NewEvent],
        *,
        expected: ExpectedVersion,
    ) -> int:
        """Continue a stream; returns its new version.

        The same events again, by their ids, change nothing, wherever the stream is by now. Raises
        ConcurrencyConflict when the stream is not where it is expected; the transaction cannot go on then.
        Raises EventIdReusedError.
        """
        version = await self.version(connection, stream)
        if repeated := await self._repeated(connection, stream, events):
            return repeated
        match expected:
            case Expected.ANYWHERE:
                is_there = True
            case Expected.BEGUN:
                is_there = version > 0
            case int():
                is_there = version == expected
        if not is_there:
            raise ConcurrencyConflict(f"{stream} is at version {version}, not {expected}")
        first = await next_number(connection, event_table, self.context)
        rows = [
            self._row(stream, version + place, one, seq=None if first is None else first + place - 1)
            for place, one in enumerate(events, start=1)
        ]
        for start in range(0, len(rows), _ROWS_AT_A_TIME):
            batch = rows[start : start + _ROWS_AT_A_TIME]
            inserted = await connection.execute(insert(event_table).values(batch).on_conflict_do_nothing())
            if inserted.rowcount != len(batch):
                raise ConcurrencyConflict(f"{stream} has been continued from version {version} meanwhile")
        fault_point("events.appended")
        return version + len(rows)

    async def load(
        self,
        connection: AsyncConnection,
        stream: str,
        *,
        after: int = 0,
        upto: int | datetime | None = None,
    ) -> list[RecordedEvent[DomainEvent]]:
        """A stream's events after a version, up to another one (included) or as of an instant.

        As of an instant is a whole beginning of the stream, even if a clock once went backwards.
        """
        table = event_table.c
        conditions: list[ColumnElement[bool]] = [table.stream == stream, table.version > after]
        match upto:
            case int():
                conditions.append(table.version <= upto)
            case datetime():
                later = event_table.alias("later")
                first_later = (
                    select(func.min(later.c.version))
                    .where(later.c.stream == stream, later.c.recorded_at > upto)
                    .scalar_subquery()
                )
                conditions.append(func.coalesce(table.version < first_later, True))
            case None:
                pass
        rows = await connection.execute(select(event_table).where(*conditions).order_by(table.version))
        return [self._recorded(row) for row in rows]

    async def load_many(
        self, connection: AsyncConnection, streams: Collection[str]
    ) -> dict[str, list[RecordedEvent[DomainEvent]]]:
        """The whole histories of many streams, by one statement; empty streams are missing."""
        rows = await connection.execute(
            select(event_table)
            .where(event_table.c.stream.in_(streams))
            .order_by(event_table.c.stream, event_table.c.version)
        )
        histories: dict[str, list[RecordedEvent[DomainEvent]]] = {}
        for row in rows:
            histories.setdefault(row.stream, []).append(self._recorded(row))
        return histories

    async def version(self, connection: AsyncConnection, stream: str) -> int:
        """The number of a stream's newest event; 0 when it has none."""
        return await connection.scalar(_NEWEST, {"stream": stream}) or 0

    async def read_log(
        self, connection: AsyncConnection, *, after: int = 0, limit: int = 500
    ) -> list[LoggedEvent]:
        """The context's events after a place in its log. What comes later never has an earlier place."""
        rows = await connection.execute(
            select(event_table)
            .where(event_table.c.source == self.context, event_table.c.seq > after)
            .order_by(event_table.c.seq)
            .limit(limit)
        )
        return [LoggedEvent(row.seq, row.stream, self._recorded(row)) for row in rows]

    async def _repeated(
        self, connection: AsyncConnection, stream: str, events: Sequence[NewEvent]
    ) -> int | None:
        """The version after these events when they are stored already, None when all of them are new."""
        ids = [one.metadata.event_id for one in events]
        rows = await connection.execute(_KNOWN, {"ids": ids})
        known = [tuple(row) for row in rows]
        if not known:
            return None
        begin: int = known[0][2]
        if known != [(id_, stream, begin + place) for place, id_ in enumerate(ids)]:
            raise EventIdReusedError(f"{stream}: ids of other events, or of some of these")
        return begin + len(ids) - 1

    def _row(self, stream: str, version: int, new: NewEvent, *, seq: int | None) -> dict[str, Any]:
        stored = self._registry.encode(new.event)
        return {
            "source": self.context,
            "seq": seq,
            "stream": stream,
            "version": version,
            "type": stored.type,
            "schema_version": stored.version,
            "event_id": new.metadata.event_id,
            "data": stored.data,
            "meta": msgspec.json.encode(new.metadata).decode(),
            "recorded_at": new.metadata.occurred_at,
        }

    def _recorded(self, row: Row[Any]) -> RecordedEvent[DomainEvent]:
        metadata = msgspec.json.decode(row.meta, type=EventMetadata)
        try:
            event = self._registry.decode(Stored(row.type, row.schema_version, row.data))
        except NewerVersionError:
            raise  # its meaning has changed: to go on without it would be to decide on a wrong state
        except UnknownMessageError:
            _log.warning("unknown event", name=row.type, stream=row.stream, version=row.version)
            event = UnknownEvent(row.type, row.data)
        return RecordedEvent(event, row.version, metadata)
