"""From a GraphQL request to its response; the stages are files, in the order of `Pipeline.prepare`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from graphql import OperationType
from msgspec import Raw

from plait_gateway.clients.send import Send
from plait_gateway.config import LimitsConfig
from plait_gateway.executor import ExecutionResult
from plait_gateway.executor.program import Completed, Counters, Executable
from plait_gateway.pipeline.cache import Cache
from plait_gateway.pipeline.document import ValidDocument, read_document
from plait_gateway.pipeline.operation import choose_operation
from plait_gateway.pipeline.planning import plan_operation
from plait_gateway.pipeline.request import Executed, GraphQLRequest, GraphQLResponse, Refused, as_json
from plait_gateway.pipeline.variables import coerce_variables
from plait_gateway.planner import Operation
from plait_gateway.query_plan import format_plan, plan_as_json
from plait_gateway.supergraph import ServedGraph

__all__ = ["Executed", "GraphQLRequest", "GraphQLResponse", "Pipeline", "Prepared", "Refused", "as_json"]

#: Makes the way to a graph's subgraphs.
Connect: TypeAlias = Callable[[ServedGraph], Send]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation that is ready to run on the graph it was prepared for."""

    request: GraphQLRequest
    graph: ServedGraph
    operation: Operation
    variables: Mapping[str, Any]
    executable: Executable

    @property
    def is_mutation(self) -> bool:
        """Whether running it changes something."""
        return self.operation.definition.operation is OperationType.MUTATION


class Pipeline:
    """The request stages, with what they keep between requests: documents and plans, for each graph."""

    def __init__(self, connect: Connect, limits: LimitsConfig, *, expose_query_plans: bool) -> None:
        self._connect = connect
        self._limits = limits
        self._expose_query_plans = expose_query_plans
        self._kept: WeakKeyDictionary[ServedGraph, _Kept] = WeakKeyDictionary()
        self.counters = Counters()

    async def prepare(self, request: GraphQLRequest, graph: ServedGraph) -> Prepared | Refused:
        """Everything before the first subgraph is asked; Refused says what is wrong with the request."""
        kept = self._kept_for(graph)
        document = await kept.documents.get(
            request.query,
            partial(
                read_document, request.query, graph.supergraph.api_schema, max_tokens=self._limits.tokens
            ),
            weight=len(request.query),
        )
        if isinstance(document, Refused):
            return document
        operation = choose_operation(document.ast, request.operation_name)
        if isinstance(operation, Refused):
            return operation
        variables = coerce_variables(operation, request.variables, graph.supergraph.api_schema)
        if isinstance(variables, Refused):
            return variables
        executable = await kept.executables.get(
            (document.normalized, request.operation_name),
            partial(plan_operation, operation, graph, max_fields=self._limits.fields, counters=self.counters),
            weight=len(document.normalized),
        )
        if isinstance(executable, Refused):
            return executable
        return Prepared(request, graph, operation, variables, executable)

    async def run(self, prepared: Prepared) -> Executed:
        """Ask the subgraphs and put the answer together."""
        outcome = await prepared.executable.execute(
            prepared.variables,
            send=self._kept_for(prepared.graph).send,
            headers=prepared.request.headers,
        )
        extensions: dict[str, Any] = {}
        if self._expose_query_plans and prepared.request.expose_query_plan:
            plan = prepared.executable.plan
            extensions["queryPlan"] = plan_as_json(plan) | {"text": format_plan(plan)}
        match outcome:
            case Completed(data):
                return Executed(Raw(data), extensions=extensions)
            case ExecutionResult(data, errors):
                return Executed(data, errors, extensions)

    def _kept_for(self, graph: ServedGraph) -> "_Kept":
        if (kept := self._kept.get(graph)) is None:
            kept = self._kept[graph] = _Kept(self._connect(graph), self._limits.cached_characters)
        return kept


class _Kept:
    """What one graph's requests have in common."""

    def __init__(self, send: Send, capacity: int) -> None:
        self.send = send
        self.documents: Cache[str, ValidDocument | Refused] = Cache(capacity)
        self.executables: Cache[tuple[str, str | None], Executable | Refused] = Cache(capacity)
