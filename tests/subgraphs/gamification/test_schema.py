"""The files made of the code have not drifted from it."""

from pathlib import Path

from subgraphs.contracts import CONTRACTS
from subgraphs.gamification import app
from subgraphs.gamification.tables import metadata
from subgraphs.kernel.testing.platform import running
from subgraphs.kernel.testing.schema import assert_sdl_is_exported, table_drift


async def test_the_migrations_lead_to_the_tables(tmp_path: Path) -> None:
    async with running(tmp_path, app.build, contracts=CONTRACTS) as (platform, _):
        assert await table_drift(platform.database, "gamification", metadata) == []


async def test_the_exported_sdl_is_the_schema(tmp_path: Path) -> None:
    async with running(tmp_path, app.build, contracts=CONTRACTS) as (_, [gamification]):
        assert_sdl_is_exported(gamification)
