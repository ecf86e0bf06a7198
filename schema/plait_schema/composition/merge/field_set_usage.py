"""Which fields of a subgraph its own directives and interfaces make use of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from plait_schema.federation import applied, string_argument
from plait_schema.federation.fields import fields_of
from plait_schema.federation.type_reference import named_type
from plait_schema.subgraph import Subgraph
from plait_schema.subgraph.usage import selected_fields, used_fields

FieldCoordinate: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class FieldSetUsage:
    """(type, field) pairs of one subgraph."""

    keys: frozenset[FieldCoordinate]
    provided: frozenset[FieldCoordinate]
    used: frozenset[FieldCoordinate]  # by any field set, context or interface


def field_set_usage(subgraph: Subgraph) -> FieldSetUsage:
    """Walk the field sets of the subgraph."""
    return FieldSetUsage(
        keys=frozenset(_keys(subgraph)),
        provided=frozenset(_provided(subgraph)),
        used=used_fields(subgraph.types, subgraph.schema),
    )


def _keys(subgraph: Subgraph) -> Iterator[FieldCoordinate]:
    for name, node in subgraph.types.items():
        for key in applied(node, "key"):
            field_set = string_argument(key, "fields") or ""
            yield from selected_fields(field_set, subgraph.schema.get_type(name), subgraph.schema)


def _provided(subgraph: Subgraph) -> Iterator[FieldCoordinate]:
    for node in subgraph.types.values():
        for field in fields_of(node):
            for provides in applied(field, "provides"):
                field_set = string_argument(provides, "fields") or ""
                returned = subgraph.schema.get_type(named_type(field.type).name.value)
                yield from selected_fields(field_set, returned, subgraph.schema)
