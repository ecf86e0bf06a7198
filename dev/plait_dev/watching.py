"""What changed on disk, and what that calls for."""

from collections.abc import AsyncIterator
from enum import Enum
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch


class Edit(Enum):
    """The weightiest kind of edit among files saved together."""

    CODE = "code"  # the application must be loaded anew
    SCHEMA = "schema"  # SDL or the list of subgraphs: composing again is enough


class _Sources(DefaultFilter):
    def __call__(self, change: Change, path: str) -> bool:
        return path.endswith((".py", ".graphql", ".yaml", ".yml")) and super().__call__(change, path)


async def edits(*folders: Path) -> AsyncIterator[tuple[Edit, tuple[Path, ...]]]:
    """Batches of edits below the folders, each with the files that were saved."""
    async for changes in awatch(*folders, watch_filter=_Sources(), debounce=200, step=50):
        files = tuple(sorted({Path(path) for _, path in changes}))
        kind = Edit.CODE if any(file.suffix == ".py" for file in files) else Edit.SCHEMA
        yield kind, files
