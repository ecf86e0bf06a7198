from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.subgraphs.classes.academy import Academy, open_academy


@pytest.fixture
async def academy(tmp_path: Path) -> AsyncIterator[Academy]:
    async with open_academy(tmp_path) as opened:
        yield opened
