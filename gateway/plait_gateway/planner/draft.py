"""A position while it is being worked out: visits are opened and asked as fields are placed."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from plait_gateway.planner.cost import Cost
from plait_gateway.planner.position import Choice, Need, Position, Visit, conditions_of
from plait_schema.query_graph import Conditions, Edge, Entry, Node, Selection, Way
from plait_schema.supergraph import ContextArgument

_VisitKey = tuple[Node, str, str | None]


@dataclass(eq=False)
class DraftVisit:
    """A visit that may still be asked more."""

    node: Node | None
    entry: Entry | None = None
    requires: tuple[Selection, ...] = ()
    contexts: tuple[ContextArgument, ...] = ()
    depth: int = 0
    needs: list[tuple["DraftVisit", int]] = field(default_factory=list)
    typename_from: list["DraftVisit"] = field(default_factory=list)
    tells_typename: bool = False
    elsewhere: list[frozenset[Edge]] = field(default_factory=list)  # other ways to what is asked here
    asked: list[tuple[Selection, Position | None]] = field(default_factory=list)
    _indexes: dict[tuple[Selection, Position | None], int] = field(default_factory=dict)

    def ask(
        self,
        selection: Selection,
        type_name: str,
        child: Position | None,
        *,
        types: frozenset[str] | None = None,
    ) -> int:
        """Ask a field of objects of a type (or of some); gives the index of the choice."""
        names = types or frozenset((type_name,))
        key = (selection, child)
        if key not in self._indexes:
            self._indexes[key] = len(self.asked)
            self.asked.append((replace(selection, types=names), child))
        index = self._indexes[key]
        known = self.asked[index][0]
        if not names <= known.types:
            self.asked[index] = (replace(known, types=known.types | names), child)
        return index


class Draft:
    """The visits of one position. `start` stands for the parent's field; the root has none.

    `avoided` are edges that are taken for want of others only.
    """

    def __init__(self, node: Node | None, avoided: frozenset[Edge] = frozenset()) -> None:
        self.avoided = avoided
        self.start = DraftVisit(node)
        self.missing: list[Selection] = []
        self._visits: dict[tuple[object, ...], DraftVisit] = {}
        self._hops = 0  # to the deepest visit
        self._requests: set[tuple[str, int]] = set()

    def has_request(self, way: Way) -> bool:
        """Whether the way's subgraph is asked for entities, of any type, when the way leads there."""
        return (way.node.subgraph, way.depth) in self._requests

    def find(self, way: Way, type_name: str) -> DraftVisit | None:
        """The open visit of a way."""
        return self._visits.get(_key(way, type_name))

    def avoidable(self) -> Iterator[Edge]:
        """Edges to what other visits could be asked as well, those that bring the least first."""
        visits = {visit.entry.edge: visit for visit in self._visits.values() if visit.entry}
        for edge in sorted(visits, key=lambda edge: len(visits[edge].asked)):
            others = visits.keys() - {edge}
            if edge not in self.avoided and all(ways & others for ways in visits[edge].elsewhere):
                yield edge

    def open(
        self,
        way: Way,
        type_name: str,
        needs: list[tuple[DraftVisit, int]],
        typename_from: list[DraftVisit],
    ) -> DraftVisit:
        """Open the visit of a way, after the visits that it needs."""
        below = [visit.depth + _hops(visit.asked[at][1]) for visit, at in needs]
        depth = max([0, *below, *(visit.depth for visit in typename_from)]) + 1
        visit = DraftVisit(way.node, way.entry, way.requires, way.contexts, depth, needs, typename_from)
        self._visits[_key(way, type_name)] = visit
        self._hops = max(self._hops, depth)
        self._requests.add((way.node.subgraph, depth))
        return visit

    def cost_with(self, hops: int, fetches: int, fields: int) -> Cost:
        """The cost of the position if it had this as well."""
        return Cost(max(self._hops, hops), fetches, fields)

    def finish(self) -> Position:
        """The position as it stands, with conditions handed down to what conditional visits need."""
        visits = [self.start, *self._visits.values()]
        order = sorted(visits, key=lambda visit: visit.depth)
        conditions = _conditions(order)
        places = {id(visit): at for at, visit in enumerate(order)}
        finished = tuple(_finished(visit, places, conditions) for visit in order)
        return Position(finished, tuple(self.missing), self._cost(order))

    def _cost(self, visits: list[DraftVisit]) -> Cost:
        children = [(visit.depth, child) for visit in visits for _, child in visit.asked if child]
        own = {(visit.node.subgraph, visit.depth) for visit in visits if visit.entry and visit.node}
        return Cost(
            hops=max(
                [visit.depth for visit in visits] + [depth + child.cost.hops for depth, child in children]
            ),
            fetches=len(own) + sum(child.cost.fetches for _, child in children),
            fields=sum(len(visit.asked) for visit in visits)
            + sum(child.cost.fields for _, child in children),
        )


def _key(way: Way, type_name: str) -> tuple[object, ...]:
    """Visits are shared by all that enter by one edge with the same inputs."""
    edge = way.entry.edge if way.entry else None
    return (edge, type_name if way.requires or way.contexts else None, way.requires, way.contexts)


def _hops(child: Position | None) -> int:
    return child.cost.hops if child else 0


def _conditions(visits: list[DraftVisit]) -> dict[tuple[int, int], Conditions]:
    """The conditions of every choice: the client's, and for internal ones those of the visits in need.

    Visits come nearest first. What is asked at the start anyway, a key's fields, is asked in any case.
    """
    found: dict[tuple[int, int], Conditions] = {}
    wanted: dict[tuple[int, int], list[Conditions]] = {}
    for visit in reversed(visits):
        for at, (selection, child) in enumerate(visit.asked):
            if selection.response_key is not None:
                found[id(visit), at] = selection.conditions
            elif visit.entry is None and child is None:
                found[id(visit), at] = frozenset()
            else:
                found[id(visit), at] = conditions_of(wanted.get((id(visit), at), [selection.conditions]))
        own = conditions_of([found[id(visit), at] for at in range(len(visit.asked))])
        for source, at in visit.needs:
            wanted.setdefault((id(source), at), []).append(own)
    return found


def _finished(
    visit: DraftVisit, places: dict[int, int], conditions: dict[tuple[int, int], Conditions]
) -> Visit:
    assert visit.node is not None or not visit.asked
    return Visit(
        visit.node or Node("", ""),
        visit.entry,
        visit.requires,
        visit.contexts,
        tuple(
            Choice(replace(selection, conditions=conditions[id(visit), at]), child)
            for at, (selection, child) in enumerate(visit.asked)
        ),
        tuple(dict.fromkeys(Need(places[id(source)], at) for source, at in visit.needs)),
        tuple(sorted({places[id(source)] for source in visit.typename_from})),
        visit.tells_typename,
    )
