"""The two graphs that rules compare, and what they have in common."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.graph import Graph
from plait_schema.checks.changes.reach import Reach, reach_of
from plait_schema.diagnostics import Code, Severity
from plait_schema.supergraph import FieldInSubgraph, Supergraph, TypeInSubgraph


@dataclass(frozen=True)
class Comparison:
    """A graph before and after."""

    before: Graph
    after: Graph

    @cached_property
    def reached_before(self) -> Reach:
        return reach_of(self.before.schema, self.before.entities)

    @property
    def types(self) -> Iterator[tuple[str, Any, Any]]:
        """Types of the same name and kind: name, before, after."""
        for name, old in self.before.types.items():
            new = self.after.types.get(name)
            if new is not None and type(new) is type(old):
                yield name, old, new

    @property
    def fields(self) -> Iterator[tuple[str, Any, Any]]:
        """Fields of objects and interfaces that are in both: coordinate, before, after."""
        for name, old, new in self.types:
            if hasattr(old, "interfaces"):
                for field in old.fields:
                    if field in new.fields:
                        yield f"{name}.{field}", old.fields[field], new.fields[field]

    @property
    def directives(self) -> Iterator[tuple[str, Any, Any]]:
        """Directives that are in both: name, before, after."""
        for name, old in self.before.directives.items():
            if name in self.after.directives:
                yield name, old, self.after.directives[name]

    @property
    def supergraphs(self) -> tuple[Supergraph, Supergraph] | None:
        """Both sides, if both are supergraphs."""
        if self.before.supergraph is None or self.after.supergraph is None:
            return None
        return self.before.supergraph, self.after.supergraph

    @property
    def joined_types(
        self,
    ) -> Iterator[tuple[str, Mapping[str, TypeInSubgraph], Mapping[str, TypeInSubgraph]]]:
        """Who has the types that are in both, but for the roots: name, before, after."""
        if self.supergraphs is None:
            return
        before, after = self.supergraphs
        types = before.schema.type_map.keys() & after.schema.type_map.keys() - set(self.before.roots.values())
        for name in sorted(types & before.types.keys() & after.types.keys()):
            yield name, before.types[name], after.types[name]

    @property
    def joined_fields(
        self,
    ) -> Iterator[tuple[str, Mapping[str, FieldInSubgraph], Mapping[str, FieldInSubgraph]]]:
        """Who has the fields that are in both: coordinate, before, after."""
        if self.supergraphs is None:
            return
        before, after = self.supergraphs
        for name in sorted(before.fields.keys() & after.fields.keys()):
            old, new = before.fields[name], after.fields[name]
            for field in sorted(old.keys() & new.keys()):
                yield f"{name}.{field}", old[field], new[field]

    def change(
        self,
        code: Code,
        coordinate: str,
        message: str,
        *,
        before: str | None = None,
        after: str | None = None,
        touches: tuple[str, ...] | None = None,
        reached_by: str | None = None,
    ) -> Change:
        """A change; by default it touches whatever mentions the coordinate.

        `reached_by` is a type through which operations notice it, if not the one of the coordinate.
        """
        owner = reached_by or _owner(coordinate)
        return Change(
            code,
            coordinate,
            message,
            before,
            after,
            (coordinate,) if touches is None else touches,
            unreachable=code.severity is not Severity.HINT and not self._is_reachable(owner),
        )

    def _is_reachable(self, owner: str) -> bool:
        reach = self.reached_before
        if owner.startswith("@"):
            return owner.removeprefix("@") in reach.directives
        return owner in reach.outputs or owner in reach.inputs


def _owner(coordinate: str) -> str:
    """The type or directive that a coordinate is about."""
    if coordinate.startswith("@"):
        return coordinate.partition("(")[0]
    return coordinate.partition(".")[0]
