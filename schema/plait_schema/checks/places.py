"""Where the schemas of subgraphs have what a finding is about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graphql import GraphQLError

from plait_schema.diagnostics import Location, location_at
from plait_schema.federation.parsing import parse_document
from plait_schema.subgraph import SubgraphSource
from plait_schema.subgraph.coordinates import Coordinates
from plait_schema.subgraph.limits import too_large


@dataclass(frozen=True)
class Places:
    """The places of coordinates in the schemas of some subgraphs; `before` are their old versions."""

    sources: tuple[SubgraphSource, ...]
    before: tuple[SubgraphSource, ...] = ()

    @cached_property
    def declared(self) -> Mapping[str, Mapping[str, Location]]:
        """Where each element begins, by coordinate and subgraph."""
        return _declared(self.sources)

    @cached_property
    def declared_before(self) -> Mapping[str, Mapping[str, Location]]:
        return _declared(self.before)

    def of(self, coordinate: str | None) -> tuple[Location, ...]:
        """The element itself; what is no longer there, where it was; the beginning, if that is gone too."""
        candidates = _around(coordinate or "")
        if candidates[0] not in self.declared:
            for candidate in candidates:
                for name in self.declared_before.get(candidates[0], ()):
                    if (place := self.declared.get(candidate, {}).get(name)) is not None:
                        return (place,)
        for candidate in candidates:
            for place in self.declared.get(candidate, {}).values():
                return (place,)
        return tuple(Location(source.name, source.file, 1, 1) for source in self.sources[:1])


def _declared(sources: Iterable[SubgraphSource]) -> Mapping[str, Mapping[str, Location]]:
    found: dict[str, dict[str, Location]] = {}
    for source in sources:
        text = source.sdl.removeprefix("\ufeff")  # as it is parsed
        for coordinate, start in _starts(source):
            place = location_at(source.name, text, start, file=source.file)
            found.setdefault(coordinate, {}).setdefault(source.name, place)
    return found


def _starts(source: SubgraphSource) -> Iterator[tuple[str, int]]:
    """Nothing for a text that cannot be read."""
    if too_large(source):
        return
    try:
        document = parse_document(source.sdl)
    except GraphQLError:
        return
    yield from ((element.coordinate, element.start) for element in Coordinates.of(document).elements)


def _around(coordinate: str) -> tuple[str, str, str]:
    """An argument, its field, its type."""
    return coordinate, coordinate.partition("(")[0], coordinate.partition(".")[0]
