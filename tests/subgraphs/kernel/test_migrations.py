"""Every context's tables are brought up to date, together or not at all, and cheaply."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from subgraphs.kernel.projections import Projection
from subgraphs.kernel.store import tables
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.migrations import UnknownRevisionError, migrate
from subgraphs.kernel.testing.schema import table_drift

REPOSITORY = Path(__file__).parents[3]

FIRST = """
import sqlalchemy as sa
from alembic import op

revision = "0001_first"
down_revision = None

def upgrade():
    op.create_table("{name}_thing", sa.Column("id", sa.Integer, primary_key=True))
"""
SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "0002_second"
down_revision = "0001_first"

def upgrade():
    op.add_column("{name}_thing", sa.Column("colour", sa.String(10)))
    {last}
"""


@dataclass(frozen=True)
class Context:
    name: str
    migrations: Path
    projections: tuple[Projection, ...] = ()

    def add(self, revision: str, source: str, *, last: str = "") -> None:
        self.migrations.mkdir(exist_ok=True)
        (self.migrations / f"{revision}.py").write_text(source.format(name=self.name, last=last))


@pytest.fixture
def context(tmp_path: Path) -> Context:
    made = Context("orchard", tmp_path / "a folder: with 100% care")
    made.add("0001_first", FIRST)
    return made


async def _columns(database: Database, table: str) -> list[str]:
    async with database.read() as connection:
        return await connection.run_sync(
            lambda sync: [str(column["name"]) for column in inspect(sync).get_columns(table)]
        )


async def test_only_what_is_behind_is_upgraded(store: str, context: Context) -> None:
    database = Database(store)
    assert await migrate(database, [context]) == ("kernel", "orchard")
    assert await migrate(database, [context]) == ()
    context.add("0002_second", SECOND)
    assert await migrate(database, [context]) == ("orchard",)
    assert await _columns(database, "orchard_thing") == ["id", "colour"]
    await database.close()


async def test_a_migration_that_fails_changes_nothing(store: str, context: Context) -> None:
    database = Database(store)
    context.add("0002_second", SECOND, last="op.drop_table('no_such_table')")
    with pytest.raises(DBAPIError):
        await migrate(database, [context])
    async with database.read() as connection:
        assert await connection.run_sync(lambda sync: inspect(sync).get_table_names()) == []
    await database.close()


async def test_a_database_from_the_future_is_refused(store: str, context: Context) -> None:
    database = Database(store)
    await migrate(database, [context])
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE orchard_alembic_version SET version_num = '0009_ninth'"))
    with pytest.raises(UnknownRevisionError, match="the orchard tables are at '0009_ninth'"):
        await migrate(database, [context])
    await database.close()


async def test_the_kernels_migrations_make_the_kernels_tables(store: str) -> None:
    database = Database(store)
    await migrate(database, [])
    assert await table_drift(database, "kernel", tables.metadata) == []
    await database.close()


async def test_alembic_is_not_even_loaded_when_there_is_nothing_to_do(store: str) -> None:
    database = Database(store)
    await migrate(database, [])
    await database.close()
    program = f"""
import asyncio, sys
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.migrations import migrate

async def main():
    database = Database({store!r})
    assert await migrate(database, []) == ()
    await database.close()

asyncio.run(main())
print("alembic" in sys.modules)
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, output.strip()) == (0, b"False")
