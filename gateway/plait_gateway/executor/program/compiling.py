"""From a plan to a program: the layout first, since a Struct has the fields of every fetch."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, assert_never

from graphql import GraphQLSchema
from msgspec import json

from plait_gateway.executor.collection import Collection
from plait_gateway.executor.execution import Operation
from plait_gateway.executor.program.clearing import take_out_internal
from plait_gateway.executor.program.gathering import Gatherings, gather
from plait_gateway.executor.program.introspecting import introspected
from plait_gateway.executor.program.layout import Layout, Target
from plait_gateway.executor.program.position import Position
from plait_gateway.executor.program.program import Program
from plait_gateway.executor.program.refusal import Refusal, Refused
from plait_gateway.executor.program.representing import Representations
from plait_gateway.executor.program.same_positions import unify
from plait_gateway.executor.program.schedule import FetchStep, ParallelStep, Schedule, SequenceStep, Step
from plait_gateway.executor.program.structs import Structs, raw_reader
from plait_gateway.executor.program.taking import take_entities, take_root_fields
from plait_gateway.query_plan import (
    Condition,
    Fetch,
    Flatten,
    Parallel,
    PathElement,
    PlanNode,
    QueryPlan,
    Sequence,
    format_plan,
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
) -> Program | Refusal:
    """Compile a plan for one set of values of the variables in its conditions, or say why not.

    A defect of the compiler is logged, and is one of the reasons: the client's operation runs all the same.
    """
    try:
        return _compile(plan, operation, schema, api_schema, conditions)
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
) -> Program:
    client = Collection(api_schema, operation.fragments, conditions)
    layout = Layout(operation.definition, client, schema, conditions)
    placing = _Placing(layout, conditions, [])
    placed = None if plan.node is None else placing.node(plan.node, ())
    layout.complete()
    reached = set(layout.positions())
    stands_for = unify(layout.root)
    for one in placing.placed:
        one.targets = tuple(
            dict.fromkeys(
                replace(target, position=stands_for[target.position])
                for target in one.targets
                if target.position in reached
            )
        )
    gatherings = gather(layout, [one.targets for one in placing.placed])
    known = introspected(layout.introspection, operation, client)
    structs = Structs(layout.root, schema, api_schema, known)
    representations = Representations(gatherings, structs, layout.root, schema)
    steps = _Steps(layout.root, structs, gatherings, representations)
    step = None if placed is None else steps.step(placed)
    return Program(
        structs.root,
        gatherings.places,
        Schedule.of(step),
        take_out_internal(layout.root, gatherings, structs),
    )


@dataclass(eq=False)
class _Placed:
    """A fetch, and what it brings something to; nothing where no objects can be that it goes on from."""

    number: int
    fetch: Fetch
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class _Several:
    """Nodes of a Sequence, or of a Parallel."""

    nodes: "tuple[_Placed | _Several, ...]"
    are_parallel: bool


@dataclass(frozen=True, slots=True)
class _Placing:
    """Goes through a plan in its order and lays out what each fetch brings."""

    layout: Layout
    conditions: Mapping[str, bool]
    placed: list[_Placed]

    def node(self, node: PlanNode, path: tuple[PathElement, ...]) -> _Placed | _Several | None:
        match node:
            case Fetch():
                if node.contexts:
                    raise Refused(Refusal.CONTEXT)
                number = len(self.placed) + 1
                placed = _Placed(number, node, self.layout.place(number, node, path))
                self.placed.append(placed)
                return placed
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
    ) -> _Placed | _Several | None:
        made = (self.node(child, path) for child in nodes)
        return _Several(tuple(one for one in made if one is not None), are_parallel)


@dataclass(frozen=True, slots=True)
class _Steps:
    """Compiles what is placed."""

    root: Position
    structs: Structs
    gatherings: Gatherings
    representations: Representations

    def step(self, placed: _Placed | _Several) -> Step | None:
        match placed:
            case _Several(nodes, are_parallel):
                made = (self.step(child) for child in nodes)
                steps = tuple(one for one in made if one is not None)
                if len(steps) <= 1:
                    return steps[0] if steps else None
                return ParallelStep(steps) if are_parallel else SequenceStep(steps)
            case _Placed(targets=()):
                return None
            case _Placed(number, fetch, targets):
                return self._fetch(number, fetch, targets)
            case _:
                assert_never(placed)

    def _fetch(self, number: int, fetch: Fetch, targets: tuple[Target, ...]) -> FetchStep:
        positions = [target.position for target in targets]
        represent: Any = None
        if fetch.representations:
            representing = self.representations.of(number, targets)
            represent = representing.represent
            take = take_entities(
                number, positions, self.structs, self.gatherings, is_grouped=representing.is_grouped
            )
        else:
            take = take_root_fields(number, self.root, self.structs, self.gatherings)
        return FetchStep(
            subgraph=fetch.subgraph,
            query=fetch.operation,
            is_mutation=fetch.kind == "mutation",
            variables=fetch.variables,
            reader=(
                self.structs.reader(number, positions[0], of_entities=bool(fetch.representations))
                if len(positions) == 1
                else raw_reader()
            ),
            represent=represent,
            representations=_encode(fetch.representations_variable),
            take=take,
            head=b'{"query":' + _encode(fetch.operation),
        )
