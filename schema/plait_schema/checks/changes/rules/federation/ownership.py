"""Fields in subgraphs: who resolves them, and what for."""

from collections.abc import Iterator, Mapping

from graphql import SelectionSetNode, print_ast

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.checks.changes.rules.federation.entities import listed
from plait_schema.diagnostics import (
    FIELD_OVERRIDE_CHANGED,
    FIELD_PROVIDES_CHANGED,
    FIELD_REQUIRES_CHANGED,
    FIELD_SUBGRAPHS_CHANGED,
)
from plait_schema.supergraph import FieldInSubgraph


def resolvers(compared: Comparison) -> Iterator[Change]:
    """Which subgraphs resolve a field that is in both."""
    for coordinate, old, new in compared.joined_fields:
        before, after = _resolving(old), _resolving(new)
        if before != after:
            message = f"{coordinate} was resolved in {before} and is in {after}."
            yield compared.change(
                FIELD_SUBGRAPHS_CHANGED, coordinate, message, before=before, after=after, touches=()
            )


def field_sets(compared: Comparison) -> Iterator[Change]:
    """What a field requires, and what it provides, in the subgraphs that had it and have it."""
    for coordinate, subgraph, old, new in _joins(compared):
        for code, verb, before, after in (
            (FIELD_REQUIRES_CHANGED, "require", _text(old.requires), _text(new.requires)),
            (FIELD_PROVIDES_CHANGED, "provide", _text(old.provides), _text(new.provides)),
        ):
            if before != after:
                message = f'{coordinate} in "{subgraph}" {verb}d {before}, and {verb}s {after}.'
                yield compared.change(
                    code,
                    coordinate,
                    message,
                    before=f"{subgraph}: {before}",
                    after=f"{subgraph}: {after}",
                    touches=(),
                )


def overrides(compared: Comparison) -> Iterator[Change]:
    """From whom a subgraph takes a field over, and by which label."""
    for coordinate, subgraph, old, new in _joins(compared):
        before, after = _override(old), _override(new)
        if before != after:
            message = f'{coordinate} in "{subgraph}" was overridden {before}, and is {after}.'
            yield compared.change(
                FIELD_OVERRIDE_CHANGED,
                coordinate,
                message,
                before=f"{subgraph}: {before}",
                after=f"{subgraph}: {after}",
                touches=(),
            )


def _joins(compared: Comparison) -> Iterator[tuple[str, str, FieldInSubgraph, FieldInSubgraph]]:
    for coordinate, old, new in compared.joined_fields:
        for subgraph in sorted(old.keys() & new.keys()):
            yield coordinate, subgraph, old[subgraph], new[subgraph]


def _resolving(owners: Mapping[str, FieldInSubgraph]) -> str:
    return listed(name for name, owner in owners.items() if not owner.external)


def _text(field_set: SelectionSetNode | None) -> str:
    return "nothing" if field_set is None else " ".join(print_ast(field_set).split())


def _override(field: FieldInSubgraph) -> str:
    if field.override is None:
        return "from nobody"
    label = f" by {field.override_label}" if field.override_label else ""
    return f'from "{field.override}"{label}'
