"""From a plan to a program: the layout first, since a Struct has the fields of every fetch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from graphql import GraphQLSchema, OperationType
from msgspec import json

from plait_gateway.executor.collection import Collection
from plait_gateway.executor.execution import Operation
from plait_gateway.executor.program.layout import Layout
from plait_gateway.executor.program.position import Position
from plait_gateway.executor.program.program import Program
from plait_gateway.executor.program.refusal import Refusal, Refused
from plait_gateway.executor.program.representing import compile_representing
from plait_gateway.executor.program.schedule import FetchStep, ParallelStep, Schedule, SequenceStep, Step
from plait_gateway.executor.program.structs import Structs
from plait_gateway.executor.program.taking import take_entities, take_out_internal, take_root_fields
from plait_gateway.query_plan import (
    Condition,
    Fetch,
    Flatten,
    Parallel,
    PathElement,
    PlanNode,
    QueryPlan,
    Sequence,
)
from plait_gateway.query_plan.operations import REPRESENTATIONS

_encode = json.Encoder().encode


def compile_program(
    plan: QueryPlan,
    operation: Operation,
    *,
    schema: GraphQLSchema,
    api_schema: GraphQLSchema,
    conditions: Mapping[str, bool],
) -> Program | Refusal:
    """Compile a plan for one set of values of the variables in its conditions, or say why not."""
    try:
        return _compile(plan, operation, schema, api_schema, conditions)
    except Refused as refused:
        return refused.reason


def _compile(
    plan: QueryPlan,
    operation: Operation,
    schema: GraphQLSchema,
    api_schema: GraphQLSchema,
    conditions: Mapping[str, bool],
) -> Program:
    if operation.definition.operation is not OperationType.QUERY:
        raise Refused(Refusal.MUTATION)
    client = Collection(api_schema, operation.fragments, conditions)
    layout = Layout(operation.definition, client, schema, conditions)
    placing = _Placing(layout, conditions, [])
    placed = None if plan.node is None else placing.node(plan.node, ())
    if placed is None:
        raise Refused(Refusal.NO_FETCH)
    layout.complete()
    structs = Structs(layout, schema, api_schema)
    return Program(
        structs.root,
        len(layout.positions),
        Schedule.of(_step(placed, structs)),
        take_out_internal(layout.positions),
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A fetch, and the position that it brings something to."""

    number: int
    fetch: Fetch
    position: Position


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
    placed: list[Fetch]

    def node(self, node: PlanNode, path: tuple[PathElement, ...]) -> _Placed | _Several | None:
        match node:
            case Fetch():
                if node.kind != "query":
                    raise Refused(Refusal.MUTATION)
                if node.renames:
                    raise Refused(Refusal.RENAME)
                if node.contexts or node.representations_variable != REPRESENTATIONS:
                    raise Refused(Refusal.CONTEXT)
                self.placed.append(node)
                number = len(self.placed)
                position = self.layout.place(number, node, path)
                return None if position is None else _Placed(number, node, position)
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
        made = tuple(one for one in (self.node(child, path) for child in nodes) if one is not None)
        if len(made) <= 1:
            return made[0] if made else None
        return _Several(made, are_parallel)


def _step(placed: _Placed | _Several, structs: Structs) -> Step:
    match placed:
        case _Several(nodes, are_parallel):
            steps = tuple(_step(child, structs) for child in nodes)
            return ParallelStep(steps) if are_parallel else SequenceStep(steps)
        case _Placed(number, fetch, position):
            return _fetch_step(number, fetch, position, structs)


def _fetch_step(number: int, fetch: Fetch, position: Position, structs: Structs) -> FetchStep:
    of_entities = bool(fetch.representations)
    represent: Any = None
    if of_entities:
        representing = compile_representing(number, fetch, position)
        represent = representing.represent
        take = take_entities(number, position, structs, is_grouped=representing.is_grouped)
    else:
        take = take_root_fields(number, position, structs)
    return FetchStep(
        subgraph=fetch.subgraph,
        query=fetch.operation,
        variables=fetch.variables,
        reader=structs.reader(number, position, of_entities=of_entities),
        represent=represent,
        take=take,
        head=b'{"query":' + _encode(fetch.operation),
    )
