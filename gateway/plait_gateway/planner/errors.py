"""The one exception of planning."""

from collections.abc import Iterable

from graphql import Node, get_location

from plait_gateway.errors import ErrorCode


class PlanningError(Exception):
    """An operation for which there is no plan: a code of the gateway's table, why, and where.

    `locations` are line and column pairs in the client's document.
    """

    def __init__(self, code: ErrorCode, message: str, *, nodes: Iterable[Node] = ()) -> None:
        super().__init__(message)
        self.code = code.name
        self.message = message
        places = (get_location(node.loc.source, node.loc.start) for node in nodes if node.loc)
        self.locations = tuple((place.line, place.column) for place in places)
