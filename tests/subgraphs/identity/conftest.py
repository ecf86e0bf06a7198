import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from subgraphs.contracts import CONTRACTS
from subgraphs.identity import app
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.platform import running
from tests.subgraphs.identity.academy import Academy, Postman


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
        async with running(founded, app.build, clock=clock, contracts=CONTRACTS):
            pass
    shutil.copytree(founded, tmp_path, dirs_exist_ok=True)
    async with running(tmp_path, app.build, clock=clock, contracts=CONTRACTS) as (platform, (identity,)):
        postman = Postman()
        platform.subscriptions.add(postman.subscription)
        yield Academy(platform, identity, postman)
