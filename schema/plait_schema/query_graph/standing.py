"""From where one stands at a position: which subgraphs can be entered, and which fields can be had there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING

from plait_schema.query_graph.edges import Edge
from plait_schema.query_graph.node import Node
from plait_schema.query_graph.selection import TYPENAME, Selection

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


@dataclass(frozen=True, slots=True)
class Need:
    """A selection, or a part of one, and the way by which it is had. `depth` counts its children, too."""

    selection: Selection
    way: Way
    depth: int


class Standing:
    """A position where objects of a type (or all objects of an `@interfaceObject`) are at hand on nodes.

    `entries` are all nodes that can be entered from here by keys, by way of other nodes where necessary.
    """

    def __init__(self, graph: "QueryGraph", type_name: str, starts: tuple[Node, ...]) -> None:
        self.graph = graph
        self.type = type_name
        self.starts = starts
        self.entries: dict[tuple[Node, str], Entry] = {}  # by target, and which objects may take the edge
        self._entered: dict[str, dict[str, list[tuple[int, Entry]]]] = {}  # by type and subgraph of the field
        self.asked_early = False  # by a position inside it, while its entries were not all known
        self._needs: dict[Selection, tuple[tuple[Need, ...], Selection | None]] = {}
        self._ways: dict[str, tuple[Way, ...]] = {}
        self._searched: set[str] = set()

    def find(self, selection: Selection) -> tuple[Need, ...] | None:
        """The fewest fetches deep way to a selection with all in it, in several parts if need be, or None."""
        needs, missing = self.resolve(selection)
        return needs if missing is None else None

    def resolve(self, selection: Selection) -> tuple[tuple[Need, ...], Selection | None]:
        """What of a selection can be had, and what cannot."""
        if (known := self._needs.get(selection)) is not None:
            return known
        with self.graph.lock:
            found = self._resolve(selection)
            if not self._searched:  # else it may lack what is being searched for
                self._needs[selection] = found
        return found

    def ways(self, field: str) -> tuple[Way, ...]:
        """The nodes at which a field can be asked, its children apart; the nearest first."""
        if (known := self._ways.get(field)) is not None:
            return known
        with self.graph.lock:
            return self._search(field)

    def exact_ways(self, field: str) -> tuple[Way, ...]:
        """The ways by which no other objects are asked than those of the type.

        At an `@interfaceObject` all objects look alike, so that it can be asked for one type's objects only
        once these are told apart.
        """
        return tuple(way for way in self.ways(field) if self._is_exact(way))

    def enter(self, edge: Edge) -> Entry | None:
        """What it takes to follow an edge from the nodes that are known so far, or None."""
        depth = 0
        if self._wants_typename(edge):
            if not (ways := self.ways(TYPENAME)):
                return None
            depth = ways[0].depth
        below = self._depth_of(edge.key)
        return None if below is None else Entry(edge, max(depth, below) + 1)

    def add(self, entry: Entry) -> None:
        """Note how a node can be entered, unless a nearer way is known."""
        node = entry.edge.target
        if (node, entry.edge.on) not in self.entries:
            self.entries[node, entry.edge.on] = entry
            owner = node.type if self.graph.is_interface_object(node) else self.type
            in_subgraphs = self._entered.setdefault(owner, {})
            in_subgraphs.setdefault(node.subgraph, []).append((len(self.entries), entry))

    def forget(self) -> None:
        """Answers given before the last entries were known are not the best ones any more."""
        self._needs.clear()
        self._ways.clear()

    def _wants_typename(self, edge: Edge) -> bool:
        """Whether the objects must be told apart first, which an `@interfaceObject` cannot do."""
        is_object = self.graph.runtime_types(edge.on) == {edge.on}
        return is_object and any(self.graph.is_interface_object(node) for node in self.starts)

    def _search(self, field: str) -> tuple[Way, ...]:
        if field in self._searched:
            return ()  # it is required to get at itself
        self._searched.add(field)
        found = tuple(sorted(self._find_ways(field), key=lambda way: way.depth))
        self._searched.remove(field)
        if not self._searched:
            self._ways[field] = found
        return found

    def _find_ways(self, field: str) -> Iterator[Way]:
        for node in self.starts:
            if self._has(node, field) and not self.graph.requires(node, self.type, field):
                yield Way(node, None, (), 0)
        for entry in self._entries_for(field):
            node = entry.edge.target
            if self._has(node, field):
                requires = self.graph.requires(node, self.type, field)
                if (needed := self._depth_of(requires)) is not None:
                    yield Way(node, entry, requires, max(needed + 1, entry.depth))

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

    def _has(self, node: Node, field: str) -> bool:
        if field == TYPENAME:
            return not self.graph.is_interface_object(node)
        if self.graph.field_at(node, self.type, field) is None:
            return False
        if self._is_object() or self.graph.is_interface_object(node):
            return True
        return all(  # an interface's objects all at once: each must have the field there, as it is
            self.graph.field_at(node, name, field) and not self.graph.requires(node, name, field)
            for name in self.graph.possible_types(node)
        )

    def _is_exact(self, way: Way) -> bool:
        if not self.graph.is_interface_object(way.node):
            return True
        return self.type == (way.node.type if way.entry is None else way.entry.edge.on)

    def _is_object(self) -> bool:
        return self.graph.runtime_types(self.type) == {self.type}

    def _depth_of(self, selections: tuple[Selection, ...]) -> int | None:
        depth = 0
        for selection in selections:
            needs = self.find(selection)
            if needs is None:
                return None
            depth = max(depth, *(need.depth for need in needs))
        return depth

    def _resolve(self, selection: Selection) -> tuple[tuple[Need, ...], Selection | None]:
        needs: list[Need] = []
        missing = selection
        ways = list(self.ways(selection.field))
        while ways:
            tried = self._try(missing, ways)
            rated = [
                (left.size if left else 0, way.depth + below, at, left) for at, way, below, left in tried
            ]
            size, depth, at, left = min(rated, key=lambda rating: rating[:3])
            way = ways.pop(at)
            if left is not None and size >= missing.size:
                break  # nothing in it can be had there
            needs.append(Need(missing, way, depth))
            if left is None:
                return tuple(needs), None
            missing = left
        return tuple(needs), missing

    def _try(self, selection: Selection, ways: list[Way]) -> Iterator[tuple[int, Way, int, Selection | None]]:
        for at, way in enumerate(ways):
            below, missing = self._descend(selection, way.node)
            left = replace(selection, selections=missing) if missing else None
            yield at, way, below, left
            if left is None and below == 0:
                return  # no later one is nearer

    def _descend(self, selection: Selection, node: Node) -> tuple[int, tuple[Selection, ...]]:
        """How much deeper a selection's children take one, and which of them cannot be had."""
        if selection.field == TYPENAME:
            return 0, ()
        child = self.graph.follow(node, self.type, selection.field)
        if child is None:
            return 0, ()
        depth = 0
        missing: list[Selection] = []
        possible = self.graph.possible_types(child)
        for inner in selection.selections:
            types = inner.types & possible
            for type_name in self._positions(child, types, possible, inner):
                needs, left = self.graph.standing(type_name, (child,)).resolve(inner)
                depth = max((depth, *(need.depth for need in needs)))
                if left is not None:
                    only = types if type_name == child.type else frozenset((type_name,))
                    missing.append(replace(left, types=only))
        return depth, tuple(missing)

    def _positions(
        self, child: Node, types: frozenset[str], possible: frozenset[str], inner: Selection
    ) -> tuple[str, ...]:
        """Objects of each type for itself, unless the subgraph cannot tell them apart and need not."""
        as_one = types and types == possible and self.graph.is_interface_object(child)
        if as_one and self.graph.standing(child.type, (child,)).find(inner) is not None:
            return (child.type,)
        return tuple(sorted(types))


def explore(
    graph: "QueryGraph", type_name: str, starts: tuple[Node, ...], exploring: list[Standing]
) -> Standing:
    """Enter all that can be entered, the nearest first: an entry's depth is the least there is."""
    standing = Standing(graph, type_name, starts)
    exploring.append(standing)
    pending = list(_edges(graph, type_name, starts))
    while pending:
        found = [entry for edge in pending if (entry := standing.enter(edge)) is not None]
        if not found:
            break
        nearest = min(entry.depth for entry in found)
        for entry in sorted(found, key=lambda entry: sum(selection.size for selection in entry.edge.key)):
            if entry.depth == nearest:
                standing.add(entry)
        pending = [edge for edge in pending if (edge.target, edge.on) not in standing.entries]
        standing.forget()
    exploring.remove(standing)
    return standing


def _edges(graph: "QueryGraph", type_name: str, starts: tuple[Node, ...]) -> Iterator[Edge]:
    yield from graph.edges(type_name)
    for interface in sorted({node.type for node in starts if graph.is_interface_object(node)} - {type_name}):
        yield from graph.edges(interface)
