"""Options of the whole suite, the order of its tests, and its servers."""

import gc
import os
from collections.abc import Generator, Iterator
from itertools import groupby, islice
from pathlib import Path

import pytest
from hypothesis import settings

from plait_schema.garbage_collection import collection_paused
from subgraphs.kernel.testing.postgres import TemporaryPostgres, temporary_postgres
from subgraphs.kernel.testing.redis import TemporaryRedis, redis_program, temporary_redis

# A change is judged by the same examples each time; `scripts/fuzz` looks for new ones.
settings.register_profile("default", deadline=None, derandomize=True)
settings.register_profile("fuzz", deadline=None, derandomize=False, print_blob=True)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the expected blocks of golden cases")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests live to the end: no collector needs to look at them, now or in any test."""
    with collection_paused():
        collected = yield
    gc.freeze()
    return collected


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each worker begins with its share of the long tests, so that none is left to the end, when others idle.

    Those of a folder stay together: they share what takes long to make. Workers get equal parts, in order.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    shares: list[list[pytest.Item]] = [[] for _ in range(workers)]
    long = sorted((item for item in items if item.get_closest_marker("long")), key=_folder)
    for number, (_, tests) in enumerate(groupby(long, key=_folder)):
        shares[number % workers] += tests
    others = iter([item for item in items if not item.get_closest_marker("long")])
    size = len(items) // workers
    items[:] = [
        item for share in shares for item in (*share, *islice(others, max(0, size - len(share))))
    ] + list(others)


def _folder(item: pytest.Item) -> Path:
    return item.path.parent


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
