"""The files made of the code have not drifted from it."""

from pathlib import Path

from subgraphs.contracts import CONTRACTS
from subgraphs.kernel.testing.platform import running
from subgraphs.kernel.testing.schema import assert_sdl_is_exported, table_drift
from subgraphs.learning import app
from subgraphs.learning.tables import metadata


async def test_the_migrations_lead_to_the_tables(tmp_path: Path) -> None:
    async with running(tmp_path, app.build, contracts=CONTRACTS) as (platform, _):
        assert await table_drift(platform.database, "learning", metadata) == []


async def test_the_exported_sdl_is_the_schema(tmp_path: Path) -> None:
    async with running(tmp_path, app.build, contracts=CONTRACTS) as (_, [learning]):
        assert_sdl_is_exported(learning)
