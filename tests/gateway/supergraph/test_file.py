"""The supergraph file is followed, however it is changed."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from plait_gateway.supergraph import Notices, ServedGraph, SupergraphFile, SupergraphHolder
from plait_gateway.supergraph.served_graph import version_of
from tests.gateway.shop import SUPERGRAPH

CHANGED = SUPERGRAPH.replace("left: Int", "remaining: Int")


class Watched:
    """A file under watch, and what comes of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.holder = SupergraphHolder()
        self.notices = Notices()
        self.swapped = asyncio.Event()
        self.prepared: list[tuple[str, bool]] = []  # versions, and whether they were served already

    async def prepare(self, graph: ServedGraph) -> None:
        self.prepared.append((graph.version, graph is self.holder.current))

    @property
    def fields(self) -> list[str]:
        """The fields of Product in the graph being served."""
        assert self.holder.current is not None
        return list(self.holder.current.supergraph.api_schema.type_map["Product"].fields)  # type: ignore[attr-defined]  # an object type


@asynccontextmanager
async def watched(path: Path) -> AsyncIterator[Watched]:
    """Load the file and follow it for as long as the block runs, at most 20 seconds."""
    watched = Watched(path)
    file = SupergraphFile(path, watched.holder, watched.notices)
    file.load()
    watching = asyncio.create_task(file.watch(watched.swapped.set, watched.prepare))
    try:
        async with asyncio.timeout(120):
            yield watched
    finally:
        watching.cancel()
        await asyncio.wait({watching})


def write(path: Path, sdl: str) -> None:
    path.write_text(sdl)


def remove(path: Path) -> None:
    path.unlink()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "supergraph.graphql"
    path.write_text(SUPERGRAPH)
    return path


async def test_an_edit_in_place_is_served(path: Path) -> None:
    async with watched(path) as file:
        assert file.fields[-1] == "left"
        write(path, CHANGED)
        await file.swapped.wait()
        assert file.fields[-1] == "remaining"


async def test_a_file_moved_over_the_old_one_is_served(path: Path) -> None:
    async with watched(path) as file:
        for sdl, last in ((CHANGED, "remaining"), (SUPERGRAPH, "left")):
            other = path.with_suffix(".new")
            other.write_text(sdl)
            other.replace(path)
            await file.swapped.wait()
            file.swapped.clear()
            assert file.fields[-1] == last
    assert file.prepared == [(version_of(CHANGED), False), (version_of(SUPERGRAPH), False)]


async def test_a_link_to_another_folder_is_served(tmp_path: Path) -> None:
    """As Kubernetes swaps what it mounts: the file is a link through a folder, which is a link itself."""
    for name, sdl in (("v1", SUPERGRAPH), ("v2", CHANGED)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "supergraph.graphql").write_text(sdl)
    (tmp_path / "data").symlink_to("v1")
    (tmp_path / "supergraph.graphql").symlink_to("data/supergraph.graphql")
    async with watched(tmp_path / "supergraph.graphql") as file:
        (tmp_path / "next").symlink_to("v2")
        (tmp_path / "next").replace(tmp_path / "data")
        await file.swapped.wait()
        assert file.fields[-1] == "remaining"


async def test_a_broken_file_is_refused_with_its_reasons_until_it_is_mended(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    refused = asyncio.Event()

    class Told(logging.Handler):
        """Says when the first refusal was logged."""

        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.ERROR:
                refused.set()

    logging.getLogger().addHandler(handler := Told())
    try:
        async with watched(path) as file:
            write(path, "type Query {\n  a: Nothing\n")
            await refused.wait()
            assert file.fields[-1] == "left"
            (notice,) = file.notices.current
            assert (notice.locations[0].file, notice.locations[0].line) == (str(path), 3)
            assert f"{path}:3:" in caplog.text
            assert not file.swapped.is_set()

            write(path, CHANGED)
            await file.swapped.wait()
            assert (file.fields[-1], file.notices.current) == ("remaining", ())
    finally:
        logging.getLogger().removeHandler(handler)


async def test_a_file_that_vanishes_for_a_while_changes_nothing(path: Path) -> None:
    async with watched(path) as file:
        remove(path)
        write(path, CHANGED)
        await file.swapped.wait()
        assert file.fields[-1] == "remaining"
