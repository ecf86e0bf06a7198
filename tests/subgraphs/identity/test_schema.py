"""What is written down is what is."""

from subgraphs.identity.tables import metadata
from subgraphs.kernel.testing.schema import assert_sdl_is_exported, table_drift
from tests.subgraphs.identity.academy import Academy


async def test_the_migrations_make_the_tables(academy: Academy) -> None:
    assert await table_drift(academy.platform.database, "identity", metadata) == []


def test_the_sdl_is_exported(academy: Academy) -> None:
    assert_sdl_is_exported(academy.identity)
