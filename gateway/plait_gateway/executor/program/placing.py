"""A plan under the conditions of one program: which of its fetches are left, and what each brings where."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from plait_gateway.executor.program.layout import Layout, Target
from plait_gateway.executor.program.position import Position
from plait_gateway.executor.program.refusal import Refusal, Refused
from plait_gateway.query_plan import (
    BatchFetch,
    Condition,
    EntitiesRequest,
    Fetch,
    Flatten,
    Parallel,
    PathElement,
    PlanNode,
    Sequence,
    fetches_in,
    request_of,
)


@dataclass(eq=False)
class Placed:
    """A fetch, and what it brings something to by each of its paths; nothing where no objects can be."""

    number: int
    fetch: Fetch
    paths: list[tuple[Target, ...]]

    def keep(self, reached: Container[Position], stands_for: Mapping[Position, Position]) -> None:
        """Keep targets that can be reached, each once and by one path, and paths that lead to any."""
        known: set[Target] = set()
        paths = []
        for path in self.paths:
            targets = dict.fromkeys(
                replace(target, position=stands_for[target.position])
                for target in path
                if target.position in reached
            )
            paths.append(tuple(target for target in targets if target not in known))
            known.update(targets)
        self.paths = [path for path in paths if path]


@dataclass(frozen=True, slots=True)
class PlacedBatch:
    """A request for entities, and for each of its fields where it belongs."""

    request: EntitiesRequest
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class PlacedNodes:
    """Nodes of a Sequence, or of a Parallel."""

    nodes: "tuple[PlacedStep, ...]"
    are_parallel: bool


PlacedStep: TypeAlias = Placed | PlacedBatch | PlacedNodes


@dataclass(frozen=True, slots=True)
class Placing:
    """Goes through a plan in its order and lays out what each fetch brings."""

    layout: Layout
    conditions: Mapping[str, bool]
    placed: list[Placed]

    def node(self, node: PlanNode, path: tuple[PathElement, ...]) -> PlacedStep | None:
        """Place what a node fetches at a path; None where conditions leave nothing. Raises Refused."""
        match node:
            case Fetch() if node.representations:
                return self._batch((node,), (node,), path)
            case Fetch():
                placed = self._fetch(node)
                placed.paths.append(self.layout.place(placed.number, node, path))
                return placed
            case BatchFetch(nodes=nodes):
                return self._batch(fetches_in(node), nodes, path)
            case Flatten(more, child):
                return self.node(child, (*path, *more))
            case Sequence(nodes):
                return self._several(nodes, path, are_parallel=False)
            case Parallel(nodes):
                return self._several(nodes, path, are_parallel=True)
            case Condition(variable, then, otherwise):
                chosen = then if self.conditions[variable] else otherwise
                return None if chosen is None else self.node(chosen, path)
            case _:
                assert_never(node)

    def _several(
        self, nodes: tuple[PlanNode, ...], path: tuple[PathElement, ...], *, are_parallel: bool
    ) -> PlacedNodes:
        made = (self.node(child, path) for child in nodes)
        return PlacedNodes(tuple(one for one in made if one is not None), are_parallel)

    def _fetch(self, fetch: Fetch) -> Placed:
        if fetch.contexts:
            raise Refused(Refusal.CONTEXT)
        placed = Placed(len(self.placed) + 1, fetch, [])
        self.placed.append(placed)
        return placed

    def _batch(
        self, fetches: tuple[Fetch, ...], nodes: tuple[PlanNode, ...], path: tuple[PathElement, ...]
    ) -> PlacedBatch:
        request = request_of(fetches)
        placed = {field.fetch: self._fetch(field.fetch) for field in request.fields}
        for node in nodes:
            self._batched(node, path, placed)
        return PlacedBatch(request, tuple(placed.values()))

    def _batched(self, node: PlanNode, path: tuple[PathElement, ...], placed: Mapping[Fetch, Placed]) -> None:
        match node:
            case Fetch():
                one = placed[node]
                one.paths.append(self.layout.place(one.number, node, path, len(one.paths)))
            case Flatten(more, child):
                self._batched(child, (*path, *more), placed)
            case Condition(variable, then, otherwise):
                chosen = then if self.conditions[variable] else otherwise
                if chosen is not None:
                    self._batched(chosen, path, placed)
