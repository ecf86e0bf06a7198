"""From a plan to a program: the layout first, since a Struct has the fields of every fetch."""

import logging
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, assert_never

from graphql import GraphQLSchema
from msgspec import json

from plait_gateway.executor.collection import Collection
from plait_gateway.executor.execution import Operation
from plait_gateway.executor.program.clearing import take_out_internal
from plait_gateway.executor.program.denying import telling_denied
from plait_gateway.executor.program.gathering import Gatherings, gather
from plait_gateway.executor.program.introspecting import introspected
from plait_gateway.executor.program.layout import Layout, Target
from plait_gateway.executor.program.position import Position
from plait_gateway.executor.program.program import Program
from plait_gateway.executor.program.refusal import Refusal, Refused
from plait_gateway.executor.program.representing import Representations
from plait_gateway.executor.program.same_positions import unify
from plait_gateway.executor.program.schedule import (
    EntitiesStep,
    FetchStep,
    ParallelStep,
    Schedule,
    SequenceStep,
    Step,
)
from plait_gateway.executor.program.structs import Structs
from plait_gateway.executor.program.taking import (
    is_decoded_at_once,
    is_response,
    take_entities,
    take_for_each,
    take_root_fields,
)
from plait_gateway.query_plan import (
    BatchFetch,
    Condition,
    EntitiesRequest,
    Fetch,
    Flatten,
    Parallel,
    PathElement,
    PlanNode,
    QueryPlan,
    Sequence,
    fetches_in,
    format_plan,
    request_of,
)

_log = logging.getLogger(__name__)
_encode = json.Encoder().encode


def compile_program(
    plan: QueryPlan,
    operation: Operation,
    *,
    schema: GraphQLSchema,
    api_schema: GraphQLSchema,
    conditions: Mapping[str, bool],
    denied: Container[int],
) -> Program | Refusal:
    """Compile a plan for one set of values of the variables in its conditions, or say why not.

    `denied` are the identities of the client's fields that are null, with an error at each of their places.
    A defect of the compiler is logged, and is one of the reasons: the client's operation runs all the same.
    """
    try:
        return _compile(plan, operation, schema, api_schema, conditions, denied)
    except Refused as refused:
        return refused.reason
    except Exception:  # noqa: BLE001 - ours, and the interpreter can still answer
        _log.exception("this plan could not be compiled and is interpreted:\n%s", format_plan(plan))
        return Refusal.DEFECT


def _compile(
    plan: QueryPlan,
    operation: Operation,
    schema: GraphQLSchema,
    api_schema: GraphQLSchema,
    conditions: Mapping[str, bool],
    denied: Container[int],
) -> Program:
    client = Collection(api_schema, operation.fragments, conditions)
    layout = Layout(operation.definition, client, schema, conditions, denied)
    placing = _Placing(layout, conditions, [])
    placed = None if plan.node is None else placing.node(plan.node, ())
    layout.complete()
    reached = set(layout.positions())
    stands_for = unify(layout.root)
    for one in placing.placed:
        one.keep(reached, stands_for)
    gatherings = gather(layout, [path for one in placing.placed for path in one.paths])
    known = introspected(layout.introspection, operation, client)
    structs = Structs(layout.root, schema, api_schema, known)
    representations = Representations(gatherings, structs, layout.root, schema)
    tell_denied = telling_denied(layout.root, structs)
    is_only = len(placing.placed) == 1 and tell_denied is None
    steps = _Steps(layout.root, structs, gatherings, representations, is_only)
    step = None if placed is None else steps.step(placed)
    return Program(
        structs.root,
        gatherings.places,
        Schedule.of(step),
        take_out_internal(layout.root, representations.clear_ahead(), structs),
        tell_denied,
    )


@dataclass(eq=False)
class _Placed:
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
class _Batch:
    """A request for entities, and for each of its fields where it belongs."""

    request: EntitiesRequest
    placed: tuple[_Placed, ...]


@dataclass(frozen=True, slots=True)
class _Several:
    """Nodes of a Sequence, or of a Parallel."""

    nodes: "tuple[_Step, ...]"
    are_parallel: bool


_Step: TypeAlias = _Placed | _Batch | _Several


