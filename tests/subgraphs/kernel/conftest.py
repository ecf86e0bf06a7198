from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import STORE, Orchard, orchard, plant


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def planted(tmp_path: Path) -> Path:
    await plant(tmp_path)
    return tmp_path


@pytest.fixture
async def garden(planted: Path, clock: FakeClock) -> AsyncIterator[Orchard]:
    """The orchard with the cellar subscribed."""
    async with orchard(planted, clock, STORE) as context:
        yield context
