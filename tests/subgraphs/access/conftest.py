import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.subgraphs.access.founding import found
from tests.subgraphs.access.town import Known, Town, opened


@pytest.fixture(scope="package")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Known]:
    """The folder of a town, and what is known of it."""
    folder = tmp_path_factory.mktemp("town")

    async def be_founded() -> Known:
        async with opened(folder, Known()) as town:
            await found(town)
            return town.known

    return folder, asyncio.run(be_founded())


@pytest.fixture
async def town(founded: tuple[Path, Known], tmp_path: Path) -> AsyncIterator[Town]:
    folder, known = founded
    async with opened(shutil.copytree(folder, tmp_path / "town"), known) as town:
        yield town
