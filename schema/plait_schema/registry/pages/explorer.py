"""The schema of a version for people: each type and field with its subgraphs and its use."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_introspection_type,
    is_object_type,
    is_scalar_type,
    is_specified_scalar_type,
    is_union_type,
)

from plait_schema.registry.pages.pictures.entity_graph import field_set_text
from plait_schema.supergraph import Supergraph
from plait_schema.supergraph.model import FieldInSubgraph


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field, input field or enum value; `uses` is None where it is not counted."""

    name: str
    arguments: tuple[str, ...]
    type: str | None
    named_type: str | None
    description: str | None
    deprecated: str | None
    subgraphs: tuple[str, ...]
    uses: int | None


@dataclass(frozen=True, slots=True)
class ShownType:
    """A type that clients see."""

    name: str
    kind: str
    description: str | None
    subgraphs: tuple[str, ...]
    is_entity: bool
    fields: tuple[ShownField, ...]
    interfaces: tuple[str, ...]
    members: tuple[str, ...]
    uses: int | None


def shown_types(supergraph: Supergraph, uses: Mapping[str, int]) -> tuple[ShownType, ...]:
    """The types that clients see, root types first; `uses` are requests by coordinate."""
    schema = supergraph.api_schema
    roots = [root.name for root in (schema.query_type, schema.mutation_type) if root is not None]
    names = [
        name
        for name, type_ in schema.type_map.items()
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_)
    ]
    ordered = sorted(names, key=lambda name: (roots.index(name) if name in roots else len(roots), name))
    return tuple(_type(supergraph, name, uses) for name in ordered)


def owners_of(supergraph: Supergraph, type_: str, field: str) -> tuple[tuple[str, str], ...]:
    """The subgraphs that have the field, each with what it says of it."""
    return tuple(
        (name, _in_words(one))
        for name, one in sorted(supergraph.fields.get(type_, {}).get(field, {}).items())
    )


def fields_by_subgraph(supergraph: Supergraph) -> Mapping[str, int]:
    """How many fields each resolves."""
    return Counter(
        subgraph
        for fields in supergraph.fields.values()
        for in_subgraphs in fields.values()
        for subgraph, one in in_subgraphs.items()
        if not one.external
    )


def _in_words(one: FieldInSubgraph) -> str:
    said = ["has it from elsewhere (@external)" if one.external else "resolves it"]
    if one.requires is not None:
        said.append(f"requires {field_set_text(one.requires)}")
    if one.provides is not None:
        said.append(f"provides {field_set_text(one.provides)}")
    if one.override is not None:
        said.append(f"took it over from {one.override}")
    if one.override_label is not None:
        said.append(f"by the label {one.override_label}")
    return ", ".join(said)


def _type(supergraph: Supergraph, name: str, uses: Mapping[str, int]) -> ShownType:
    type_: Any = supergraph.api_schema.type_map[name]
    in_subgraphs = supergraph.types.get(name, {})
    fields = _fields(supergraph, name, type_, uses)
    counted = [field.uses for field in fields if field.uses is not None]
    return ShownType(
        name=name,
        kind=_kind(type_),
        description=type_.description,
        subgraphs=tuple(sorted(in_subgraphs)),
        is_entity=any(one.keys for one in in_subgraphs.values()),
        fields=fields,
        interfaces=tuple(one.name for one in getattr(type_, "interfaces", ())),
        members=tuple(one.name for one in type_.types) if is_union_type(type_) else (),
        uses=max(counted) if counted else None,
    )


def _fields(supergraph: Supergraph, name: str, type_: Any, uses: Mapping[str, int]) -> tuple[ShownField, ...]:
    if is_enum_type(type_):
        return tuple(
            ShownField(value, (), None, None, one.description, one.deprecation_reason, (), None)
            for value, one in type_.values.items()
        )
    if not (is_object_type(type_) or is_interface_type(type_) or is_input_object_type(type_)):
        return ()
    is_output = not is_input_object_type(type_)
    return tuple(
        ShownField(
            name=field,
            arguments=tuple(f"{argument}: {a.type}" for argument, a in getattr(one, "args", {}).items()),
            type=str(one.type),
            named_type=get_named_type(one.type).name,
            description=one.description,
            deprecated=one.deprecation_reason,
            subgraphs=_subgraphs(supergraph, name, field),
            uses=uses.get(f"{name}.{field}", 0) if is_output else None,
        )
        for field, one in type_.fields.items()
    )


def _subgraphs(supergraph: Supergraph, type_: str, field: str) -> tuple[str, ...]:
    """Those that resolve it."""
    found = supergraph.fields.get(type_, {}).get(field, {})
    return tuple(sorted(name for name, one in found.items() if not one.external))


def _kind(type_: Any) -> str:
    for is_kind, kind in (
        (is_object_type, "type"),
        (is_interface_type, "interface"),
        (is_union_type, "union"),
        (is_enum_type, "enum"),
        (is_input_object_type, "input"),
        (is_scalar_type, "scalar"),
    ):
        if is_kind(type_):
            return kind
    raise AssertionError(type_)
