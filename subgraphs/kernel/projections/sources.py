"""The logs that read models follow: a context's events, and what it has told the other contexts.

Both are numbered without gaps in the order of the commits (store/sequence.py): who has read one up to a
number has missed nothing before it. Nothing is promised about the order between two logs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Column, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import DomainEvent
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.outbox import read_log
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.store.event_store import EventStore, LoggedEvent
from subgraphs.kernel.store.sequence import label_of
from subgraphs.kernel.store.tables import event, outbox

E = TypeVar("E", bound=DomainEvent | IntegrationEvent, covariant=True)

Position = int
"""How far a log is read: the number of the newest entry read, 0 at the beginning."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[E]):
    """An event in its log. `key` is the stream of a domain event, the key of an integration event."""

    seq: int
    id: str
    key: str
    event: E
    occurred_at: datetime


class MissingEntriesError(Exception):
    """A log does not go on where it was left, or no longer has its beginning."""


class Source(Protocol):
    """One log of one context. `label` is stored beside positions and never changes."""

    @property
    def label(self) -> str: ...
    @property
    def context(self) -> str: ...
    @property
    def log(self) -> Table: ...
    @property
    def recorded_at(self) -> Column[Any]: ...

    async def read(self, connection: AsyncConnection, what: "Reading") -> "Batch":
        """The next entries. MissingEntriesError, and what decoding raises."""
        ...


@dataclass(frozen=True, slots=True)
class Batch:
    """Some entries of one log: all that are wanted up to the number `upto`."""

    entries: tuple[Entry[Any], ...]
    upto: Position
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is to be read of a log: so many entries after a position.

    Those of classes that are not `wanted` may be left out. `registry` decodes integration events.
    """

    after: Position
    limit: int
    wanted: Sequence[type[Any]]
    registry: Registry[IntegrationEvent]

    def answer(self, label: str, numbers: Sequence[Position], entries: Iterable[Entry[Any]]) -> Batch:
        """What was found: rows of these numbers, and the entries among them. MissingEntriesError."""
        upto = self.after + len(numbers)
        if numbers and (numbers[0], numbers[-1]) != (self.after + 1, upto):
            raise MissingEntriesError(f"{label} is read up to {self.after}, and goes on with {numbers[0]}")
        return Batch(tuple(entries), upto, is_last=len(numbers) < self.limit)


@dataclass(frozen=True, slots=True)
class EventLog:
    """The domain events of a context, kept for ever."""

    store: EventStore

    @property
    def label(self) -> str:
        return label_of(self.log, self.context)

    @property
    def context(self) -> str:
        return self.store.context

    @property
    def log(self) -> Table:
        return event

    @property
    def recorded_at(self) -> Column[Any]:
        return event.c.recorded_at

    async def read(self, connection: AsyncConnection, what: Reading) -> Batch:
        logged = await self.store.read_log(connection, after=what.after, limit=what.limit)
        return what.answer(self.label, [one.seq for one in logged], map(_logged, logged))


@dataclass(frozen=True, slots=True)
class OutboxLog:
    """What a context of this database has published, as long as it is kept."""

    context: str

    @property
    def label(self) -> str:
        return label_of(self.log, self.context)

    @property
    def log(self) -> Table:
        return outbox

    @property
    def recorded_at(self) -> Column[Any]:
        return outbox.c.created_at

    async def read(self, connection: AsyncConnection, what: Reading) -> Batch:
        types = {one.type for one in what.wanted if issubclass(one, IntegrationEvent)}
        logged = await read_log(connection, self.context, after=what.after, limit=what.limit)
        entries = (
            Entry(one.seq, one.message_id, one.key, what.registry.decode(one.stored), one.created_at)
            for one in logged
            if one.stored.type in types
        )
        return what.answer(self.label, [one.seq for one in logged], entries)


async def head(connection: AsyncConnection, source: Source) -> Position:
    """The number of a log's newest entry."""
    columns = source.log.c
    newest = select(func.max(columns.seq)).where(columns.source == source.context)
    return await connection.scalar(newest) or 0


async def is_whole(connection: AsyncConnection, source: Source) -> bool:
    """Whether a log still has its beginning: what has none cannot be read from the start."""
    columns = source.log.c
    oldest = select(func.min(columns.seq)).where(columns.source == source.context)
    return await connection.scalar(oldest) in (None, 1)


async def waiting_since(
    connection: AsyncConnection, source: Source, *, position: Position
) -> datetime | None:
    """When the first entry after a position was recorded; None when there is none."""
    columns = source.log.c
    following = select(source.recorded_at).where(
        columns.source == source.context, columns.seq == position + 1
    )
    return await connection.scalar(following)


def _logged(one: LoggedEvent) -> Entry[DomainEvent]:
    metadata = one.recorded.metadata
    return Entry(one.seq, metadata.event_id, one.stream, one.recorded.event, metadata.occurred_at)
