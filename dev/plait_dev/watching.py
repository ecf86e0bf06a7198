"""What changed on disk, and what that calls for."""

import asyncio
from asyncio import Queue
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import click
from watchfiles import Change, DefaultFilter, awatch

_DEBOUNCE_MS = 200  # at most so long is waited for a burst of writes to end ...
_STEP_MS = 50  # ... and it has ended when nothing was written for so long


class Weight(Enum):
    """What an edit calls for."""

    CODE = "code"  # the application must be loaded anew
    SCHEMA = "schema"  # SDL or the list of subgraphs: composing again is enough


class Edit(NamedTuple):
    """Files that were saved together; the weightiest of them decides."""

    weight: Weight
    files: tuple[Path, ...]


class _Sources(DefaultFilter):
    def __call__(self, change: Change, path: str) -> bool:
        return path.endswith((".py", ".graphql", ".yaml", ".yml")) and super().__call__(change, path)


def edit(files: Iterable[Path]) -> Edit:
    """What saving these files means."""
    saved = tuple(sorted(set(files)))
    return Edit(Weight.CODE if any(file.suffix == ".py" for file in saved) else Weight.SCHEMA, saved)


@asynccontextmanager
async def watched(*folders: Path) -> AsyncIterator[Queue[Edit]]:
    """The edits below the folders from now on; click.ClickException when they cannot be watched."""
    edits: Queue[Edit] = Queue()
    changes = awatch(*folders, watch_filter=_Sources(), debounce=_DEBOUNCE_MS, step=_STEP_MS)

    async def collect() -> None:
        async for batch in changes:
            edits.put_nowait(edit(Path(path) for _, path in batch))

    collecting = asyncio.create_task(collect())
    await asyncio.sleep(0)  # its first step begins to watch
    if collecting.done() and (error := collecting.exception()):
        raise click.ClickException(f"cannot watch {', '.join(map(str, folders))} for edits: {error}")
    try:
        yield edits
    finally:
        collecting.cancel()
        await asyncio.wait({collecting})
