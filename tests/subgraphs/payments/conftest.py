from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.subgraphs.payments.bursary import Bursary, open_bursary


@pytest.fixture
async def bursary(tmp_path: Path) -> AsyncIterator[Bursary]:
    async with open_bursary(tmp_path) as opened:
        yield opened
