"""Options of the whole suite, and its servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from subgraphs.kernel.testing.postgres import TemporaryPostgres, temporary_postgres
from subgraphs.kernel.testing.redis import TemporaryRedis, redis_program, temporary_redis

# A change is judged by the same examples each time; `scripts/fuzz` looks for new ones.
settings.register_profile("default", deadline=None, derandomize=True)
settings.register_profile("fuzz", deadline=None, derandomize=False, print_blob=True)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the expected blocks of golden cases")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden cases are to be rewritten instead of checked."""
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[TemporaryPostgres]:
    """One server for the whole run, started by the first test that asks for it."""
    with temporary_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[TemporaryRedis]:
    """One server for the whole run: see `redis`."""
    program = redis_program()
    if program is None:
        pytest.skip("there is no redis-server")
    with temporary_redis(program) as server:
        yield server


@pytest.fixture
def redis(redis_server: TemporaryRedis) -> TemporaryRedis:
    """A running, empty server, whatever the test before has done to it."""
    redis_server.resume()
    if not redis_server.is_running:
        redis_server.start()
    redis_server.flush()
    return redis_server


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
        return
    server: TemporaryPostgres = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)
