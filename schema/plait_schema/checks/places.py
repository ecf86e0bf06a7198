"""Where a subgraph's schema has what a finding is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from graphql import GraphQLError, Source, get_location

from plait_schema.diagnostics import Location
from plait_schema.federation.parsing import parse_document
from plait_schema.subgraph import SubgraphSource
from plait_schema.subgraph.coordinates import Coordinates
from plait_schema.subgraph.limits import too_large


@dataclass(frozen=True)
class Places:
    """The places of coordinates in one subgraph's schema."""

    source: SubgraphSource

    @cached_property
    def declared(self) -> Mapping[str, int]:
        """Where each element begins, by coordinate; nothing for a text that is too large or no GraphQL."""
        if too_large(self.source):
            return {}
        try:
            document = parse_document(self.source.sdl)
        except GraphQLError:
            return {}
        found: dict[str, int] = {}
        for element in Coordinates.of(document).elements:
            found.setdefault(element.coordinate, element.start)
        return found

    def of(self, coordinate: str | None) -> tuple[Location, ...]:
        """The element itself; what is no longer there, where it was; the beginning, if that is gone too."""
        for candidate in _around(coordinate or ""):
            if candidate in self.declared:
                at = get_location(Source(self.source.sdl), self.declared[candidate])
                return (Location(self.source.name, self.source.file, at.line, at.column),)
        return (Location(self.source.name, self.source.file, 1, 1),)


def _around(coordinate: str) -> tuple[str, str, str]:
    """An argument, its field, its type."""
    return coordinate, coordinate.partition("(")[0], coordinate.partition(".")[0]
