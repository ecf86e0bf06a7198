from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from plait_schema.registry.opening import OpenRegistry, opened
from tests.schema.registry.running import RunningRegistry, running_registry


@pytest.fixture
async def held(store: str, tmp_path: Path) -> AsyncIterator[OpenRegistry]:
    """An open registry, once on each kind of database."""
    async with opened(store, key_file=tmp_path / "registry.key") as registry:
        yield registry


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningRegistry]:
    """A registry as a process, on a SQLite file."""
    with running_registry(tmp_path) as registry:
        yield registry
