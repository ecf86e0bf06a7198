"""The files made of the code have not drifted from it."""

from pathlib import Path

from subgraphs.kernel.testing.golden import check_golden
from subgraphs.kernel.testing.schema import assert_sdl_is_exported, table_drift
from subgraphs.payments.event_log import REGISTRY
from subgraphs.payments.tables import metadata
from tests.subgraphs.payments.bursary import Bursary


async def test_the_migrations_lead_to_the_tables(bursary: Bursary) -> None:
    assert await table_drift(bursary.platform.database, "payments", metadata) == []


async def test_the_exported_sdl_is_the_schema(bursary: Bursary) -> None:
    assert_sdl_is_exported(bursary.payments)


def test_every_version_of_an_event_is_read_as_before(update: bool) -> None:
    check_golden(REGISTRY, Path(__file__).parent / "golden", update=update)
