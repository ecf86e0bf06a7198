"""Load edited code in a process of its own first: code that does not load never replaces code that runs."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any, cast

from plait_dev.loading import find_from, load, not_loaded
from plait_dev.settings import Settings
from plait_schema.diagnostics import Diagnostic, Location

_PATIENCE = 60.0  # seconds
_NOWHERE = "http://localhost"  # what is rehearsed is not served


async def rehearse(
    settings: Settings, data_dir: Path, *, patience: float = _PATIENCE
) -> Mapping[str, str] | Diagnostic:
    """The SDL of each subgraph as the code on disk now says, or why it does not load."""
    name = settings.application
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "plait_dev.rehearsal", name, str(data_dir), str(settings.root)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # a terminal's Ctrl-C is for us, and we end it
    )
    try:
        async with asyncio.timeout(patience):
            output, errors = await process.communicate()
    except TimeoutError:
        return not_loaded(f"{name} does not load: it takes more than {patience:g} seconds")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if not output:
        last = errors.decode(errors="replace").strip().splitlines()[-1:]
        return not_loaded(f"{name} does not load: {' '.join(last) or 'its process ended'}")
    answer = json.loads(output)
    if sdl := answer.get("sdl"):
        return cast(Mapping[str, str], sdl)
    return not_loaded(answer["message"], tuple(Location(*place) for place in answer["places"]))


def _answer(name: str, data_dir: Path, root: Path) -> dict[str, Any]:
    find_from(root)
    loaded = load(name, data_dir, lambda _: None, root=root, address=_NOWHERE)
    if isinstance(loaded, Diagnostic):
        return {"message": loaded.message, "places": [astuple(place) for place in loaded.locations]}
    return {"sdl": loaded.sdl}


def _perform() -> None:
    """What the other process does."""
    _, name, data_dir, root = sys.argv
    with os.fdopen(os.dup(1), "w") as to_parent:
        os.dup2(2, 1)  # what the application prints is no part of the answer
        json.dump(_answer(name, Path(data_dir), Path(root)), to_parent)


if __name__ == "__main__":
    _perform()
