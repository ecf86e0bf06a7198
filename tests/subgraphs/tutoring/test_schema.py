"""The files made of the code have not drifted from it."""

from subgraphs.kernel.testing.schema import assert_sdl_is_exported, table_drift
from subgraphs.tutoring.tables import metadata
from tests.subgraphs.tutoring.agency import Agency


async def test_the_migrations_lead_to_the_tables(agency: Agency) -> None:
    assert await table_drift(agency.platform.database, "tutoring", metadata) == []


async def test_the_exported_sdl_is_the_schema(agency: Agency) -> None:
    assert_sdl_is_exported(agency.tutoring)