@dataclass(frozen=True, slots=True)
class _Placing:
    """Goes through a plan in its order and lays out what each fetch brings."""

    layout: Layout
    conditions: Mapping[str, bool]
    placed: list[_Placed]

    def node(self, node: PlanNode, path: tuple[PathElement, ...]) -> _Step | None:
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
    ) -> _Several:
        made = (self.node(child, path) for child in nodes)
        return _Several(tuple(one for one in made if one is not None), are_parallel)

    def _fetch(self, fetch: Fetch) -> _Placed:
        if fetch.contexts:
            raise Refused(Refusal.CONTEXT)
        placed = _Placed(len(self.placed) + 1, fetch, [])
        self.placed.append(placed)
        return placed

    def _batch(
        self, fetches: tuple[Fetch, ...], nodes: tuple[PlanNode, ...], path: tuple[PathElement, ...]
    ) -> _Batch:
        request = request_of(fetches)
        placed = {field.fetch: self._fetch(field.fetch) for field in request.fields}
        for node in nodes:
            self._batched(node, path, placed)
        return _Batch(request, tuple(placed.values()))

    def _batched(
        self, node: PlanNode, path: tuple[PathElement, ...], placed: Mapping[Fetch, _Placed]
    ) -> None:
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


@dataclass(frozen=True, slots=True)
class _Steps:
    """Compiles what is placed."""

    root: Position
    structs: Structs
    gatherings: Gatherings
    representations: Representations
    is_only: bool  # the one fetch there is, after which nothing is to be told of what it brought

    def step(self, placed: _Step) -> Step | None:
        match placed:
            case _Several(nodes, are_parallel):
                made = (self.step(child) for child in nodes)
                steps = tuple(one for one in made if one is not None)
                if len(steps) <= 1:
                    return steps[0] if steps else None
                return ParallelStep(steps) if are_parallel else SequenceStep(steps)
            case _Placed(paths=[]):
                return None
            case _Placed(number, fetch):
                return FetchStep(
                    subgraph=fetch.subgraph,
                    query=fetch.operation,
                    is_mutation=fetch.kind == "mutation",
                    variables=fetch.variables,
                    reader=self.structs.root_reader(number, self.root),
                    take=take_root_fields(number, self.root, self.structs, self.gatherings),
                    is_response=self.is_only
                    and is_response(number, self.root, self.structs, self.gatherings),
                    entities=(),
                    only=None,
                    ahead=(self.representations.ahead(number),),
                    head=b'{"query":' + _encode(fetch.operation),
                )
            case _Batch(request, fields) if any(one.paths for one in fields):
                return self._entities(request, fields)
            case _Batch():
                return None
            case _:
                assert_never(placed)

    def _entities(self, request: EntitiesRequest, placed: tuple[_Placed, ...]) -> FetchStep:
        read: list[tuple[str, int, list[Position]]] = []
        steps: list[EntitiesStep] = []
        for field, one in zip(request.fields, placed, strict=True):
            positions, represent, take = self._field(one) if one.paths else ([], _nothing, _nothing)
            read.append((field.response_key, one.number, positions))
            steps.append(EntitiesStep(field.response_key, _encode(field.variable), represent, take))
        return FetchStep(
            subgraph=request.subgraph,
            query=request.operation,
            is_mutation=False,
            variables=request.variables,
            reader=self.structs.reader(read),
            take=None,
            is_response=False,
            entities=tuple(steps),
            only=steps[0] if len(steps) == 1 else None,
            ahead=tuple(self.representations.ahead(one.number) for one in placed),
            head=b'{"query":' + _encode(request.operation),
        )

    def _field(self, one: _Placed) -> tuple[list[Position], Callable[..., Any], Callable[..., Any]]:
        """For which positions entities are decoded, none if they are left raw; what represents and takes."""
        number = one.number
        representing = self.representations.of(number, one.paths)
        paths = [[target.position for target in path] for path in one.paths]
        positions = [position for path in paths for position in path]
        if not is_decoded_at_once(number, positions, self.structs, self.gatherings):
            positions = []
        takes = [
            take_entities(
                number,
                path,
                self.structs,
                self.gatherings,
                is_grouped=is_grouped,
                decoded_for=positions,
            )
            for path, is_grouped in zip(paths, representing.are_grouped, strict=True)
        ]
        take = takes[0] if len(takes) == 1 else take_for_each(takes)
        return positions, representing.represent, take


def _nothing(*_: object) -> Any:
    """What a fetch represents, and takes, that no objects can be for."""
    return (), b""
