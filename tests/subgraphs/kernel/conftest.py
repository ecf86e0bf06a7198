import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.postgres import TemporaryPostgres
from tests.subgraphs.kernel.orchard import STORE, Orchard, orchard, plant


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def planted_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("planted") / "orchard.db"
    asyncio.run(plant(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def planted_database(postgres: TemporaryPostgres) -> str:
    name = postgres.create()
    asyncio.run(plant(postgres.url(name)))
    return name


@pytest.fixture(params=["sqlite", "postgres"])
def planted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the orchard's tables, once of each kind."""
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("planted_file"), tmp_path)
        yield f"sqlite:///{file}"
        return
    server: TemporaryPostgres = request.getfixturevalue("postgres")
    name = server.create(template=request.getfixturevalue("planted_database"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
async def garden(planted: str, clock: FakeClock) -> AsyncIterator[Orchard]:
    """The orchard with the cellar subscribed."""
    async with orchard(planted, clock, STORE) as context:
        yield context
