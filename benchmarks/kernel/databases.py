"""Empty databases of each kind, gone when the block ends."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from subgraphs.kernel.testing.postgres import temporary_postgres


@contextmanager
def _sqlite() -> Iterator[str]:
    with TemporaryDirectory(prefix="plait-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.db'}"


@contextmanager
def _postgres() -> Iterator[str]:
    with temporary_postgres() as server:
        yield server.url(server.create())


DATABASES: Final[Mapping[str, Callable[[], AbstractContextManager[str]]]] = {
    "SQLite": _sqlite,
    "PostgreSQL": _postgres,
}
"""By name, what opens one and gives its URL."""
