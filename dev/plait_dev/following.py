"""What becomes of an edit: another graph, another process, or a notice."""

import asyncio
from asyncio import Queue
from collections.abc import Callable, Mapping
from pathlib import Path

from plait_dev.composing import Composer, report, serve_composed, subgraph_sources
from plait_dev.rehearsal import rehearse
from plait_dev.settings import Settings
from plait_dev.telling import tell
from plait_dev.watching import Edit, Weight
from plait_gateway.supergraph import Notices, SupergraphHolder
from plait_schema.diagnostics import Diagnostic, Severity
from plait_schema.sources import SourceError
from plait_schema.subgraph import SubgraphSource

#: Not in the table of composition's codes: nothing was composed.
SUBGRAPHS_NOT_READ = "SUBGRAPHS_NOT_READ"


class Following:
    """Takes edits over one after the other, for as long as that can be done in this process.

    `composed` hears of the subgraphs, also of those that did not compose.
    """

    def __init__(
        self,
        settings: Settings,
        data_dir: Path,
        holder: SupergraphHolder,
        notices: Notices,
        composed: Callable[[tuple[SubgraphSource, ...]], None],
    ) -> None:
        self._settings = settings
        self._data_dir = data_dir
        self._holder = holder
        self._notices = notices
        self._tell_composed = composed
        self._composed: tuple[SubgraphSource, ...] = ()
        self._composer = Composer()
        self._code_is_old = False

    async def compose(self, sdl: Mapping[str, str]) -> None:
        """Serve the graph of the code that runs; raises SourceError."""
        await self._compose(await self._sources(sdl), self._holder)
        self._tell_composed(self._composed)

    async def follow(self, edits: Queue[Edit], *, once: asyncio.Event) -> None:
        """Take edits over once something is served.

        Returns when edited code composes, and a process that runs it should take over.
        """
        await once.wait()
        while True:
            weight, files = await edits.get()
            self._code_is_old |= weight is Weight.CODE
            try:
                if not self._code_is_old:
                    await self._take_over_schemas(files)
                elif await self._code_composes(files) and edits.empty():
                    tell("composed; reloading ...")
                    return
            except SourceError as error:
                self._composed = ()
                report([Diagnostic(SUBGRAPHS_NOT_READ, Severity.ERROR, error.message)], self._notices)

    async def _take_over_schemas(self, files: tuple[Path, ...]) -> None:
        sources = await self._sources()
        if sources == self._composed:
            return
        _tell_of(files)
        if await self._compose(sources, self._holder):
            tell("composed; now serving the new graph")
        self._tell_composed(sources)

    async def _code_composes(self, files: tuple[Path, ...]) -> bool:
        _tell_of(files)
        sdl = await rehearse(self._settings, self._data_dir)
        if isinstance(sdl, Diagnostic):
            report([sdl], self._notices)
            return False
        return await self._compose(await self._sources(sdl), SupergraphHolder())

    async def _sources(self, sdl: Mapping[str, str] | None = None) -> tuple[SubgraphSource, ...]:
        return await asyncio.to_thread(subgraph_sources, self._settings.supergraph, sdl)

    async def _compose(self, sources: tuple[SubgraphSource, ...], holder: SupergraphHolder) -> bool:
        self._composed = sources
        return await asyncio.to_thread(serve_composed, sources, holder, self._notices, self._composer)


def _tell_of(files: tuple[Path, ...]) -> None:
    here = Path.cwd()
    code = [file for file in files if file.suffix == ".py"]  # schemas follow from it
    names = (str(file.relative_to(here) if file.is_relative_to(here) else file) for file in code or files)
    tell(f"edited: {', '.join(names)}")
