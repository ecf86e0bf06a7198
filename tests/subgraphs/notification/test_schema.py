"""The files made of the code have not drifted from it."""

from subgraphs.kernel.testing.schema import assert_sdl_is_exported, table_drift
from subgraphs.notification.tables import metadata
from tests.subgraphs.notification.post_office import PostOffice


async def test_the_migrations_lead_to_the_tables(office: PostOffice) -> None:
    assert await table_drift(office.platform.database, "notification", metadata) == []


async def test_the_exported_sdl_is_the_schema(office: PostOffice) -> None:
    assert_sdl_is_exported(office.notification)
