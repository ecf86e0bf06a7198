"""What it takes to be where a way leads, with all that has to be fetched before it can be taken."""

from collections.abc import Iterator, Sequence

from plait_gateway.planner.draft import Draft
from plait_schema.query_graph import Standing, Way


class Prices:
    """Prices of ways while nothing is placed: ways share what they need, and it is priced once."""

    def __init__(self, draft: Draft, standing: Standing) -> None:
        self._draft = draft
        self._standing = standing
        self._known: dict[Way, tuple[int, int]] = {}

    def of(self, way: Way) -> tuple[int, int]:
        """Hops and new fetches to be on a node: none where one stands, little where one goes anyway."""
        if way.entry is None:
            return 0, 0
        if visit := self._draft.find(way, self._standing.type):
            return visit.depth, 0
        if way not in self._known:
            for one in (*ways_before(way, self._draft, self._standing), way):
                before = {*_nearest(one, self._standing)} & self._known.keys()
                own = 0 if self._draft.has_request(one) else 1
                self._known[one] = one.depth, own + sum(self._known[other][1] for other in before)
        return self._known[way]

    def lowest(self, ways: Sequence[Way]) -> int:
        """Which of the ways, the nearest of which come first, has the lowest price."""
        found, lowest = 0, self.of(ways[0])
        for at, way in enumerate(ways):
            if (way.depth, 0) >= lowest:
                break
            if (price := self.of(way)) < lowest:
                found, lowest = at, price
        return found


def ways_before(way: Way, draft: Draft, standing: Standing) -> list[Way]:
    """The nearest ways to what must be visited before a way can be taken and is not yet, in order."""
    found: dict[Way, None] = {}
    pending = [way]
    while pending:
        for nearest in _nearest(pending.pop(), standing):
            if nearest not in found and draft.find(nearest, standing.type) is None:
                found[nearest] = None
                pending.append(nearest)
    return sorted(found, key=lambda one: one.depth)


def _nearest(way: Way, standing: Standing) -> Iterator[Way]:
    """For everything that is sent the nearest way to it, where that is not at hand."""
    if way.entry is not None:
        for selection in (*way.entry.edge.key, *way.requires):
            for nearest in standing.ways(selection.field)[:1]:
                if nearest.entry is not None and nearest.depth < way.depth:
                    yield nearest
