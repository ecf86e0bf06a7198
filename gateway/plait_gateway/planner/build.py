"""From the best paths to fetches: every visit that is not where a position starts becomes a fetch."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import count

from graphql import ArgumentNode, NameNode, OperationType, VariableNode

from plait_gateway.planner.fetch_graph import Ask, Asks, FetchGraph, FetchNode, Filled, Part
from plait_gateway.planner.filling import Filling, Passed
from plait_gateway.planner.lists import list_steps
from plait_gateway.planner.paths import BestPaths
from plait_gateway.planner.position import Choice, Position, Visit
from plait_gateway.planner.representations import representation
from plait_gateway.planner.response_names import ResponseNames, ResponsePath
from plait_gateway.query_plan.nodes import Key, On, PathElement, Representation
from plait_schema.query_graph import Conditions, Node, QueryGraph, Selection
from plait_schema.query_graph.selection import TYPENAME


def build_fetch_graph(paths: BestPaths, graph: QueryGraph) -> FetchGraph:
    """One fetch per visit, with representations made of what its needs bring."""
    builder = _Builder(paths, graph)
    steps: list[tuple[int, ...]] = []
    for position in paths.positions:
        before = len(builder.drafts)
        builder.add(position, None)
        steps.append(tuple(range(before, len(builder.drafts))))
    builder.wait_for_contexts()
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
    contexts: tuple[Filled, ...] = ()
    leaves: frozenset[ResponsePath] = frozenset()  # what the contexts read

    def finish(self) -> FetchNode:
        part = Part(self.tree.finish(), self.representation)
        subgraph = self.tree.node.subgraph
        return FetchNode(self.number, subgraph, self.kind, self.path, (part,), self.after, self.contexts)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a position starts: in which fetch, at which path, and by way of which objects.

    `arguments` are what contexts give to every field that is asked here.
    """

    fetch: int
    tree: _Tree
    path: tuple[PathElement, ...]
    names: ResponsePath
    types: frozenset[str]
    way: tuple[Passed, ...] = ()
    arguments: tuple[ArgumentNode, ...] = ()


class _Builder:
    def __init__(self, paths: BestPaths, graph: QueryGraph) -> None:
        self.drafts: list[_FetchDraft] = []
        self._graph = graph
        self._operation = paths.operation
        self._names = ResponseNames(paths.operation.selections)
        self._filling = Filling(graph, self._names, paths.operation.variables)
        self._leaves: dict[ResponsePath, set[int]] = defaultdict(set)  # which fetches ask a leaf
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
            if visit.tells_typename:
                place.tree.wants_typename = True
                self._leaves[*place.names, TYPENAME].add(place.fetch)
            for index, choice in enumerate(visit.choices):
                answered[at, index] = self._ask(choice, place)
        return frozenset({place.fetch for place in places.values()}.union(*answered.values()))

    def wait_for_contexts(self) -> None:
        """Let fetches wait for what brings their contexts, which may have been added after them."""
        for draft in self.drafts:
            draft.after = draft.after.union(*(self._leaves[leaf] for leaf in draft.leaves))

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
        place = _Place(draft.number, tree, path, names, types, start.way if start else ())
        return replace(place, arguments=self._fill(visit, place, draft)) if visit.contexts else place

    def _fill(self, visit: Visit, place: _Place, draft: _FetchDraft) -> tuple[ArgumentNode, ...]:
        """Give the fetch the variables of its contexts; returns the arguments made of them."""
        assert visit.entry is not None
        own = Passed(place.names, place.types & self._graph.runtime_types(visit.entry.edge.on))
        filled = [self._filling.fill(argument, (*place.way, own)) for argument in visit.contexts]
        draft.contexts = tuple(dict.fromkeys(variable for variable, _ in filled))
        draft.leaves = frozenset().union(*(leaves for _, leaves in filled))
        return tuple(
            ArgumentNode(
                name=NameNode(value=argument.name),
                value=VariableNode(name=NameNode(value=variable.variable.name)),
            )
            for argument, (variable, _) in zip(visit.contexts, filled, strict=True)
        )

    def _ask(self, choice: Choice, place: _Place) -> frozenset[int]:
        selection = choice.selection
        key = self._names.key_for(place.names, selection)
        target = next((visit.node for visit in choice.child.visits), None) if choice.child else None
        asked = replace(selection, arguments=(*selection.arguments, *place.arguments))
        tree = place.tree.ask(asked, key, target)
        if choice.child is None or tree is None:
            self._leaves[*place.names, key].add(place.fetch)
            return frozenset((place.fetch,))
        on = () if place.types <= selection.types else (On(tuple(sorted(selection.types))),)
        below = _Place(
            place.fetch,
            tree,
            (*place.path, *on, Key(key), *list_steps(self._graph, selection)),
            (*place.names, key),
            self._graph.possible_types(tree.node),
            (*place.way, Passed(place.names, place.types & selection.types)),
        )
        return self.add(choice.child, below)
