"""Have files drifted from the code they were made of?"""

import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData

from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.graphql.export import sdl
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.migrations import version_table

_OF_A_GENERATION = re.compile(r"_g\d+(_|$)")  # a read model's, which makes them itself


async def table_drift(database: Database, name: str, metadata: MetaData) -> list[object]:
    """What the migrations of a context would still have to do to reach its tables; empty when they agree."""

    def is_migrated(table: str) -> bool:
        return table.startswith(f"{name}_") and not _OF_A_GENERATION.search(table)

    def compare(connection: Connection) -> list[object]:
        options = {
            "version_table": version_table(name),
            "include_name": lambda table, kind, _parents: kind != "table" or is_migrated(table),
        }
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    async with database.read() as connection:
        return await connection.run_sync(compare)


def assert_sdl_is_exported(context: BoundedContext) -> None:
    """The context's `schema.graphql` is what its schema says."""
    file = Path(context.migrations).parent / "schema.graphql"
    assert file.read_text(encoding="utf-8") == sdl(context.schema), (
        f"{file.name} has drifted: run `python -m subgraphs.kernel.graphql.export {context.name}`"
    )
