from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.subgraphs.learning.school import School, open_school


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with open_school(tmp_path) as school:
        yield school
