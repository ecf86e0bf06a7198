"""What can be removed, and what was removed too early. The names are Cosmo's."""

from collections.abc import Iterator
from typing import Final

from plait_schema.checks.changes import Change, Graph
from plait_schema.checks.operations import Traffic
from plait_schema.diagnostics import (
    ARG_REMOVED,
    DEPRECATED_FIELDS,
    FIELD_REMOVED,
    INPUT_FIELD_REMOVED,
    REQUIRE_DEPRECATION_BEFORE_DELETION,
    UNUSED_FIELDS,
    VALUE_REMOVED_FROM_ENUM,
    VALUE_REMOVED_FROM_OUTPUT_ENUM,
    Diagnostic,
)

_REMOVALS: Final = frozenset(
    code.name
    for code in (
        FIELD_REMOVED,
        ARG_REMOVED,
        INPUT_FIELD_REMOVED,
        VALUE_REMOVED_FROM_ENUM,
        VALUE_REMOVED_FROM_OUTPUT_ENUM,
    )
)


def require_deprecation_before_deletion(changes: tuple[Change, ...], before: Graph) -> Iterator[Diagnostic]:
    """Clients learn from a deprecation that an element will go, while there is time to do without it."""
    for change in changes:
        element = before.elements.get(change.coordinate)
        if change.code.name in _REMOVALS and getattr(element, "deprecation_reason", None) is None:
            message = f"{change.coordinate} was removed without having been deprecated."
            fix = 'Keep it with @deprecated(reason: "…") until nobody uses it.'
            yield REQUIRE_DEPRECATION_BEFORE_DELETION.at(change.coordinate, message, fix=fix)


def unused_fields(graph: Graph, declared: frozenset[str], traffic: Traffic) -> Iterator[Diagnostic]:
    """A field of the subgraph that is not deprecated, and that no recorded operation asks."""
    for coordinate in _unused(graph, declared, traffic):
        if graph.elements[coordinate].deprecation_reason is None:
            message = f"No recorded operation uses the field {coordinate}."
            fix = "Deprecate it, if nobody will."
            yield UNUSED_FIELDS.at(coordinate, message, fix=fix)


def deprecated_fields(graph: Graph, declared: frozenset[str], traffic: Traffic) -> Iterator[Diagnostic]:
    """A field of the subgraph that is deprecated, and that no recorded operation asks any more."""
    for coordinate in _unused(graph, declared, traffic):
        if graph.elements[coordinate].deprecation_reason is not None:
            message = f"No recorded operation uses the deprecated field {coordinate} any more."
            yield DEPRECATED_FIELDS.at(coordinate, message, fix="Remove it.")


def _unused(graph: Graph, declared: frozenset[str], traffic: Traffic) -> Iterator[str]:
    """What operations ask through an interface is a field of the interface: implementations are left out."""
    for name, type_ in graph.types.items():
        if not hasattr(type_, "interfaces"):
            continue
        inherited = {field for interface in type_.interfaces for field in interface.fields}
        for field in type_.fields:
            coordinate = f"{name}.{field}"
            if coordinate in declared and field not in inherited and not traffic.touched((coordinate,)):
                yield coordinate
