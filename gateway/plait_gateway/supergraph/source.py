"""Where a supergraph comes from: read once at the start, followed afterwards."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

from plait_gateway.supergraph.holder import SupergraphHolder, as_diagnostic
from plait_gateway.supergraph.notices import Notices
from plait_gateway.supergraph.served_graph import ServedGraph, load_graph
from plait_schema.diagnostics import Diagnostic
from plait_schema.supergraph import SupergraphError

_log = logging.getLogger(__name__)

Prepare: TypeAlias = Callable[[ServedGraph], Awaitable[None]]


class SupergraphUnavailable(Exception):  # noqa: N818 - it names a state of the source, not of our code
    """There is no supergraph to start with. The message says why, in one line."""


class SupergraphSource(Protocol):
    """Whoever follows it serves the last good supergraph until there is a better one."""

    def load(self) -> None:
        """Serve what there is now. Blocks; raises SupergraphUnavailable."""
        ...

    async def watch(self, swapped: Callable[[], None], prepare: Prepare) -> None:
        """Follow until cancelled: `prepare` a graph before it is served, tell that it was `swapped`."""
        ...


async def swap_in(
    sdl: str,
    holder: SupergraphHolder,
    notices: Notices,
    prepare: Prepare,
    *,
    origin: str,
    release: str | None = None,
) -> bool:
    """Serve another supergraph once it is loaded and prepared. False if it is refused: the old one stays."""
    try:
        graph = await asyncio.to_thread(load_graph, sdl, release=release)
    except SupergraphError as error:
        refused = as_diagnostic(error, file=origin)
        _log.error("refused, the old supergraph stays: %s", one_line(refused))
        notices.show([refused])
        return False
    await prepare(graph)
    holder.current = graph
    notices.show([])
    _log.info("now serving supergraph %s from %s", graph.version, release or origin)
    return True


def one_line(diagnostic: Diagnostic) -> str:
    """A finding as `file:line:column CODE message`."""
    places = [f"{at.file or 'supergraph'}:{at.line}:{at.column} " for at in diagnostic.locations[:1]]
    return f"{''.join(places)}{diagnostic.code} {diagnostic.message}"
