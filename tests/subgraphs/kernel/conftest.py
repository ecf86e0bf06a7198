from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.balances import open_counter
from tests.subgraphs.kernel.orchard import STORE, Orchard, orchard, plant
from tests.subgraphs.kernel.shop import build
from tests.subgraphs.kernel.templates import Templates
from tests.subgraphs.kernel.till import install


@pytest.fixture
def quiet() -> Iterator[None]:
    """To write out every failure takes longer than all the rest."""
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return Templates(tmp_path_factory.mktemp("templates"))


@pytest.fixture(params=["sqlite", "postgres"])
def planted(request: pytest.FixtureRequest, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the orchard's tables, once of each kind."""
    with templates.copy(request, plant, tmp_path) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def built(request: pytest.FixtureRequest, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the shop's tables, once of each kind."""
    with templates.copy(request, build, tmp_path) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the bank's read model, once of each kind."""
    with templates.copy(request, open_counter, tmp_path) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def installed(request: pytest.FixtureRequest, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the till's tables, once of each kind."""
    with templates.copy(request, install, tmp_path) as url:
        yield url


@pytest.fixture
async def garden(planted: str, clock: FakeClock) -> AsyncIterator[Orchard]:
    """The orchard with the cellar subscribed."""
    async with orchard(planted, clock, STORE) as context:
        yield context
