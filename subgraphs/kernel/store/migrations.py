"""Bringing the tables of every context up to date.

Each context has a folder of Alembic revisions and a version table of its own (`identity_alembic_version`),
so that it can move to a database of its own one day. Revisions form one line: a file's name without `.py`
is its revision id, and they sort in their order (`0001_users`), so that the newest one is known without
loading Alembic, which costs more than everything else at a start.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

from subgraphs.kernel.projections.definition import Projection
from subgraphs.kernel.projections.generations import create_missing, missing
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.locks import lock

_ENVIRONMENT = Path(__file__).parent / "alembic"
_KERNEL_MIGRATIONS = Path(__file__).parents[1] / "migrations"


class Migrated(Protocol):
    """A context, as far as its tables go."""

    @property
    def name(self) -> str: ...
    @property
    def migrations(self) -> Path: ...
    @property
    def projections(self) -> tuple[Projection, ...]: ...


class UnknownRevisionError(Exception):
    """The database was written by a newer version of the program, or by another program."""


@dataclass(frozen=True, slots=True)
class _Kernel:
    name: str = "kernel"
    migrations: Path = _KERNEL_MIGRATIONS
    projections: tuple[Projection, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """At which revision a context's tables are, None without any, and at which they should be."""

    name: str
    current: str | None
    head: str

    @property
    def is_behind(self) -> bool:
        return self.current != self.head


async def migrate(database: Database, contexts: Iterable[Migrated]) -> tuple[str, ...]:
    """Create or upgrade the tables of the kernel and of these contexts, the first generations of their read
    models among them; all of them or, on any error, none.

    Processes that start at once wait for each other here. Returns the names of those that were behind.
    Raises UnknownRevisionError.
    """
    wanted = (_Kernel(), *contexts)
    projections = [projection for one in wanted for projection in one.projections]
    async with database.read() as connection:
        behind = await connection.run_sync(
            lambda sync: [one for one in wanted if _stands(sync, one).is_behind]
        )
        if not (behind or await missing(connection, projections)):
            return ()
    async with database.transaction() as connection:
        await lock(connection, ["migrations"])
        behind = await connection.run_sync(
            lambda sync: [one for one in behind if _stands(sync, one).is_behind]
        )
        for one in behind:
            await connection.run_sync(_upgrade, one)
        await create_missing(connection, projections, now=datetime.now(UTC))
    return tuple(one.name for one in behind)


async def standings(database: Database, contexts: Iterable[Migrated]) -> tuple[Standing, ...]:
    """Where the tables of the kernel and of these contexts are. Raises UnknownRevisionError."""
    async with database.read() as connection:
        return await connection.run_sync(
            lambda sync: tuple(_stands(sync, one) for one in (_Kernel(), *contexts))
        )


def version_table(name: str) -> str:
    return f"{name}_alembic_version"


def _stands(connection: Connection, context: Migrated) -> Standing:
    revisions = sorted(file.stem for file in context.migrations.glob("[0-9]*.py"))
    table = Table(version_table(context.name), MetaData(), Column("version_num", String))
    if not inspect(connection).has_table(table.name):
        return Standing(context.name, None, revisions[-1])
    current = connection.scalar(select(table.c.version_num))
    if current is not None and current not in revisions:
        raise UnknownRevisionError(
            f"the {context.name} tables are at {current!r}, which this version does not know"
        )
    return Standing(context.name, current, revisions[-1])


def _upgrade(connection: Connection, context: Migrated) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_ENVIRONMENT).replace("%", "%%"))
    config.set_main_option("version_locations", str(context.migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")  # a folder's name may hold a space or a colon
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table(context.name)
    command.upgrade(config, "head")
