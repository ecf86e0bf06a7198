"""What a field takes from the objects above it: `@context` and `@fromContext`."""

from collections.abc import Iterable, Iterator
from sys import maxsize
from typing import TYPE_CHECKING

from plait_schema.query_graph.node import Node
from plait_schema.query_graph.selection import Selection, parse_selections, runtime_types
from plait_schema.supergraph import ContextArgument, Supergraph

if TYPE_CHECKING:
    from plait_schema.query_graph.graph import QueryGraph


def context_selections(
    supergraph: Supergraph, argument: ContextArgument, types: frozenset[str]
) -> Iterator[Selection]:
    """What is selected for an argument of objects of these types, as far as they set its context.

    A root type that is not Query's sets none: its fields cannot be asked once more.
    """
    schema = supergraph.schema
    roots = (schema.mutation_type, schema.subscription_type)
    left = types - {root.name for root in roots if root is not None}
    for setter in supergraph.contexts.get(argument.context, ()):
        if found := left & runtime_types(schema, setter):
            selections = parse_selections(schema, setter, argument.selection, found)
            yield from (selection for selection in selections if selection.types)
            left -= found


def contexts_below(
    graph: "QueryGraph", type_name: str, nodes: Iterable[Node], above: frozenset[str]
) -> frozenset[str]:
    """The contexts that are set for the fields of objects of a type, whose own come before those above.

    A context whose value cannot be had where the objects stand hides the one above it, and is not set.
    """
    starts: list[tuple[Node, ...]] = [(node,) for node in nodes] or [()]
    own = graph.contexts_of(type_name)
    return above.difference(own) | {
        context
        for context, selections in own.items()
        if all(
            any(graph.standing(name, start).has((selection,), maxsize) for start in starts)
            for selection in selections
            for name in selection.types
        )
    }


def contexts_of(supergraph: Supergraph, type_name: str) -> dict[str, tuple[Selection, ...]]:
    """The contexts that objects of a type set, with all that any field takes from them."""
    found: dict[str, tuple[Selection, ...]] = {}
    types = runtime_types(supergraph.schema, type_name)
    for argument in _arguments(supergraph):
        if selections := tuple(context_selections(supergraph, argument, types)):
            found[argument.context] = (*found.get(argument.context, ()), *selections)
    return found


def _arguments(supergraph: Supergraph) -> Iterator[ContextArgument]:
    for fields in supergraph.fields.values():
        for owners in fields.values():
            for owner in owners.values():
                yield from owner.context_arguments
