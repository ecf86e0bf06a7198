"""Narrowing selections to objects that can be there: a field leads to the same ones in every subgraph."""

from plait_gateway.planner.parting import Parting
from plait_schema.query_graph import Node, QueryGraph, Selection


class Narrowing:
    """Equal questions get the same objects, since selections have identity."""

    def __init__(self, graph: QueryGraph, parting: Parting) -> None:
        self._graph = graph
        self._parting = parting
        self._narrowed: dict[tuple[tuple[Selection, ...], tuple[Node, ...]], tuple[Selection, ...]] = {}

    def narrow(self, selections: tuple[Selection, ...], nodes: tuple[Node, ...]) -> tuple[Selection, ...]:
        """What is asked below a field that leads to any of the nodes, without what cannot be there at one.

        What would cost nothing stays: a subgraph that already has a type may be ahead of the others.
        """
        question = (selections, nodes)
        if question not in self._narrowed:
            self._narrowed[question] = self._narrow(selections, nodes) or selections
        return self._narrowed[question]

    def _narrow(self, selections: tuple[Selection, ...], nodes: tuple[Node, ...]) -> tuple[Selection, ...]:
        common = frozenset.intersection(*(self._graph.possible_types(node) for node in nodes))
        kept: list[Selection] = []
        for selection in selections:
            if selection.types <= common or any(self._is_free(selection, node) for node in nodes):
                kept.append(selection)
            elif types := selection.types & common:
                kept.append(selection.of(*types))
        return tuple(kept)

    def _is_free(self, selection: Selection, node: Node) -> bool:
        may_be_there = bool(selection.types & self._graph.possible_types(node))
        return may_be_there and not self._parting.part((selection,), node).rest
