"""Running a plan, and putting the client's response together."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, assert_never

from graphql import FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode

from plait_gateway.clients.coroutines import Ask
from plait_gateway.errors import ResponseError, ResponsePath
from plait_gateway.executor.collection import Collection
from plait_gateway.executor.completion import Completion
from plait_gateway.executor.entities import run_entities
from plait_gateway.executor.explained_paths import ExplainedPaths
from plait_gateway.executor.fetching import run_fetch
from plait_gateway.executor.found_errors import FoundErrors
from plait_gateway.executor.request import Request
from plait_gateway.executor.response_tree import Place, ResponseObject, places_under
from plait_gateway.query_plan import (
    BatchFetch,
    Condition,
    Fetch,
    Flatten,
    Parallel,
    PathElement,
    PlanNode,
    QueryPlan,
    Sequence,
    fetches_in,
    request_of,
)


class Operation(Protocol):
    """The client's operation, valid for the API schema."""

    @property
    def definition(self) -> OperationDefinitionNode: ...

    @property
    def fragments(self) -> Mapping[str, FragmentDefinitionNode]: ...


@dataclass(frozen=True, slots=True)
class ExecutionResult:
    """A response of the specification's section 7.1, and how many requests to subgraphs it took."""

    data: dict[str, Any] | None
    errors: tuple[ResponseError, ...] = ()
    extensions: Mapping[str, Any] = field(default_factory=dict)
    subgraph_requests: int = 0


async def execute(
    plan: QueryPlan,
    operation: Operation,
    *,
    schema: GraphQLSchema,
    api_schema: GraphQLSchema,
    variables: Mapping[str, Any],
    send: Ask,
    headers: tuple[tuple[str, str], ...] = (),
    denied: frozenset[int] = frozenset(),
) -> ExecutionResult:
    """Run a plan for a valid operation of a client, and complete what it selects.

    `schema` has inaccessible elements, `api_schema` is what the client knows. `variables` are coerced, with
    defaults applied. `denied` are the identities of the operation's fields that the client may not see: the
    plan leaves them out, and they are null. What subgraphs do wrong becomes errors of the result; nothing is
    raised for it.
    """
    request = Request(schema, variables, headers, send)
    collection = Collection(api_schema, operation.fragments, variables)
    tree = ResponseObject()
    if plan.node is not None:

        def is_over() -> bool:
            """After a root field of a mutation that may not be null is, the fields behind it are not run."""
            so_far = Completion(schema, api_schema, collection, operation.definition, FoundErrors(), denied)
            return bool(tree.fields) and so_far.is_null_already(tree)

        await _run(plan.node, (Place((), tree),), request, is_over)
    completion = Completion(schema, api_schema, collection, operation.definition, request.errors, denied)
    data, errors = await request.work(_complete, completion, tree)
    return ExecutionResult(data, errors, subgraph_requests=request.subgraph_requests)


def _complete(
    completion: Completion, tree: ResponseObject
) -> tuple[dict[str, Any] | None, tuple[ResponseError, ...]]:
    paths = (error.path for error in completion.errors.all() if error.path)
    explained = ExplainedPaths.of(_known(path, completion) for path in paths)
    data = replace(completion, explained=explained).data(tree)
    visible = [_visible(error, completion, data) for error in completion.errors.all()]
    return data, _in_order(visible)


async def _run(
    node: PlanNode, places: tuple[Place, ...], request: Request, is_over: Callable[[], bool]
) -> None:
    match node:
        case Fetch() if node.representations:
            await run_entities(request_of((node,)), {node: places}, request)
        case Fetch():
            if not (node.kind == "mutation" and await request.work(is_over)):
                await run_fetch(node, places, request)
        case BatchFetch(nodes=nodes):
            each = await request.work(_places_of, nodes, places, request.variables)
            await run_entities(request_of(fetches_in(node)), each, request)
        case Flatten(path, child):
            below = await request.work(_below, places, path)
            await _run(child, below, request, is_over)
        case Sequence(nodes):
            for child in nodes:
                await _run(child, places, request, is_over)
        case Parallel(nodes):
            async with asyncio.TaskGroup() as tasks:
                for child in nodes:
                    tasks.create_task(_run(child, places, request, is_over))
        case Condition(variable, then, otherwise):
            chosen = then if request.variables.get(variable) is True else otherwise
            if chosen is not None:
                await _run(chosen, places, request, is_over)
        case _:
            assert_never(node)


def _below(places: tuple[Place, ...], path: tuple[PathElement, ...]) -> tuple[Place, ...]:
    return tuple(at for place in places for at in places_under(place, path))


def _places_of(
    nodes: Iterable[PlanNode], places: tuple[Place, ...], variables: Mapping[str, Any]
) -> dict[Fetch, list[Place]]:
    """The places of each fetch in a batch; equal fetches are one."""
    found: dict[Fetch, list[Place]] = {}
    for node in nodes:
        for fetch, more in _batched(node, places, variables):
            found.setdefault(fetch, []).extend(more)
    return found


def _batched(
    node: PlanNode, places: tuple[Place, ...], variables: Mapping[str, Any]
) -> Iterator[tuple[Fetch, tuple[Place, ...]]]:
    match node:
        case Fetch():
            yield node, places
        case Flatten(path, child):
            yield from _batched(child, _below(places, path), variables)
        case Condition(variable, then, otherwise):
            chosen = then if variables.get(variable) is True else otherwise
            if chosen is not None:
                yield from _batched(chosen, places, variables)


def _visible(error: ResponseError, completion: Completion, data: Mapping[str, Any] | None) -> ResponseError:
    """The error with a path that the client knows; one that leads nowhere is left out."""
    if error.path is None:
        return error
    return replace(error, path=_existing(_known(error.path, completion), data) or None)


def _known(path: ResponsePath, completion: Completion) -> ResponsePath:
    return completion.collection.visible_path(completion.operation.selection_set, path)


def _existing(path: ResponsePath, data: Mapping[str, Any] | None) -> ResponsePath:
    """The path as far as the response goes; below a null it says what made it one."""
    value: Any = data
    for length, step in enumerate(path):
        match value, step:
            case None, _:
                return path
            case dict(), str() if step in value:
                value = value[step]
            case list(), int() if step < len(value):
                value = value[step]
            case _:
                return path[:length]
    return path


def _in_order(errors: list[ResponseError]) -> tuple[ResponseError, ...]:
    """By path, since fetches that run at the same time report in any order."""
    return tuple(sorted(errors, key=lambda error: _position(error.path or ())))


def _position(path: ResponsePath) -> list[tuple[str, int]]:
    return [("", step) if isinstance(step, int) else (step, 0) for step in path]
