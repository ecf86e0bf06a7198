"""Databases that are filled once, and copied for each test."""

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from subgraphs.kernel.testing.postgres import TemporaryPostgres

Fill = Callable[[str], Coroutine[None, None, None]]


class Templates:
    """One database of each kind for everything that is filled."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[Fill, str] = {}

    @contextmanager
    def copy(self, request: pytest.FixtureRequest, fill: Fill, folder: Path) -> Iterator[str]:
        """The URL of a filled database, of the kind that is the request's parameter."""
        if request.param == "sqlite":
            yield self.file(fill, folder)
            return
        server: TemporaryPostgres = request.getfixturevalue("postgres")
        if fill not in self._names:
            self._names[fill] = server.create()
            asyncio.run(fill(server.url(self._names[fill])))
        name = server.create(template=self._names[fill])
        yield server.url(name)
        server.drop(name)

    def file(self, fill: Fill, folder: Path) -> str:
        """The URL of a filled SQLite file."""
        template = self._folder / f"{fill.__name__}.db"
        if not template.exists():
            asyncio.run(fill(f"sqlite:///{template}"))
        return f"sqlite:///{shutil.copy(template, folder)}"
