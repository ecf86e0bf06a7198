"""What elements cost to ask for: `@cost` and `@listSize` of a supergraph.

https://ibm.github.io/graphql-specs/cost-spec.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from plait_schema.supergraph.document import SupergraphDocument, arguments_of


@dataclass(frozen=True, slots=True)
class ListSize:
    """How many items to expect: as many as the largest of the slicing arguments says, or as are assumed; in
    the list itself, or in the lists of the sized fields below."""

    assumed: int | None = None
    slicing_arguments: tuple[str, ...] = ()
    sized_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Costs:
    """By coordinates: `Type`, `Type.field` and `Type.field(argument:)`."""

    weights: Mapping[str, int] = field(default_factory=dict)
    list_sizes: Mapping[str, ListSize] = field(default_factory=dict)


def read_costs(document: SupergraphDocument) -> Costs:
    """What the supergraph says; what says nothing is left out."""
    weights: dict[str, int] = {}
    list_sizes: dict[str, ListSize] = {}
    for coordinate, node in _elements(document):
        for applied in document.applied(node, "cost", specification="cost"):
            weights[coordinate] = int(arguments_of(applied).get("weight") or 0)
        for applied in document.applied(node, "listSize", specification="cost"):
            list_sizes[coordinate] = _list_size(arguments_of(applied))
    return Costs(weights, list_sizes)


def _elements(document: SupergraphDocument) -> Iterator[tuple[str, Any]]:
    for node in document.types:
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
    )
