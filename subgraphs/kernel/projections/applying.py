"""What comes next in the logs of a read model is read, and applied with a note of its place."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.outliving import outliving
from subgraphs.kernel.projections import generations
from subgraphs.kernel.projections.definition import Projection
from subgraphs.kernel.projections.sources import Batch, Position, Reading, Source
from subgraphs.kernel.store.database import Database

_MOST_LOSSES: Final = 5
"""How many connections in a row may be lost while one entry is applied."""


class PoisonousEntryError(Exception):
    """An entry that cannot be read or applied; with a batch, one of its entries."""

    def __init__(self, source: str, seq: Position, error: Exception) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.source, self.seq, self.error = source, seq, error


@dataclass(frozen=True, slots=True)
class Following:
    """What is to be applied next: a batch of each source, and whether those were the last."""

    batches: Mapping[str, Batch]
    size: int
    is_last: bool

    @property
    def positions(self) -> dict[str, Position]:
        return {label: batch.upto for label, batch in self.batches.items()}


@dataclass(frozen=True, slots=True)
class _Place:
    projection: str
    generation: int
    source: str
    seq: Position


@dataclass(frozen=True, slots=True)
class Applying:
    """Reads entries as the `registry` knows them, and applies them. PoisonousEntryError, unless it is the
    database that fails, and not at the same entry each time."""

    database: Database
    registry: Registry[IntegrationEvent]
    _losses: Counter[_Place] = field(default_factory=Counter)

    async def read(
        self,
        connection: AsyncConnection,
        projection: Projection,
        positions: Mapping[str, Position],
        limit: int,
    ) -> Following:
        """What comes after these places: up to `limit` entries of all sources together."""
        batches: dict[str, Batch] = {}
        left, is_last = limit, True
        for source in projection.sources:
            position = positions.get(source.label, 0)
            batch = await self._read_one(connection, projection, source, position, left) if left else None
            is_last = is_last and batch is not None and batch.is_last
            if batch is not None and batch.upto > position:
                batches[source.label] = batch
                left -= batch.upto - position
        return Following(batches, limit - left, is_last)

    async def apply(
        self, connection: AsyncConnection, projection: Projection, number: int, following: Following
    ) -> None:
        """Apply it to the tables of a generation, and note how far that is then."""
        tables = projection.tables(number)
        for label, batch in following.batches.items():
            for entry in batch.entries:
                place = _Place(projection.name, number, label, entry.seq)
                try:
                    with outliving():
                        await projection.apply(connection, tables, entry)
                except Exception as error:
                    if self._is_passing(error) and not self._is_lost_each_time(place, error):
                        raise
                    raise PoisonousEntryError(label, entry.seq, error) from error
                self._losses.pop(place, None)
        fault_point("projection.applied")
        await generations.move(connection, projection.name, number, following.positions)
        fault_point("projection.moved")

    async def _read_one(
        self,
        connection: AsyncConnection,
        projection: Projection,
        source: Source,
        position: Position,
        limit: int,
    ) -> Batch:
        what = Reading(after=position, limit=limit, wanted=projection.events, registry=self.registry)
        try:
            return await source.read(connection, what)
        except Exception as error:
            if isinstance(error, SQLAlchemyError) or self._is_passing(error):
                raise
            raise PoisonousEntryError(source.label, position + 1, error) from error

    def _is_lost_each_time(self, place: _Place, error: Exception) -> bool:
        """Whether connections end at this entry again and again, as far as this process has seen."""
        if self.database.is_lost(error):
            self._losses[place] += 1
        return self._losses[place] > _MOST_LOSSES

    def _is_passing(self, error: Exception) -> bool:
        """Whether the database is to blame, not the entry."""
        if isinstance(error, DBAPIError) and self.database.is_conflict(error):
            return True
        return (
            isinstance(error, OSError) or self.database.is_lost(error) or self.database.is_unwritable(error)
        )
