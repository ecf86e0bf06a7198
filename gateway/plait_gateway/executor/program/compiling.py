"""From a plan to a program: the layout first, since a Struct has the fields of every fetch."""

import logging
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from graphql import GraphQLSchema
from msgspec import json

from plait_gateway.executor.collection import Collection
from plait_gateway.executor.execution import Operation
from plait_gateway.executor.program.clearing import take_out_internal
from plait_gateway.executor.program.denying import telling_denied
from plait_gateway.executor.program.gathering import Gatherings, gather
from plait_gateway.executor.program.introspecting import introspected
from plait_gateway.executor.program.layout import Layout
from plait_gateway.executor.program.placing import Placed, PlacedBatch, PlacedNodes, PlacedStep, Placing
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
    EntitiesRequest,
    QueryPlan,
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
    placing = Placing(layout, conditions, [])
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


@dataclass(frozen=True, slots=True)
class _Steps:
    """Compiles what is placed."""

    root: Position
    structs: Structs
    gatherings: Gatherings
    representations: Representations
    is_only: bool  # the one fetch there is, after which nothing is to be told of what it brought

    def step(self, placed: PlacedStep) -> Step | None:
        match placed:
            case PlacedNodes(nodes, are_parallel):
                made = (self.step(child) for child in nodes)
                steps = tuple(one for one in made if one is not None)
                if len(steps) <= 1:
                    return steps[0] if steps else None
                return ParallelStep(steps) if are_parallel else SequenceStep(steps)
            case Placed(paths=[]):
                return None
            case Placed(number, fetch):
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
            case PlacedBatch(request, fields) if any(one.paths for one in fields):
                return self._entities(request, fields)
            case PlacedBatch():
                return None
            case _:
                assert_never(placed)

    def _entities(self, request: EntitiesRequest, placed: tuple[Placed, ...]) -> FetchStep:
        read: list[tuple[str, int, list[Position]]] = []
        steps: list[EntitiesStep] = []
        for field, one in zip(request.fields, placed, strict=True):
            positions, represent, take = self._field(one) if one.paths else ([], _nothing, _nothing)
            read.append((field.response_key, one.number, positions))
            steps.append(EntitiesStep(field.response_key, _encode(field.variable) + b":", represent, take))
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

    def _field(self, one: Placed) -> tuple[list[Position], Callable[..., Any], Callable[..., Any]]:
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
