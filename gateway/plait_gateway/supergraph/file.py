"""The supergraph file: read at start, watched afterwards."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from watchfiles import awatch

from plait_gateway.supergraph.holder import SupergraphHolder, as_diagnostic
from plait_gateway.supergraph.notices import Notices
from plait_gateway.supergraph.served_graph import load_graph, version_of
from plait_gateway.supergraph.source import Prepare, SupergraphUnavailable, one_line, swap_in
from plait_schema.supergraph import SupergraphError

_log = logging.getLogger(__name__)

_DEBOUNCE_MS = 400  # at most so long is waited for a burst of writes to end ...
_STEP_MS = 60  # ... and it has ended when nothing was written for so long
_LOOK_ANYWAY_MS = 1000  # network file systems tell of no change; nor does any before watching has begun


class SupergraphFile:
    """Serves what the file says, and goes on with the last good version while the file is broken."""

    def __init__(self, path: Path, holder: SupergraphHolder, notices: Notices) -> None:
        self._path = path
        self._holder = holder
        self._notices = notices
        self._seen: str | None = None

    def load(self) -> None:
        """Read the file for the first time; raises SupergraphUnavailable."""
        try:
            sdl = self._path.read_text(encoding="utf-8")
            self._seen = version_of(sdl)
            self._holder.current = load_graph(sdl)
        except OSError as error:
            reason = f"cannot read the supergraph {self._path}: {error.strerror}"
        except UnicodeError:
            reason = f"the supergraph {self._path} is not UTF-8"
        except SupergraphError as error:
            reason = one_line(as_diagnostic(error, file=str(self._path)))
        else:
            return
        raise SupergraphUnavailable(reason)

    async def watch(self, swapped: Callable[[], None], prepare: Prepare) -> None:
        """Follow the file until cancelled: `prepare` a graph before it is served, tell that it was `swapped`.

        The folder is watched, not the file: editors and deployments replace a file by renaming another, or
        swap a link to the folder that it is in.
        """
        async for _ in awatch(
            self._path.parent,
            recursive=False,
            debounce=_DEBOUNCE_MS,
            step=_STEP_MS,
            rust_timeout=_LOOK_ANYWAY_MS,
            yield_on_timeout=True,
        ):
            if await self._take_over(prepare):
                swapped()

    async def _take_over(self, prepare: Prepare) -> bool:
        try:
            sdl = await asyncio.to_thread(self._path.read_text, encoding="utf-8")
        except (OSError, UnicodeError) as error:
            if self._is_new(str(error)):
                _log.warning("cannot read %s (%s); the old supergraph stays", self._path, error)
            return False
        if not self._is_new(version_of(sdl)):
            return False
        return await swap_in(sdl, self._holder, self._notices, prepare, origin=str(self._path))

    def _is_new(self, state: str) -> bool:
        seen, self._seen = self._seen, state
        return state != seen
