from collections.abc import Iterator
from pathlib import Path

import pytest

from subgraphs.kernel.testing.postgres import TemporaryPostgres, temporary_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[TemporaryPostgres]:
    """One server for the whole run, started by the first test that asks for it."""
    with temporary_postgres() as server:
        yield server


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
