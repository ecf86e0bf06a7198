"""The search for the visits of a position: each field goes where all fields together cost least."""

from plait_gateway.planner.attempts import best
from plait_gateway.planner.cost import Budget
from plait_gateway.planner.draft import Draft
from plait_gateway.planner.narrowing import Narrowing
from plait_gateway.planner.parting import Parting
from plait_gateway.planner.placing import Placing
from plait_gateway.planner.position import Position
from plait_gateway.planner.watching import Watcher
from plait_schema.query_graph import Edge, Node, QueryGraph, Selection, Way
from plait_schema.query_graph.selection import TYPENAME


class Search:
    """Positions of one operation; equal questions are answered once."""

    def __init__(self, graph: QueryGraph, budget: Budget, watcher: Watcher | None = None) -> None:
        self.graph = graph
        self.budget = budget
        self.watcher = watcher
        self.parting = Parting(graph)
        self.narrowing = Narrowing(graph, self.parting)
        self._answered: dict[tuple[tuple[Selection, ...], Node], Position] = {}
        self._asked: set[tuple[tuple[Selection, ...], Node]] = set()

    def root(self, type_name: str, selections: tuple[Selection, ...]) -> Position:
        """The operation's root: every subgraph that has the root type can be entered."""
        fields = [(type_name, selection) for selection in selections]

        def attempt(avoided: frozenset[Edge]) -> Draft:
            draft = Draft(None, avoided)
            self._place_all(draft, fields, ())
            return draft

        return best(attempt, self.budget)

    def position(self, selections: tuple[Selection, ...], node: Node) -> Position:
        """What stands below a field that leads to a node."""
        question = (selections, node)
        if question in self._answered:
            return self._answered[question]
        if question in self._asked:  # a key whose parts need the key itself
            return Position((), selections)
        self._asked.add(question)
        position = self._answer(selections, node)
        self._asked.remove(question)
        self._answered[question] = position
        return position

    def _answer(self, selections: tuple[Selection, ...], node: Node) -> Position:
        return best(lambda avoided: self._attempt(selections, node, avoided), self.budget)

    def _attempt(self, selections: tuple[Selection, ...], node: Node, avoided: frozenset[Edge]) -> Draft:
        draft = Draft(node, avoided)
        later: list[tuple[str, Selection]] = []
        possible = self.graph.possible_types(node)
        for selection in selections:
            types = selection.types & possible
            if not types:
                continue  # no object here is of a type that was asked for
            if self.graph.is_interface_object(node):
                later.extend(self._of_interface_object(selection, types, node, possible))
            else:
                later.extend((name, selection) for name in self._place_here(draft, selection, types, node))
        self._place_all(draft, later, (node,))
        return draft

    def _place_all(self, draft: Draft, fields: list[tuple[str, Selection]], starts: tuple[Node, ...]) -> None:
        """Place fields that have little choice first, so that the others can go where one goes anyway."""

        def choice(field: tuple[str, Selection]) -> tuple[int, int]:
            name, selection = field
            ways = self.graph.standing(name, starts).ways(selection.field, selection.contexts)
            if not selection.selections or len(ways) < 2:
                return len(ways), 0
            return sum(self.has_all(selection, way, name) for way in ways) or len(ways), -selection.size

        for name, selection in sorted(fields, key=choice):
            Placing(self, draft, self.graph.standing(name, starts)).place(selection)

    def _place_here(
        self, draft: Draft, selection: Selection, types: frozenset[str], node: Node
    ) -> tuple[str, ...]:
        """Ask at the start what costs nothing there; returns the types for which it does cost something."""
        if selection.field == TYPENAME:
            draft.start.tells_typename = True
            return ()
        rest: list[str] = []
        for name in sorted(types):
            found = self.graph.field_at(node, name, selection.field)
            if found is None or found.takes_input:
                rest.append(name)
                continue
            child = self.below(selection, node, name)
            if child is None or (not child.cost.fetches and not child.missing):
                draft.start.ask(selection, name, child)
            else:
                rest.append(name)
        return tuple(rest)

    def _of_interface_object(
        self, selection: Selection, types: frozenset[str], node: Node, possible: frozenset[str]
    ) -> list[tuple[str, Selection]]:
        """All objects at once where all are asked: their types need not be known. Else one by one."""
        if types == possible and self.graph.standing(node.type, (node,)).ways(
            selection.field, selection.contexts
        ):
            return [(node.type, selection)]
        return [(name, selection) for name in sorted(types)]

    def below(self, selection: Selection, node: Node, type_name: str) -> Position | None:
        """The position under a field that is asked at a node; None under a leaf."""
        if selection.field == TYPENAME:
            return None
        child = self.graph.follow(node, type_name, selection.field)
        return None if child is None else self.position(selection.selections, child)

    def has_all(self, selection: Selection, way: Way, type_name: str) -> bool:
        """Whether a field needs no fetch more once it is asked by a way."""
        child = self.graph.follow(way.node, type_name, selection.field)
        return child is None or self.is_free(selection.selections, child)

    def is_free(self, selections: tuple[Selection, ...], node: Node) -> bool:
        """Whether all of it can be asked at the node itself: then no other place can be cheaper."""
        return not self.parting.part(selections, node).rest
