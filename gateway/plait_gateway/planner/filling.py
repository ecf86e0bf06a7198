"""Variables for arguments that contexts fill: where each value stands, and which fetches bring it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from graphql import NonNullTypeNode, print_ast

from plait_gateway.planner.contexts import nearest_first, types_of
from plait_gateway.planner.fetch_graph import Filled
from plait_gateway.planner.lists import list_steps
from plait_gateway.planner.normalize import INTERNAL_PREFIX
from plait_gateway.planner.response_names import ResponseNames, ResponsePath, free_name
from plait_gateway.query_plan.nodes import ContextRead, ContextVariable, Key, On, PathElement
from plait_schema.query_graph import QueryGraph, Selection, context_selections
from plait_schema.query_graph.selection import TYPENAME, field_type
from plait_schema.supergraph import ContextArgument


@dataclass(frozen=True, slots=True)
class Passed:
    """Objects on the way to a field: where they stand, and of which types those are that lead on."""

    names: ResponsePath
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Value:
    """One place where a value may stand: as steps of a path, and as keys from the root."""

    path: tuple[PathElement, ...]
    names: ResponsePath
    tells: tuple[ResponsePath, ...]  # the objects whose `__typename` decides


class Filling:
    """The variables of one operation; equal ones are one."""

    def __init__(self, graph: QueryGraph, names: ResponseNames, taken: Collection[str]) -> None:
        self._graph = graph
        self._names = names
        self._taken = taken
        self._variables: dict[tuple[tuple[ContextRead, ...], str], str] = {}

    def fill(
        self, argument: ContextArgument, way: tuple[Passed, ...]
    ) -> tuple[Filled, frozenset[ResponsePath]]:
        """The variable for an argument at the end of a way, and the leaves that must be there first."""
        reads: list[ContextRead] = []
        leaves: set[ResponsePath] = set()
        for at in nearest_first(len(way)):
            passed = way[at]
            selections = tuple(context_selections(self._graph.supergraph, argument, passed.types))
            for value in self._values(selections, passed.types, passed.names):
                reads.append(ContextRead(len(way) - 1 - at, value.path))
                leaves.update((value.names, *((*names, TYPENAME) for names in value.tells)))
            if passed.types <= types_of(selections):
                break
        required = isinstance(argument.type, NonNullTypeNode)
        variable = ContextVariable(self._name(tuple(reads), argument), tuple(reads), required)
        return Filled(variable, argument.type), frozenset(leaves)

    def _name(self, reads: tuple[ContextRead, ...], argument: ContextArgument) -> str:
        key = (reads, print_ast(argument.type))
        if key not in self._variables:
            name = f"{INTERNAL_PREFIX}context{len(self._variables)}"
            self._variables[key] = free_name(name, self._taken)
        return self._variables[key]

    def _values(
        self, selections: tuple[Selection, ...], types: frozenset[str], names: ResponsePath
    ) -> Iterator[_Value]:
        """Every leaf of the selections of objects of these types."""
        for selection in selections:
            if not selection.types & types:
                continue
            key = self._names.key_for(names, selection)
            on = () if types <= selection.types else (On(tuple(sorted(selection.types))),)
            tells = (names,) if on else ()
            if not selection.selections:
                yield _Value((*on, Key(key)), (*names, key), tells)
                continue
            inner = field_type(self._graph.schema, min(selection.types), selection.field)
            assert inner is not None, f"{selection.field} is checked when the supergraph is read"
            below = self._graph.runtime_types(inner)
            steps = (*on, Key(key), *list_steps(self._graph, selection))
            for value in self._values(selection.selections, below, (*names, key)):
                yield _Value((*steps, *value.path), value.names, (*tells, *value.tells))
