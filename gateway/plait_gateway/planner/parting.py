"""Parting selections: what of them a node has itself, and what is left for other nodes."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from plait_schema.query_graph import Node, QueryGraph, Selection
from plait_schema.query_graph.selection import TYPENAME

_Inner: TypeAlias = tuple[Selection, ...] | None  # what is asked below a field; None if it is not asked


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Both together are the selections; `here` costs no fetch at the node."""

    here: tuple[Selection, ...]
    rest: tuple[Selection, ...]


class Parting:
    """Equal questions get the same objects, since selections have identity."""

    def __init__(self, graph: QueryGraph) -> None:
        self._graph = graph
        self._parted: dict[tuple[tuple[Selection, ...], Node], Parts] = {}

    def part(self, selections: tuple[Selection, ...], node: Node) -> Parts:
        """Part the selections of objects at a node; those for types that it cannot have are dropped."""
        question = (selections, node)
        if question not in self._parted:
            self._parted[question] = self._part(selections, node)
        return self._parted[question]

    def _part(self, selections: tuple[Selection, ...], node: Node) -> Parts:
        if self._graph.is_interface_object(node):
            return Parts((), selections)
        here: list[Selection] = []
        rest: list[Selection] = []
        possible = self._graph.possible_types(node)
        for selection in selections:
            alike: dict[tuple[_Inner, _Inner], list[str]] = {}
            for name in sorted(selection.types & possible):
                alike.setdefault(self._part_field(selection, node, name), []).append(name)
            for (inner, left), names in alike.items():
                if inner is not None:
                    here.append(_with(selection.of(*names), inner))
                if left is not None:
                    rest.append(_with(selection.of(*names), left))
        return Parts(tuple(here) if rest else selections, tuple(rest) if here or not rest else selections)

    def _part_field(self, selection: Selection, node: Node, type_name: str) -> tuple[_Inner, _Inner]:
        if selection.field == TYPENAME:
            return (), None
        found = self._graph.field_at(node, type_name, selection.field)
        if found is None or found.takes_input:
            return None, selection.selections
        child = self._graph.follow(node, type_name, selection.field)
        if child is None:
            return (), None
        parts = self.part(selection.selections, child)
        return parts.here if parts.here or not parts.rest else None, parts.rest or None


def _with(selection: Selection, inner: tuple[Selection, ...]) -> Selection:
    return selection if inner is selection.selections else replace(selection, selections=inner)
