"""Loading and storing event-sourced aggregates."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import DomainEvent, EventSourced, Identifier, RecordedEvent
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.store import snapshots
from subgraphs.kernel.store.event_store import EventStore, NewEvent
from subgraphs.kernel.store.unit_of_work import UnitOfWork

A = TypeVar("A", bound=EventSourced[Any])

SNAPSHOT_EVERY: Final = 200


class EventSourcedRepository(Generic[A]):
    """The aggregates of one class: `EventSourcedRepository(store, Payment)`."""

    def __init__(self, store: EventStore, aggregate: type[A]) -> None:
        self._store = store
        self._aggregate = aggregate

    async def find(self, connection: AsyncConnection, id_: Identifier) -> A | None:
        """The aggregate as it is now; None when nothing ever happened to it."""
        stream = self._stream(id_)
        aggregate = await snapshots.restore(connection, stream, self._aggregate) or self._aggregate(id=id_)
        aggregate.replay(await self._store.load(connection, stream, after=aggregate.version))
        return aggregate if aggregate.version else None

    async def find_many(self, connection: AsyncConnection, ids: Collection[Identifier]) -> dict[str, A]:
        """Aggregates by their ids as texts, from their whole histories: for those that have short ones."""
        histories = await self.histories(connection, ids)
        return {
            str(id_): self._aggregate.rehydrate(id_, histories[str(id_)])
            for id_ in ids
            if str(id_) in histories
        }

    async def histories(
        self, connection: AsyncConnection, ids: Collection[Identifier]
    ) -> dict[str, list[RecordedEvent[DomainEvent]]]:
        """All that ever happened to aggregates, by their ids as texts, with who did it and why.

        Those to which nothing did are missing.
        """
        found = await self._store.load_many(connection, [self._stream(id_) for id_ in ids])
        return {str(id_): found[stream] for id_ in ids if (stream := self._stream(id_)) in found}

    async def find_as_of(
        self, connection: AsyncConnection, id_: Identifier, upto: int | datetime
    ) -> A | None:
        """The aggregate as it was after an event, or at an instant; None before its beginning."""
        history = await self._store.load(connection, self._stream(id_), upto=upto)
        return self._aggregate.rehydrate(id_, history) if history else None

    async def save(self, work: UnitOfWork, aggregate: A) -> tuple[DomainEvent, ...]:
        """Append what has happened since the aggregate was loaded or made; returns it, for whom it concerns.

        ConcurrencyConflict when something else has happened to it meanwhile. SecondAggregateError when the
        transaction has changed another aggregate.
        """
        events, before = aggregate.pull_events(), aggregate.version
        if not events:
            return ()
        work.changes(aggregate)
        stream = self._stream(aggregate.id)
        new = [NewEvent(event, work.describe(str(aggregate.id))) for event in events]
        aggregate.version = await self._store.append(work.connection, stream, new, expected=before)
        work.appended(new[-1].metadata.event_id)
        if aggregate.version // SNAPSHOT_EVERY > before // SNAPSHOT_EVERY:
            taken = snapshots.take(aggregate)

            async def keep(connection: AsyncConnection) -> None:
                await snapshots.keep(connection, stream, taken)
                fault_point("snapshot.written")

            work.after_commit(keep)
        return events

    def _stream(self, id_: Identifier) -> str:
        return f"{self._aggregate.stored_as}-{id_}"
