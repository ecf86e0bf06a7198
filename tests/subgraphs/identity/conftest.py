import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from subgraphs.kernel.settings import Settings
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.identity.academy import Academy, opened


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to be filled once with a migrated database."""
    return tmp_path_factory.mktemp("founded")


@pytest.fixture
async def academy(tmp_path: Path, founded: Path, clock: FakeClock) -> AsyncIterator[Academy]:
    if not (founded / "platform.db").exists():
        async with opened(Settings(founded), clock):
            pass
    shutil.copytree(founded, tmp_path, dirs_exist_ok=True)
    async with opened(Settings(tmp_path, password_rounds=4), clock) as academy:
        yield academy
