"""What fields take from contexts is selected of the objects above them, before paths are searched."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from graphql import print_ast

from plait_gateway.planner.normalize import NormalOperation
from plait_schema.query_graph import Conditions, QueryGraph, Selection, context_selections
from plait_schema.query_graph.selection import TYPENAME, field_type
from plait_schema.supergraph import ContextArgument


def select_contexts(operation: NormalOperation, graph: QueryGraph) -> NormalOperation:
    """The operation with internal selections for all that its fields may take from contexts.

    A field is told which contexts are set above it: without them it can be had only where it needs none.
    """
    if not graph.supergraph.contexts:
        return operation
    root = _Level(frozenset((operation.root,)))
    return replace(operation, selections=_Selecting(graph).below(operation.selections, root, ()))


@dataclass(eq=False)
class _Level:
    """The objects at one place of the response, and what is wanted of them."""

    types: frozenset[str]
    wanted: dict[tuple[str, str, frozenset[str]], tuple[tuple[Selection, ...], Conditions]] = field(
        default_factory=dict
    )

    def want(self, argument: ContextArgument, selections: tuple[Selection, ...], on: Conditions) -> None:
        """Select this under these conditions; what is wanted under several is selected under any."""
        key = (argument.context, print_ast(argument.selection), types_of(selections))
        known, before = self.wanted.get(key, (selections, on))
        self.wanted[key] = (known, before & on)

    def selections(self) -> Iterator[Selection]:
        for selections, conditions in self.wanted.values():
            yield from (replace(selection, conditions=conditions) for selection in selections)
        if self.wanted and len(self.types) > 1:
            yield Selection(TYPENAME, self.types)  # whether an object sets the context depends on it


_Way = tuple[tuple[_Level, Selection], ...]  # from the root: the objects, and the field that leads on


class _Selecting:
    def __init__(self, graph: QueryGraph) -> None:
        self._graph = graph

    def below(self, selections: Iterable[Selection], level: _Level, above: _Way) -> tuple[Selection, ...]:
        done = [self._selected(selection, (*above, (level, selection))) for selection in selections]
        return (*done, *level.selections())

    def _selected(self, selection: Selection, way: _Way) -> Selection:
        found = {argument.context for argument in self._arguments(selection) if self._find(argument, way)}
        inner = field_type(self._graph.schema, min(selection.types), selection.field)
        below = selection.selections
        if below and inner is not None:
            below = self.below(below, _Level(self._graph.runtime_types(inner)), way)
        return replace(selection, selections=below, contexts=frozenset(found))

    def _arguments(self, selection: Selection) -> Iterator[ContextArgument]:
        """What the field takes from contexts, in any subgraph and on any type."""
        for name in sorted(selection.types):
            for owner in self._graph.supergraph.fields.get(name, {}).get(selection.field, {}).values():
                yield from owner.context_arguments

    def _find(self, argument: ContextArgument, way: _Way) -> bool:
        """Select the value of the nearest objects that set the context; False when there are none."""
        found = False
        for at in nearest_first(len(way)):
            level, through = way[at]
            selections = tuple(context_selections(self._graph.supergraph, argument, through.types))
            if selections:
                found = True
                level.want(argument, selections, _conditions(way[at:]))
            if through.types <= types_of(selections):
                break
        return found


def nearest_first(levels: int) -> tuple[int, ...]:
    """In which order the objects on a way are asked for a context, the last being the field's own object.

    That one comes after all above it: a context is there to be handed down.
    """
    return (*range(levels - 2, -1, -1), levels - 1)


def types_of(selections: Iterable[Selection]) -> frozenset[str]:
    """The types of all the objects that are asked."""
    return frozenset().union(*(selection.types for selection in selections))


def _conditions(way: _Way) -> Conditions:
    return frozenset().union(*(selection.conditions for _, selection in way))
