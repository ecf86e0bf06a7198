"""The one exception of reading a supergraph."""

from collections.abc import Iterable

from graphql import Node

from plait_schema.diagnostics import Code, Location, location


class SupergraphError(Exception):
    """A text that is no supergraph, or one of a kind that is not supported.

    `code` is a name of the table of codes, `locations` are places in the supergraph's SDL (their
    `subgraph` is the empty string, as the text is nobody's but the composer's).
    """

    def __init__(self, code: Code, message: str, locations: Iterable[Location] = ()) -> None:
        super().__init__(message)
        self.code = code.name
        self.message = message
        self.locations = tuple(locations)


def error_at(code: Code, message: str, node: Node | None = None) -> SupergraphError:
    """An error at a node of the supergraph's document."""
    place = location("", node) if node is not None else None
    return SupergraphError(code, message, (place,) if place else ())
