"""How far the seeding of a database has come, in the database itself.

A seeding that was interrupted is not continued but begun anew: whatever it had written is deleted first. That
is safe because nobody is served before the seeding is finished.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from typing import Final

from sqlalchemy import MetaData, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.projections import Projection
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.tables import outbox
from subgraphs.seed.tables import run

_ACADEMY: Final = "academy"


class Progress(Enum):
    """What is to be done."""

    EMPTY = auto()  # nothing ever happened in this database
    INTERRUPTED = auto()  # a seeding began and did not finish
    FINISHED = auto()  # seeded
    IN_USE = auto()  # not seeded, and not empty: somebody works with it


@dataclass(frozen=True, slots=True)
class SeedTables:
    """The seed's own table, to be migrated with the contexts'."""

    name: str = "seed"
    migrations: Path = Path(__file__).parent / "migrations"
    projections: tuple[Projection, ...] = ()


async def progress(database: Database) -> Progress:
    """How far the seeding has come; the tables exist."""
    async with database.read() as connection:
        row = (await connection.execute(select(run).where(run.c.name == _ACADEMY))).one_or_none()
        if row is not None:
            return Progress.INTERRUPTED if row.finished_at is None else Progress.FINISHED
        in_use = await connection.scalar(select(exists(select(outbox.c.pos))))
    return Progress.IN_USE if in_use else Progress.EMPTY


async def begin(database: Database, tables: Sequence[MetaData], *, at: datetime) -> None:
    """Delete every row of these tables, and note that a seeding has begun: both or neither."""
    async with database.transaction() as connection:
        await _clear(connection, tables)
        await connection.execute(delete(run))
        await connection.execute(insert(run).values(name=_ACADEMY, begun_at=at))


async def finish(database: Database, *, at: datetime) -> None:
    """Note that the seeding is finished."""
    async with database.transaction() as connection:
        await connection.execute(update(run).where(run.c.name == _ACADEMY).values(finished_at=at))


async def _clear(connection: AsyncConnection, tables: Sequence[MetaData]) -> None:
    for metadata in tables:
        for table in reversed(metadata.sorted_tables):
            await connection.execute(delete(table))
