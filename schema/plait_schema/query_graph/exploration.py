"""Working out what positions can reach: all that needs each other together, one fetch deeper at a time.

To enter a node its key must be had, to ask a field what it requires must be had, and these are fields in
turn, of this position and of those below it. The least fixed point of all that is found without recursion:
what one question asks becomes a question of its own. At each depth everything is taken that rests on what
is known to be less deep, so that what is taken stays true, and what needs itself is never taken.
"""

from collections.abc import Hashable
from dataclasses import replace
from sys import maxsize
from threading import RLock
from typing import TYPE_CHECKING, TypeAlias

from plait_schema.query_graph.edges import Edge
from plait_schema.query_graph.node import Node
from plait_schema.query_graph.standing import Entry, Standing, Way

if TYPE_CHECKING:
    from plait_schema.query_graph.graph import QueryGraph


class Exploration:
    """The positions of a graph. Threads may share it: one at a time works out what none has asked before.

    `looks` counts how often a question was looked into: the measure of the work. `from_target` asks that what
    a field requires can be had from the node at which the field is asked, whatever the way there brought
    along: what holds then does so for every gateway, as composition promises.
    """

    def __init__(self, *, from_target: bool = False) -> None:
        self.from_target = from_target
        self.looks = 0
        self._lock = RLock()
        self._open: dict[Hashable, _Question] = {}
        self._settled: dict[tuple[str, tuple[Node, ...]], Standing] = {}

    def standing(self, graph: "QueryGraph", type_name: str, starts: tuple[Node, ...]) -> Standing:
        """The position where objects of a type stand on these nodes; while exploring, as known."""
        key = (type_name, starts)
        if (settled := self._settled.get(key)) is not None:
            return settled
        with self._lock:
            if (settled := self._settled.get(key)) is not None:
                return settled
            question = self._open.get(key)
            if not isinstance(question, _Entries):
                question = _Entries(Standing(graph, type_name, starts))
                self._ask(key, question)
            return question.standing

    def ways(self, standing: Standing, field: str) -> tuple[Way, ...]:
        """The ways to a field; while exploring, those that are known."""
        key = (standing, field)
        with self._lock:
            if (settled := standing.settled_ways.get(field)) is not None:
                return settled
            question = self._open.get(key)
            if not isinstance(question, _Ways):
                question = _Ways(standing, field)
                if self._is_settled(standing) and question.is_free():
                    question.take_all()
                    standing.settled_ways[field] = question.known
                else:
                    self._ask(key, question)
            return question.known

    def _is_settled(self, standing: Standing) -> bool:
        return (standing.type, standing.starts) in self._settled

    def _ask(self, key: Hashable, question: "_Question") -> None:
        is_exploring = bool(self._open)
        self._open[key] = question
        if is_exploring:
            return  # by a question under way, which is looked into again
        try:
            self._explore()
            self._settle()
        finally:
            self._open.clear()

    def _explore(self) -> None:
        depth = 0
        while True:
            asked = len(self._open)
            found = self._look(depth)
            is_over = not found and depth > 0 and not self._is_anything_left()
            if len(self._open) > asked:
                depth = 0  # what has been asked just now may be less deep than what is known
            elif found:
                for question in found:
                    question.take(depth)
            elif is_over:
                return
            else:
                depth += 1

    def _look(self, depth: int) -> "list[_Question]":
        self.looks += len(self._open)
        return [question for question in tuple(self._open.values()) if question.look(depth)]

    def _is_anything_left(self) -> bool:
        """Whether more can be had at some depth: the depths of a field and of its children add up."""
        self.looks += len(self._open)
        return any(question.look(maxsize) for question in tuple(self._open.values()))

    def _settle(self) -> None:
        for question in self._open.values():
            match question:
                case _Entries(standing=standing):
                    self._settled[standing.type, standing.starts] = standing
                case _Ways(standing=standing, field=field, known=known):
                    standing.settled_ways[field] = known


class _Entries:
    """Which nodes can be entered from a position?"""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self._pending = tuple(standing.edges())
        self._found: tuple[Edge, ...] = ()

    def look(self, depth: int) -> bool:
        opens = self.standing.opens
        self._found = tuple(edge for edge in self._pending if depth and opens(edge, depth - 1))
        return bool(self._found)

    def take(self, depth: int) -> None:
        for edge in sorted(self._found, key=lambda edge: sum(selection.size for selection in edge.key)):
            self.standing.enter(Entry(edge, depth))
        entries = self.standing.entries
        self._pending = tuple(edge for edge in self._pending if (edge.target, edge.on) not in entries)


class _Ways:
    """At which nodes can a field be asked?"""

    def __init__(self, standing: Standing, field: str) -> None:
        self.standing = standing
        self.field = field
        self.known: tuple[Way, ...] = ()
        self._pending: list[Way] = []
        self._found: list[Way] = []
        self._entered: int | None = None  # the number of entries that were looked at

    def is_free(self) -> bool:
        """Whether nothing must be had before the field is asked, wherever that is."""
        self._gather()
        return not any(way.requires for way in self._pending)

    def take_all(self) -> None:
        self.known = tuple(sorted(self._pending, key=lambda way: way.depth))

    def look(self, depth: int) -> bool:
        self._gather()
        self._found = [
            way
            for way in self._pending
            if way.depth <= depth and (not way.requires or self._has_required(way, depth - 1))
        ]
        return bool(self._found)

    def _has_required(self, way: Way, within: int) -> bool:
        graph = self.standing.graph
        if not graph.exploration.from_target:
            return self.standing.has(way.requires, within)
        if way.entry is not None and way.entry.edge.is_root:
            return False  # without a key there is no asking once more
        return graph.standing(self.standing.type, (way.node,)).has(way.requires, within)

    def take(self, depth: int) -> None:
        self.known += tuple(replace(way, depth=depth) for way in self._found)
        taken = set(map(id, self._found))
        self._pending = [way for way in self._pending if id(way) not in taken]

    def _gather(self) -> None:
        if self._entered != len(self.standing.entries):
            self._entered = len(self.standing.entries)
            known = {(way.node, way.entry) for way in self.known}
            places = self.standing.places(self.field)
            self._pending = [way for way in places if (way.node, way.entry) not in known]


_Question: TypeAlias = _Entries | _Ways
