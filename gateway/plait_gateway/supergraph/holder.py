"""Where the current graph is kept and swapped."""

from plait_gateway.supergraph.served_graph import ServedGraph, load_graph
from plait_schema.diagnostics import Diagnostic, Location, Severity
from plait_schema.supergraph import SupergraphError


class SupergraphHolder:
    """Holds the graph being served, or None before there is one.

    A request reads `current` once and keeps what it read, so a swap takes nothing from it.
    """

    def __init__(self, graph: ServedGraph | None = None) -> None:
        self.current = graph

    def replace(self, sdl: str) -> tuple[Diagnostic, ...]:
        """Load the SDL and serve it from now on.

        When it cannot be served, the old graph stays and the reasons come back. Blocks while it loads; may
        be called in a thread.
        """
        try:
            self.current = load_graph(sdl)
        except SupergraphError as error:
            return (as_diagnostic(error),)
        return ()


def as_diagnostic(error: SupergraphError, *, file: str | None = None) -> Diagnostic:
    """Why a supergraph cannot be served, in the form in which all findings about schemas are shown."""
    places = tuple(Location("", file, place.line, place.column) for place in error.locations)
    return Diagnostic(error.code, Severity.ERROR, error.message, locations=places)
