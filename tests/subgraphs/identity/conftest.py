from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from subgraphs.identity import app
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.platform import running
from tests.subgraphs.identity.academy import Academy


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def academy(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Academy]:
    async with running(tmp_path, app.build, clock=clock) as (platform, (identity,)):
        yield Academy(platform, identity)
