"""Types in subgraphs: who has them, by which keys, and as what."""

from collections.abc import Iterable, Iterator

from graphql import print_ast

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.diagnostics import ENTITY_KEYS_CHANGED, INTERFACE_OBJECT_CHANGED, TYPE_SUBGRAPHS_CHANGED
from plait_schema.supergraph import KeyInSubgraph, TypeInSubgraph


def types(compared: Comparison) -> Iterator[Change]:
    """Which subgraphs have a type that is in both."""
    for name, old, new in compared.joined_types:
        if old.keys() != new.keys():
            before, after = listed(old), listed(new)
            message = f"{name} was in {before} and is in {after}."
            yield compared.change(
                TYPE_SUBGRAPHS_CHANGED, name, message, before=before, after=after, touches=()
            )


def keys(compared: Comparison) -> Iterator[Change]:
    """The keys of a type in the subgraphs that had it and have it."""
    for name, subgraph, old, new in _joins(compared):
        before, after = _keys(old.keys), _keys(new.keys)
        if before != after:
            message = f'The keys of {name} in "{subgraph}" were {before} and are {after}.'
            where = f"{subgraph}: {before}", f"{subgraph}: {after}"
            yield compared.change(
                ENTITY_KEYS_CHANGED, name, message, before=where[0], after=where[1], touches=()
            )


def interface_objects(compared: Comparison) -> Iterator[Change]:
    """Whether a subgraph knows an interface as if it were an object type."""
    for name, subgraph, old, new in _joins(compared):
        if old.is_interface_object != new.is_interface_object:
            verb = "is" if new.is_interface_object else "is no longer"
            message = f'{name} {verb} an interface object in "{subgraph}".'
            yield compared.change(INTERFACE_OBJECT_CHANGED, name, message, after=subgraph, touches=())


def listed(names: Iterable[str]) -> str:
    """Names of subgraphs, in order."""
    return ", ".join(f'"{name}"' for name in sorted(names)) or "no subgraph"


def _joins(compared: Comparison) -> Iterator[tuple[str, str, TypeInSubgraph, TypeInSubgraph]]:
    for name, old, new in compared.joined_types:
        for subgraph in sorted(old.keys() & new.keys()):
            yield name, subgraph, old[subgraph], new[subgraph]


def _keys(keys: tuple[KeyInSubgraph, ...]) -> str:
    found = (
        " ".join(print_ast(key.fields).split()) + ("" if key.resolvable else " (not resolvable)")
        for key in keys
    )
    return ", ".join(sorted(found)) or "none"
