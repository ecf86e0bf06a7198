"""What elements cost to ask for: `@cost` and `@listSize` of a supergraph.

https://ibm.github.io/graphql-specs/cost-spec.html
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import DirectiveNode

from plait_schema.supergraph.document import SupergraphDocument, arguments_of


@dataclass(frozen=True, slots=True)
class ListSize:
    """How many items to expect: as many as the largest of the slicing arguments says, or as are assumed; in
    the list itself, or in the lists of the sized fields below. `requires_one` says that an operation gives
    exactly one of the slicing arguments."""

    assumed: int | None = None
    slicing_arguments: tuple[str, ...] = ()
    sized_fields: tuple[str, ...] = ()
    requires_one: bool = True


@dataclass(frozen=True, slots=True)
class Costs:
    """By coordinates: `Type`, `Type.field` and `Type.field(argument:)`."""

    weights: Mapping[str, int] = field(default_factory=dict)
    list_sizes: Mapping[str, ListSize] = field(default_factory=dict)


Applied: TypeAlias = Callable[[Any, str], Iterable[DirectiveNode]]
"""The applications on a node of `cost` or `listSize`, whatever these are called there."""


def read_costs(document: SupergraphDocument) -> Costs:
    """What the supergraph says; what says nothing is left out."""
    return costs_of(document.types, lambda node, name: document.applied(node, name, specification="cost"))


def costs_of(types: Iterable[Any], applied: Applied) -> Costs:
    """The same of the definitions, and extensions, of types."""
    weights: dict[str, int] = {}
    list_sizes: dict[str, ListSize] = {}
    for coordinate, node in _elements(types):
        for cost in applied(node, "cost"):
            weights[coordinate] = int(arguments_of(cost).get("weight") or 0)
        for list_size in applied(node, "listSize"):
            list_sizes[coordinate] = _list_size(arguments_of(list_size))
    return Costs(weights, list_sizes)


def _elements(types: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for node in types:
        name = node.name.value
        yield name, node
        for one in getattr(node, "fields", None) or ():
            yield f"{name}.{one.name.value}", one
            for argument in getattr(one, "arguments", None) or ():
                yield f"{name}.{one.name.value}({argument.name.value}:)", argument


def _list_size(arguments: Mapping[str, Any]) -> ListSize:
    return ListSize(
        arguments.get("assumedSize"),
        tuple(arguments.get("slicingArguments") or ()),
        tuple(arguments.get("sizedFields") or ()),
        arguments.get("requireOneSlicingArgument") is not False,
    )
