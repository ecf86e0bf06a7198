"""From a GraphQL request to its response; the stages are files, in the order of `Pipeline.prepare`."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from plait_gateway.clients.send import Cancel, Send
from plait_gateway.config import LimitsConfig, WarmUpConfig
from plait_gateway.executor import ExecutionResult
from plait_gateway.executor.program import Completed, Counters, Executable
from plait_gateway.pipeline.admission import Admission
from plait_gateway.pipeline.cache import CacheCounts, CacheSize
from plait_gateway.pipeline.disclosure import Disclosure
from plait_gateway.pipeline.document import ValidDocument
from plait_gateway.pipeline.expense import Budget
from plait_gateway.pipeline.gate import DecidePolicies, Gate
from plait_gateway.pipeline.kept import Kept, KeptByGraph
from plait_gateway.pipeline.override_labels import DecideLabels, labels_by_configuration
from plait_gateway.pipeline.prepared import Begun, Prepared
from plait_gateway.pipeline.request import Executed, GraphQLRequest, GraphQLResponse, Refused, as_json
from plait_gateway.pipeline.stages import Stages
from plait_gateway.pipeline.warming import Warming
from plait_gateway.query_plan import format_plan, plan_as_json
from plait_gateway.supergraph import ServedGraph

__all__ = [
    "DecideLabels",
    "DecidePolicies",
    "Disclosure",
    "Executed",
    "Gate",
    "GraphQLRequest",
    "GraphQLResponse",
    "Pipeline",
    "Prepared",
    "Refused",
    "as_json",
    "labels_by_configuration",
]

_LARGE = 64 * 1024  # bytes of a request whose variables would keep other requests waiting

#: Makes the way to a graph's subgraphs.
Connect: TypeAlias = Callable[[ServedGraph], Send]


class Pipeline:
    """The request stages, with what they keep between requests: documents and plans, for each graph."""

    def __init__(
        self,
        connect: Connect,
        limits: LimitsConfig,
        decide_labels: DecideLabels,
        disclosure: Disclosure,
        gate: Gate,
        *,
        introspection: bool,
        expose_query_plans: bool,
        sign_operations: bool = False,
    ) -> None:
        self._connect = connect
        self._limits = limits
        self._decide_labels = decide_labels
        self._disclosure = disclosure
        self._gate = gate
        self._expose_query_plans = expose_query_plans
        self._admission = Admission()
        self._kept = KeptByGraph(self._make_kept)
        self.counters = Counters()
        self.cache_counts = {"documents": CacheCounts(), "plans": CacheCounts()}
        self._stages = Stages(
            limits, self.counters, introspection=introspection, sign_operations=sign_operations
        )

    async def prepare(self, request: GraphQLRequest, graph: ServedGraph) -> Prepared | Refused:
        """Everything before the first subgraph is asked; Refused says what is wrong with the request."""
        prepared = self.prepared(request, graph)
        if prepared is None:
            return await self._prepare(request, graph)
        prepared.used()
        return prepared

    def prepared(self, request: GraphQLRequest, graph: ServedGraph) -> Prepared | None:
        """The same for a request of which everything is known; None for others, and for what is refused.

        Nor for those that labels or policies decide about: that is done once for each request.
        """
        kept = self._kept.of(graph)
        document = kept.documents.peek(request.query)
        chosen = document.chosen.get(request.operation_name) if isinstance(document, ValidDocument) else None
        if chosen is None or chosen.labels or len(request.content) > _LARGE:
            return None
        access = chosen.access
        if access is not None and access.policies:
            return None
        denied = None if access is None else self._gate.judge(access, request.identity)
        if isinstance(denied, Refused):
            return None
        variables = chosen.coerce(request.variables)
        if isinstance(variables, Refused) or (chosen.refuse and chosen.refuse(variables)):
            return None
        key = (chosen.normalized, chosen.labels, denied)
        executable = kept.executables.peek(key)
        if not isinstance(executable, Executable):
            return None
        return Prepared(request, variables, executable, chosen, key, kept)

    async def _prepare(self, request: GraphQLRequest, graph: ServedGraph) -> Prepared | Refused:
        kept = self._kept.of(graph)
        document = kept.documents.get(request.query) or await self._stages.read(request.query, graph, kept)
        if isinstance(document, Refused):
            return document
        chosen = document.chosen.get(request.operation_name) or await self._stages.choose(
            document, request, graph, kept
        )
        if isinstance(chosen, Refused):
            return chosen
        access = chosen.access
        denied = None if access is None else await self._gate.denied(access, request.identity)
        if isinstance(denied, Refused):
            return denied
        if len(request.content) > _LARGE:
            variables = await asyncio.to_thread(chosen.coerce, request.variables)
        else:
            variables = chosen.coerce(request.variables)
        if isinstance(variables, Refused):
            return variables
        if chosen.refuse is not None and (refused := chosen.refuse(variables)) is not None:
            return refused
        labels = chosen.labels and chosen.labels & self._decide_labels(request, chosen.labels)
        key = (chosen.normalized, labels, denied)
        executable = kept.executables.get(key) or await self._stages.plan(key, chosen, graph, kept)
        if isinstance(executable, Refused):
            return executable
        return Prepared(request, variables, executable, chosen, key, kept)

    async def run(self, prepared: Prepared) -> Executed:
        """Ask the subgraphs and put the answer together, when it is this operation's turn."""
        executable = prepared.executable
        expected = executable.answer_bytes
        await self._admission.enter(expected)
        try:
            outcome = await executable.execute(
                prepared.variables, send=prepared.kept.send, headers=prepared.request.headers
            )
        finally:
            self._admission.end(expected)
        return self._executed(prepared, outcome)

    def begin(self, prepared: Prepared, ended: Callable[[Executed | BaseException], None]) -> Cancel | None:
        """What `run` does, told to `ended`: once, unless it is given up.

        None, and nothing is begun, where there is no program yet. An exception is a defect of ours.
        """
        program = prepared.executable.program_for(prepared.variables)
        if program is None:
            return None
        prepared.used()
        expected = prepared.executable.answer_bytes
        executed = partial(self._executed, prepared)
        begun = Begun(prepared, program, self._admission, expected, executed, ended)
        begun.begin()
        return begun.give_up

    def _executed(self, prepared: Prepared, outcome: Completed | ExecutionResult) -> Executed:
        extensions: Mapping[str, Any] = {}
        if self._expose_query_plans and prepared.request.expose_query_plan:
            plan = prepared.executable.plan
            extensions = {"queryPlan": plan_as_json(plan) | {"text": format_plan(plan)}}
        if isinstance(outcome, Completed):
            return Executed(outcome.data, outcome.errors, extensions)
        return Executed(outcome.data, self._disclosure.of(outcome.errors), extensions)

    async def warm_up(
        self, graph: ServedGraph, config: WarmUpConfig, documents: Mapping[str, str] | None = None
    ) -> None:
        """Plan for a graph what will probably be asked of it, until the time is over.

        That are the documents, by the files that they are from, and what the graph before was asked again.
        """
        before, kept = self._kept.latest, self._kept.of(graph)
        warming = Warming(self._stages, self._decide_labels, graph, kept)
        await warming.warm_up(config, documents or {}, None if before is kept else before)

    def cache_sizes(self) -> Mapping[str, CacheSize]:
        """What is kept for the graph that was asked last."""
        latest = self._kept.latest
        if latest is None:
            return {}
        return {"documents": latest.documents.size, "plans": latest.executables.size}

    def _make_kept(self, graph: ServedGraph) -> Kept:
        return Kept(
            self._connect(graph),
            self._gate.requirements_of(graph),
            self._budget(graph),
            self._limits.cached_bytes,
            self.cache_counts,
        )

    def _budget(self, graph: ServedGraph) -> Budget | None:
        limits, supergraph = self._limits, graph.supergraph
        if limits.cost is None:
            return None
        return Budget(supergraph.api_schema, supergraph.costs, limits.cost, limits.list_size)
