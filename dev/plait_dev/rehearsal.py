"""Load edited code in a process of its own first: code that does not load never replaces code that runs."""

import asyncio
import json
import re
import sys
from pathlib import Path

import click

from plait_dev.application import application
from plait_schema.diagnostics import Code, Diagnostic, Location, Severity

#: Not in the table of composition's codes: only edited code can be at fault, never a schema.
SUBGRAPH_NOT_LOADED = Code("SUBGRAPH_NOT_LOADED", Severity.ERROR, "A subgraph's code cannot be loaded.")

_PATIENCE = 60.0  # seconds
_FRAME = re.compile(r'^  File "(?P<file>[^"]+)", line (?P<line>\d+)', re.MULTILINE)


async def rehearse(application_name: str, data_dir: Path) -> dict[str, str] | Diagnostic:
    """The SDL of each subgraph as the code on disk now says, or why it does not load."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "plait_dev.rehearsal", application_name, str(data_dir)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            output, errors = await process.communicate()
    except TimeoutError:
        return SUBGRAPH_NOT_LOADED.at(None, f"the edited code did not load within {_PATIENCE:g} seconds")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        return _why(errors.decode(errors="replace"))
    schemas: dict[str, str] = json.loads(output)
    return schemas


def _why(traceback: str) -> Diagnostic:
    frames = [frame for frame in _FRAME.finditer(traceback) if "<frozen" not in frame["file"]]
    lines = traceback.strip().splitlines()
    own = [frame for frame in frames if "site-packages" not in frame["file"]] or frames
    places = [Location(Path(at["file"]).parent.name, at["file"], int(at["line"]), 1) for at in own[-1:]]
    return SUBGRAPH_NOT_LOADED.at(
        None, f"the edited code does not load: {lines[-1] if lines else 'no reason given'}", locations=places
    )


if __name__ == "__main__":
    _, name, folder = sys.argv
    sys.path.insert(0, str(Path.cwd()))
    click.echo(json.dumps(dict(application(name)(Path(folder), lambda line: click.echo(line, err=True)).sdl)))
