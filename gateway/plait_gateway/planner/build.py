"""From the best paths to fetches: every visit that is not where a position starts becomes a fetch."""

from dataclasses import dataclass, field
from itertools import count

from graphql import OperationType, is_list_type, is_non_null_type

from plait_gateway.planner.fetch_graph import Ask, Asks, FetchGraph, FetchNode, Part
from plait_gateway.planner.paths import BestPaths
from plait_gateway.planner.position import Choice, Position, Visit
from plait_gateway.planner.representations import representation
from plait_gateway.planner.response_names import ResponseNames, ResponsePath
from plait_gateway.query_plan.nodes import Each, Key, On, PathElement, Representation
from plait_schema.query_graph import Conditions, Node, QueryGraph, Selection


def build_fetch_graph(paths: BestPaths, graph: QueryGraph) -> FetchGraph:
    """One fetch per visit, with representations made of what its needs bring."""
    builder = _Builder(paths, graph)
    steps: list[tuple[int, ...]] = []
    for position in paths.positions:
        before = len(builder.drafts)
        builder.add(position, None)
        steps.append(tuple(range(before, len(builder.drafts))))
    fetches = {draft.number: draft.finish() for draft in builder.drafts}
    return FetchGraph(graph, paths.operation, fetches, tuple(steps))


@dataclass(eq=False)
class _Tree:
    """A selection set that is still growing."""

    node: Node
    wants_typename: bool = False
    fields: dict[tuple[str, str, frozenset[str], Conditions], tuple[Selection, "_Tree | None"]] = field(
        default_factory=dict
    )

    def ask(self, selection: Selection, key: str, node: Node | None) -> "_Tree | None":
        """Ask a field; gives the tree below it."""
        index = (key, selection.field, selection.types, selection.conditions)
        if index not in self.fields:
            self.fields[index] = (selection, _Tree(node) if node else None)
        return self.fields[index][1]

    def finish(self) -> Asks:
        asks = [
            Ask(key, name, types, selection.arguments, conditions, below.finish() if below else None)
            for (key, name, types, conditions), (selection, below) in self.fields.items()
        ]
        return Asks(self.node, tuple(asks), self.wants_typename)


@dataclass(eq=False)
class _FetchDraft:
    number: int
    kind: OperationType
    path: tuple[PathElement, ...]
    tree: _Tree
    representation: Representation | None
    after: frozenset[int]

    def finish(self) -> FetchNode:
        part = Part(self.tree.finish(), self.representation)
        return FetchNode(self.number, self.tree.node.subgraph, self.kind, self.path, (part,), self.after)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a position starts: in which fetch, at which path."""

    fetch: int
    tree: _Tree
    path: tuple[PathElement, ...]
    names: ResponsePath
    types: frozenset[str]


class _Builder:
    def __init__(self, paths: BestPaths, graph: QueryGraph) -> None:
        self.drafts: list[_FetchDraft] = []
        self._graph = graph
        self._operation = paths.operation
        self._names = ResponseNames(paths.operation.selections)
        self._numbers = count()

    def add(self, position: Position, start: _Place | None) -> frozenset[int]:
        """Add a position's visits; gives the fetches that answer it."""
        answered: dict[tuple[int, int], frozenset[int]] = {}
        places: dict[int, _Place] = {}
        for at, visit in enumerate(position.visits):
            place = start if visit.entry is None else self._enter(visit, start, answered, places)
            if place is None:
                continue  # the root has no start
            places[at] = place
            place.tree.wants_typename |= visit.tells_typename
            for index, choice in enumerate(visit.choices):
                answered[at, index] = self._ask(choice, place)
        return frozenset({place.fetch for place in places.values()}.union(*answered.values()))

    def _enter(
        self,
        visit: Visit,
        start: _Place | None,
        answered: dict[tuple[int, int], frozenset[int]],
        places: dict[int, _Place],
    ) -> _Place:
        assert visit.entry is not None
        edge = visit.entry.edge
        path, names = (start.path, start.names) if start else ((), ())
        after = {start.fetch} if start else set()
        after |= {places[at].fetch for at in visit.typename_from if at in places}
        after = after.union(*(answered[need.visit, need.choice] for need in visit.needs))
        kind = OperationType.QUERY if start else self._operation.type
        sent = None
        if not edge.is_root:
            sent = representation(self._graph, edge, visit.requires, self._names, names)
        tree = _Tree(visit.node)
        draft = _FetchDraft(next(self._numbers), kind, path, tree, sent, frozenset(after))
        self.drafts.append(draft)
        types = start.types if start else self._graph.runtime_types(visit.node.type)
        return _Place(draft.number, tree, path, names, types)

    def _ask(self, choice: Choice, place: _Place) -> frozenset[int]:
        selection = choice.selection
        key = self._names.key_for(place.names, selection)
        target = next((visit.node for visit in choice.child.visits), None) if choice.child else None
        tree = place.tree.ask(selection, key, target)
        if choice.child is None or tree is None:
            return frozenset((place.fetch,))
        on = () if place.types <= selection.types else (On(tuple(sorted(selection.types))),)
        below = _Place(
            place.fetch,
            tree,
            (*place.path, *on, Key(key), *self._each(selection)),
            (*place.names, key),
            self._graph.possible_types(tree.node),
        )
        return self.add(choice.child, below)

    def _each(self, selection: Selection) -> tuple[Each, ...]:
        """A step for every list that the field's type is made of."""
        parent = self._graph.schema.type_map[min(selection.types)]
        field_type = parent.fields[selection.field].type  # type: ignore[attr-defined]  # an object type
        steps: list[Each] = []
        while is_list_type(field_type) or is_non_null_type(field_type):
            steps += [Each()] if is_list_type(field_type) else []
            field_type = field_type.of_type
        return tuple(steps)
