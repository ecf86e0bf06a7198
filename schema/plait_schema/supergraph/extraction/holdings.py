"""Who has what: for each subgraph the types that it has, and what of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from graphql import EnumTypeDefinitionNode, TypeDefinitionNode

from plait_schema.supergraph.extraction.definitions import Definitions, interfaces_of, members_of
from plait_schema.supergraph.extraction.joins import Held, HeldField, Joins

Holding: TypeAlias = Mapping[str, Held]  # by type

_Said: TypeAlias = Mapping[str, Mapping[str, HeldField]]  # field -> subgraph
_Names: TypeAlias = Mapping[str, tuple[str, ...]]  # by subgraph


def holdings_of(definitions: Definitions, joins: Joins) -> Mapping[str, Holding]:
    """For each subgraph, sorted by name, its part of each type. What has no join is in every subgraph."""
    found: dict[str, dict[str, Held]] = {endpoint.name: {} for endpoint in joins.endpoints.values()}
    for name, node in definitions.types.items():
        holders = joins.types(node) or dict.fromkeys(found, Held())
        fields = _fields(definitions, node, holders, joins)
        interfaces = _interfaces(node, holders, joins)
        members = _members(node, holders, joins)
        values = _values(node, holders, joins)
        for subgraph, held in holders.items():
            found[subgraph][name] = replace(
                held,
                fields=_held_fields(name, fields, subgraph),
                interfaces=interfaces.get(subgraph, ()),
                members=members.get(subgraph, ()),
                values=values.get(subgraph, ()),
            )
    return found


def _fields(
    definitions: Definitions, node: TypeDefinitionNode, holders: Iterable[str], joins: Joins
) -> _Said:
    unsaid = [owner] if (owner := joins.owner(node)) else list(holders)
    said = {name: joins.fields(field) for name, field in definitions.fields[node.name.value].items()}
    return {
        name: dict.fromkeys(unsaid, HeldField()) if by_subgraph is None else by_subgraph
        for name, by_subgraph in said.items()
    }


def _held_fields(type_: str, said: _Said, subgraph: str) -> Mapping[str, HeldField]:
    """The fields of a type in a subgraph, where it has at least one.

    Where none is said, those must be there that were overridden from there. Only the query root may have
    had no others than those that federation adds.
    """
    fields = {name: by_subgraph[subgraph] for name, by_subgraph in said.items() if subgraph in by_subgraph}
    if fields or type_ == "Query":
        return fields
    return {
        name: HeldField(is_overridden=True)
        for name, by_subgraph in said.items()
        if any(field.override == subgraph for field in by_subgraph.values())
    }


def _interfaces(node: TypeDefinitionNode, holders: Iterable[str], joins: Joins) -> _Names:
    if not joins.says("implements"):
        return dict.fromkeys(holders, interfaces_of(node))
    return joins.named(node, "implements", "interface")


def _members(node: TypeDefinitionNode, holders: Iterable[str], joins: Joins) -> _Names:
    if not joins.says("unionMember"):
        return dict.fromkeys(holders, members_of(node))
    return joins.named(node, "unionMember", "member")


def _values(node: TypeDefinitionNode, holders: Iterable[str], joins: Joins) -> _Names:
    """A value that no @join__enumValue speaks of is in every subgraph that has the enum."""
    values = (node.values or ()) if isinstance(node, EnumTypeDefinitionNode) else ()
    said = {value.name.value: joins.values(value) for value in values}
    return {
        subgraph: tuple(value for value, by in said.items() if not by or subgraph in by)
        for subgraph in holders
    }
