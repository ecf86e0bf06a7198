"""The files made of the code have not drifted from it."""

from subgraphs.classes.tables import metadata
from subgraphs.kernel.testing.schema import assert_sdl_is_exported, table_drift
from tests.subgraphs.classes.academy import Academy


async def test_the_migrations_lead_to_the_tables(academy: Academy) -> None:
    assert await table_drift(academy.platform.database, "classes", metadata) == []


async def test_the_exported_sdl_is_the_schema(academy: Academy) -> None:
    assert_sdl_is_exported(academy.classes)
