from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.subgraphs.tutoring.agency import Agency, open_agency


@pytest.fixture
async def agency(tmp_path: Path) -> AsyncIterator[Agency]:
    async with open_agency(tmp_path) as agency:
        yield agency
