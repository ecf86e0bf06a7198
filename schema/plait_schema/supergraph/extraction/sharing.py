"""@shareable: which fields need it, given who resolves them.

https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/sharing-types
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graphql import ObjectTypeDefinitionNode

from plait_schema.subgraph.usage import selected_fields
from plait_schema.supergraph.extraction.definitions import Definitions, interfaces_of
from plait_schema.supergraph.extraction.holdings import Holding
from plait_schema.supergraph.extraction.joins import HeldField

Coordinate: TypeAlias = tuple[str, str]  # type and field


@dataclass(frozen=True, slots=True)
class _Resolver:
    """A subgraph that resolves a field, maybe through the interface object of an interface of its type."""

    subgraph: str
    coordinate: Coordinate
    field: HeldField


def shareable_fields(
    holdings: Mapping[str, Holding], definitions: Definitions
) -> Mapping[str, frozenset[Coordinate]]:
    """By subgraph: the fields that others resolve, too. Key fields need no @shareable."""
    keys = {subgraph: frozenset(_keys(holding, definitions)) for subgraph, holding in holdings.items()}
    found: dict[str, set[Coordinate]] = {subgraph: set() for subgraph in holdings}
    resolvers = _resolvers(holdings, definitions)
    for name, node in definitions.types.items():
        if not isinstance(node, ObjectTypeDefinitionNode) or name == "Subscription":
            continue
        for field in definitions.fields[name]:
            several = [
                resolver
                for type_ in (name, *interfaces_of(node))
                for resolver in resolvers.get((type_, field), ())
            ]
            for resolver in _at_once(several):
                if not resolver.field.is_external:
                    found[resolver.subgraph].add(resolver.coordinate)
    return {subgraph: frozenset(fields - keys[subgraph]) for subgraph, fields in found.items()}


def _resolvers(
    holdings: Mapping[str, Holding], definitions: Definitions
) -> Mapping[Coordinate, list[_Resolver]]:
    found: dict[Coordinate, list[_Resolver]] = {}
    for subgraph, holding in holdings.items():
        provided = frozenset(_provided(holding, definitions))
        for name, held in holding.items():
            is_object = isinstance(definitions.types[name], ObjectTypeDefinitionNode)
            for field_name, field in held.fields.items() if is_object or held.is_interface_object else ():
                coordinate = (name, field_name)
                if not field.is_overridden and (not field.is_external or coordinate in provided):
                    found.setdefault(coordinate, []).append(_Resolver(subgraph, coordinate, field))
    return found


def _at_once(resolvers: list[_Resolver]) -> Iterator[_Resolver]:
    """Those that are not alone, before a field has moved by its label or after it."""
    leaving = [resolver for resolver in resolvers if resolver.field.is_leaving]
    arriving = [
        resolver for resolver in resolvers if leaving and resolver.field.label and resolver.field.override
    ]
    for moved in (arriving, leaving):
        staying = [resolver for resolver in resolvers if resolver not in moved]
        if len(staying) > 1:
            yield from staying


def _keys(holding: Holding, definitions: Definitions) -> Iterator[Coordinate]:
    schema = definitions.schema
    for name, held in holding.items():
        for key in held.keys:
            yield from selected_fields(key.fields, schema.get_type(name), schema)


def _provided(holding: Holding, definitions: Definitions) -> Iterator[Coordinate]:
    schema = definitions.schema
    for name, held in holding.items():
        for field_name, field in held.fields.items():
            if field.provides:
                returned = schema.get_type(definitions.field_type(name, field_name, field.type))
                yield from selected_fields(field.provides, returned, schema)
