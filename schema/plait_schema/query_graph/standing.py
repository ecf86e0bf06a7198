"""From where one stands at a position: which subgraphs can be entered, and which fields can be had there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from plait_schema.query_graph.edges import Edge
from plait_schema.query_graph.node import Node
from plait_schema.query_graph.selection import TYPENAME, Selection
from plait_schema.supergraph import ContextArgument

if TYPE_CHECKING:
    from plait_schema.query_graph.graph import QueryGraph


@dataclass(frozen=True, slots=True)
class Entry:
    """The best edge into a node, and how many fetches one after another it takes to be there."""

    edge: Edge
    depth: int


@dataclass(frozen=True, slots=True)
class Way:
    """A node at which a field can be asked, after `depth` fetches, with what must be sent along.

    `entry` is how one comes to the node; None where one starts on it.
    """

    node: Node
    entry: Entry | None
    requires: tuple[Selection, ...]
    depth: int
    contexts: tuple[ContextArgument, ...] = ()  # arguments that are filled from above the position


class Standing:
    """A position where objects of a type (or all objects of an `@interfaceObject`) are at hand on nodes.

    `entries` are all nodes that can be entered from here by keys, by way of other nodes where necessary, the
    nearest first. `Exploration` finds them, and the ways, of which `settled_ways` are those that are final.
    """

    def __init__(self, graph: "QueryGraph", type_name: str, starts: tuple[Node, ...]) -> None:
        self.graph = graph
        self.type = type_name
        self.starts = starts
        self.entries: dict[tuple[Node, str], Entry] = {}  # by target, and which objects may take the edge
        self.settled_ways: dict[str, tuple[Way, ...]] = {}
        self._entered: dict[str, dict[str, list[tuple[int, Entry]]]] = {}  # by type and subgraph of the field

    def ways(self, field: str, contexts: frozenset[str] = frozenset()) -> tuple[Way, ...]:
        """The nodes at which a field can be asked below these contexts, its children apart; nearest first."""
        if (found := self.settled_ways.get(field)) is None:
            found = self.graph.exploration.ways(self, field)
        if not self.graph.supergraph.contexts:
            return found
        return tuple(way for way in found if all(one.context in contexts for one in way.contexts))

    def exact_ways(self, field: str, contexts: frozenset[str] = frozenset()) -> tuple[Way, ...]:
        """The ways by which no other objects are asked than those of the type.

        At an `@interfaceObject` all objects look alike, so that it can be asked for one type's objects only
        once these are told apart.
        """
        return tuple(way for way in self.ways(field, contexts) if self._is_exact(way))

    def edges(self) -> Iterator[Edge]:
        """The edges that lead on from here, if what they need can be had."""
        yield from self.graph.edges(self.type)
        interfaces = {node.type for node in self.starts if self.graph.is_interface_object(node)}
        for interface in sorted(interfaces - {self.type}):
            yield from self.graph.edges(interface)

    def opens(self, edge: Edge, within: int) -> bool:
        """Whether an edge can be followed after so many fetches one after another."""
        if self._wants_typename(edge) and not any(way.depth <= within for way in self.ways(TYPENAME)[:1]):
            return False
        return self.has(edge.key, within)

    def enter(self, entry: Entry) -> None:
        """Note how a node can be entered, unless a nearer way is known."""
        node = entry.edge.target
        if (node, entry.edge.on) not in self.entries:
            self.entries[node, entry.edge.on] = entry
            owner = node.type if self.graph.is_interface_object(node) else self.type
            in_subgraphs = self._entered.setdefault(owner, {})
            in_subgraphs.setdefault(node.subgraph, []).append((len(self.entries), entry))

    def places(self, field: str) -> Iterator[Way]:
        """Where a field is: on a start, if nothing must be sent for it, or on a node that can be entered.

        The depths are those of the nodes: what the field requires may be deeper.
        """
        for node in self.starts:
            if self._offers(node, field) and not self.graph.takes_input(node, self.type, field):
                yield Way(node, None, (), 0)
        for entry in self._entries_for(field):
            node = entry.edge.target
            if self._offers(node, field):
                requires = self.graph.requires(node, self.type, field)
                contexts = self.graph.context_arguments(node, self.type, field)
                yield Way(node, entry, requires, entry.depth, contexts)

    def has(self, selections: tuple[Selection, ...], within: int) -> bool:
        """Whether selections can be had with all in them within so many fetches one after another."""
        return self._has(selections, within, {})

    def _has(self, selections: tuple[Selection, ...], within: int, seen: "_Seen") -> bool:
        # all are asked for, so that exploring begins anew once and not once for each that it meets
        return not [one for one in selections if self._missing(one, within, seen) is not None]

    def _missing(self, selection: Selection, within: int, seen: "_Seen") -> Selection | None:
        """What of a selection cannot be had; its parts may come from several nodes."""
        left = selection
        for way in self.ways(selection.field):
            if way.depth > within:
                break
            inner = self._missing_below(left, way.node, within - way.depth, seen)
            if not inner:
                return None
            if inner != left.selections:
                left = replace(left, selections=inner)
        return left

    def _missing_below(
        self, selection: Selection, node: Node, within: int, seen: "_Seen"
    ) -> tuple[Selection, ...]:
        if selection.field == TYPENAME or not selection.selections:
            return ()
        child = self.graph.follow(node, self.type, selection.field)
        if child is None:
            return ()
        # several ways and types lead to the same node: looking anew for each would be too much at each level
        key = (child, selection.selections, within)
        if key not in seen:
            seen[key] = self._missing_at(child, selection.selections, within, seen)
        return seen[key]

    def _missing_at(
        self, child: Node, selections: tuple[Selection, ...], within: int, seen: "_Seen"
    ) -> tuple[Selection, ...]:
        missing: list[Selection] = []
        possible = self.graph.possible_types(child)
        for inner in selections:
            types = inner.types & possible
            if self._is_had_as_one(child, types, possible, inner, within, seen):
                continue
            for type_name in sorted(types):
                left = self.graph.standing(type_name, (child,))._missing(inner, within, seen)
                if left is not None:
                    missing.append(left.of(type_name))
        return tuple(missing)

    def _is_had_as_one(
        self,
        child: Node,
        types: frozenset[str],
        possible: frozenset[str],
        inner: Selection,
        within: int,
        seen: "_Seen",
    ) -> bool:
        """Objects of each type are asked for themselves, unless the subgraph cannot tell them apart."""
        if not types or types != possible or not self.graph.is_interface_object(child):
            return False
        return self.graph.standing(child.type, (child,))._has((inner,), within, seen)

    def _entries_for(self, field: str) -> Iterable[Entry]:
        """The entries into subgraphs that have the field, in order: one look for each would be too many."""
        if field == TYPENAME:
            return self.entries.values()
        found = [
            numbered
            for owner, in_subgraphs in self._entered.items()
            for subgraph in self.graph.subgraphs_with(owner, field)
            for numbered in in_subgraphs.get(subgraph, ())
        ]
        return [entry for _, entry in sorted(found, key=itemgetter(0))]

    def _wants_typename(self, edge: Edge) -> bool:
        """Whether the objects must be told apart first, which an `@interfaceObject` cannot do."""
        if not any(self.graph.is_interface_object(node) for node in self.starts):
            return False
        return self.graph.runtime_types(edge.on) == {edge.on}

    def _offers(self, node: Node, field: str) -> bool:
        if field == TYPENAME:
            return not self.graph.is_interface_object(node)
        if self.graph.field_at(node, self.type, field) is None:
            return False
        if self.is_object() or self.graph.is_interface_object(node):
            return True
        return all(  # an interface's objects all at once: each must have the field there, as it is
            self.graph.field_at(node, name, field) and not self.graph.takes_input(node, name, field)
            for name in self.graph.possible_types(node)
        )

    def _is_exact(self, way: Way) -> bool:
        if not self.graph.is_interface_object(way.node):
            return True
        return self.type == (way.node.type if way.entry is None else way.entry.edge.on)

    def is_object(self) -> bool:
        """Whether the type is an object type, so that its objects are of no other."""
        return self.graph.runtime_types(self.type) == {self.type}


_Seen: TypeAlias = dict[tuple[Node, tuple[Selection, ...], int], tuple[Selection, ...]]
"""What is missing of selections on a node, within so many fetches."""
