"""What elements cost to ask for: gateways refuse operations that are expected to cost too much."""

import json
from collections.abc import Iterator

from graphql import get_named_type, is_composite_type

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.checks.changes.graph import Graph
from plait_schema.diagnostics import (
    COST_DECREASED,
    COST_INCREASED,
    LIST_SIZE_CHANGED,
    LIST_SIZE_DECREASED,
)
from plait_schema.supergraph import ListSize


def weights(compared: Comparison) -> Iterator[Change]:
    """`@cost`, compared as what it makes of the element: a field without it costs what its type does."""
    before, after = compared.before, compared.after
    for coordinate in _in_both(compared, before.costs.weights.keys() | after.costs.weights.keys()):
        old, new = _weight(before, coordinate), _weight(after, coordinate)
        if old != new:
            code = COST_INCREASED if new > old else COST_DECREASED
            message = f"{coordinate} costs {new}, and did {old}."
            yield compared.change(code, coordinate, message, before=str(old), after=str(new))


def list_sizes(compared: Comparison) -> Iterator[Change]:
    """`@listSize`. Without it, how long a list is taken for is up to the gateway."""
    before, after = compared.before.costs.list_sizes, compared.after.costs.list_sizes
    for coordinate in _in_both(compared, before.keys() | after.keys()):
        old, new = before.get(coordinate), after.get(coordinate)
        had, has = _written(old), _written(new)
        if had != has:
            code = LIST_SIZE_DECREASED if old and new and _counts_less(old, new) else LIST_SIZE_CHANGED
            message = f"{coordinate} has {has}, and had {had}."
            yield compared.change(code, coordinate, message, before=had, after=has)


def _in_both(compared: Comparison, coordinates: set[str]) -> list[str]:
    return sorted(coordinates & compared.before.elements.keys() & compared.after.elements.keys())


def _weight(graph: Graph, coordinate: str) -> int:
    if (weight := graph.costs.weights.get(coordinate)) is not None:
        return weight
    element = graph.elements[coordinate]
    if hasattr(element, "args"):  # a field
        returned = get_named_type(element.type)
        return graph.costs.weights.get(returned.name, int(is_composite_type(returned)))
    return int(is_composite_type(element))


def _counts_less(old: ListSize, new: ListSize) -> bool:
    """Whether nothing but the assumed size differs, which is smaller, or what operations have to give."""
    if (old.slicing_arguments, old.sized_fields) != (new.slicing_arguments, new.sized_fields):
        return False
    if old.assumed is None or new.assumed is None:
        is_shorter = old.assumed is new.assumed
    else:
        is_shorter = new.assumed <= old.assumed
    return is_shorter and (old.requires_one or not new.requires_one)


def _written(size: ListSize | None) -> str:
    """As the directive with what counts of it."""
    if size is None:
        return "no @listSize"
    arguments = [] if size.assumed is None else [f"assumedSize: {size.assumed}"]
    if size.slicing_arguments:
        arguments.append(f"slicingArguments: {json.dumps(size.slicing_arguments)}")
        if not size.requires_one:
            arguments.append("requireOneSlicingArgument: false")
    if size.sized_fields:
        arguments.append(f"sizedFields: {json.dumps(size.sized_fields)}")
    return f"@listSize({', '.join(arguments)})"
