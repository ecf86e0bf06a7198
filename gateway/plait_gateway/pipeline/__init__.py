"""From a GraphQL request to its response; the stages are files, in the order of `Pipeline.prepare`."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary, ref

from msgspec import Struct

from plait_gateway.authorization import Denied, Requirements
from plait_gateway.clients.send import Cancel, Send
from plait_gateway.config import LimitsConfig, WarmUpConfig
from plait_gateway.executor import ExecutionResult
from plait_gateway.executor.program import Completed, Counters, Executable, Outcome, Program
from plait_gateway.pipeline.admission import Admission
from plait_gateway.pipeline.cache import Cache, CacheCounts, CacheSize
from plait_gateway.pipeline.disclosure import Disclosure
from plait_gateway.pipeline.document import ValidDocument, document_bytes, read_document
from plait_gateway.pipeline.expense import Budget
from plait_gateway.pipeline.gate import DecidePolicies, Gate
from plait_gateway.pipeline.operation import ChosenOperation, choose_operation
from plait_gateway.pipeline.override_labels import DecideLabels, labels_by_configuration
from plait_gateway.pipeline.planning import executable_bytes, plan_operation
from plait_gateway.pipeline.request import Executed, GraphQLRequest, GraphQLResponse, Refused, as_json
from plait_gateway.pipeline.warming import Expected, asked_again, operations_in
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
_log = logging.getLogger(__name__)

#: Makes the way to a graph's subgraphs.
Connect: TypeAlias = Callable[[ServedGraph], Send]

#: The operation's normalized text, the labels of `@override` that are on, and what the client may not see.
PlanKey: TypeAlias = tuple[str, frozenset[str], Denied | None]


class Prepared(Struct, frozen=True):
    """An operation that is ready to run on the graph it was prepared for."""

    request: GraphQLRequest
    variables: Mapping[str, Any]
    executable: Executable
    operation: ChosenOperation
    key: PlanKey
    kept: "_Kept"


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
        self._introspection = introspection
        self._expose_query_plans = expose_query_plans
        self._sign_operations = sign_operations
        self._kept: WeakKeyDictionary[ServedGraph, _Kept] = WeakKeyDictionary()
        self._latest: _Kept | None = None  # of the graph that nearly all requests ask for
        self._admission = Admission()
        self.counters = Counters()
        self.cache_counts = {"documents": CacheCounts(), "plans": CacheCounts()}

    async def prepare(self, request: GraphQLRequest, graph: ServedGraph) -> Prepared | Refused:
        """Everything before the first subgraph is asked; Refused says what is wrong with the request."""
        prepared = self.prepared(request, graph)
        if prepared is None:
            return await self._prepare(request, graph)
        prepared.kept.used(prepared)
        return prepared

    def prepared(self, request: GraphQLRequest, graph: ServedGraph) -> Prepared | None:
        """The same for a request of which everything is known; None for others, and for what is refused.

        Nor for those that labels or policies decide about: that is done once for each request.
        """
        kept = self._kept_for(graph)
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
        kept = self._kept_for(graph)
        document = kept.documents.get(request.query) or await self._read(request.query, graph, kept)
        if isinstance(document, Refused):
            return document
        chosen = document.chosen.get(request.operation_name) or await self._choose(
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
        executable = kept.executables.get(key) or await self._plan(key, chosen, graph, kept)
        if isinstance(executable, Refused):
            return executable
        return Prepared(request, variables, executable, chosen, key, kept)

    async def run(self, prepared: Prepared) -> Executed:
        """Ask the subgraphs and put the answer together, when it is this operation's turn."""
        executable = prepared.executable
        expected = executable.answer_bytes
        if self._admission.is_to_wait(expected):
            await self._admission.turn()
        self._admission.begin(expected)
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
        prepared.kept.used(prepared)
        expected = prepared.executable.answer_bytes
        executed = partial(self._executed, prepared)
        begun = _Begun(prepared, program, self._admission, expected, executed, ended)
        if self._admission.is_to_wait(expected):
            begun.turn = self._admission.turn()
            begun.turn.add_done_callback(begun.start)
        else:
            begun.start()
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
        One plan after the other is made, so that requests to the graph being served hardly notice.
        """
        before = self._latest
        with suppress(TimeoutError):
            async with asyncio.timeout(config.seconds):
                kept = self._kept_for(graph)
                for file, text in (documents or {}).items():
                    document = await self._read(text, graph, kept)
                    if isinstance(document, Refused):
                        _log.warning("%s does not fit the graph: %s", file, document.errors[0].message)
                        continue
                    for expected in operations_in(text, document):
                        await self._expect(expected, graph)
                if before is not None and before.graph() is not graph:
                    asked = asked_again(before.documents, before.executables)
                    for expected in tuple(islice(asked, config.operations)):
                        await self._expect(expected, graph)

    async def _expect(self, expected: Expected, graph: ServedGraph) -> None:
        try:
            await self._make_ready(expected, graph)
        except Exception:  # noqa: BLE001 - ours, and it is told again when a request asks it
            _log.exception("this operation could not be planned in advance:\n%s", expected.text)

    async def _make_ready(self, expected: Expected, graph: ServedGraph) -> None:
        kept = self._kept_for(graph)
        request = GraphQLRequest(expected.text, expected.operation_name)
        document = kept.documents.get(request.query) or await self._read(request.query, graph, kept)
        if isinstance(document, Refused):
            return
        chosen = await self._choose(document, request, graph, kept)
        if isinstance(chosen, Refused):
            return
        labels = self._decide_labels(request, chosen.labels) if expected.labels is None else expected.labels
        key = (chosen.normalized, chosen.labels & labels, None)
        executable = kept.executables.get(key)
        executable = executable or await self._plan(key, chosen, graph, kept, is_rare=False)
        if not isinstance(executable, Refused):
            for conditions in expected.conditions:
                await executable.compile(conditions)

    def cache_sizes(self) -> Mapping[str, CacheSize]:
        """What is kept for the graph that was asked last."""
        if self._latest is None:
            return {}
        return {"documents": self._latest.documents.size, "plans": self._latest.executables.size}

    async def _read(self, query: str, graph: ServedGraph, kept: "_Kept") -> ValidDocument | Refused:
        read = partial(
            read_document,
            query,
            graph.supergraph.api_schema,
            max_tokens=self._limits.tokens,
            introspection=self._introspection,
        )
        return await kept.documents.make(query, read, weight=document_bytes(query))

    async def _choose(
        self, document: ValidDocument, request: GraphQLRequest, graph: ServedGraph, kept: "_Kept"
    ) -> ChosenOperation | Refused:
        name = request.operation_name
        choose = partial(
            choose_operation,
            document.ast,
            name,
            graph.query_graph,
            kept.requirements,
            budget=kept.budget,
            signed=self._sign_operations,
        )
        chosen = await asyncio.to_thread(choose)
        if not isinstance(chosen, Refused):
            document.chosen[name] = chosen
        return chosen

    async def _plan(
        self,
        key: PlanKey,
        chosen: ChosenOperation,
        graph: ServedGraph,
        kept: "_Kept",
        *,
        is_rare: bool = True,
    ) -> Executable | Refused:
        normalized, labels, denied = key
        plan = partial(
            plan_operation,
            chosen.operation,
            graph,
            labels,
            max_fields=self._limits.fields,
            counters=self.counters,
            is_rare=is_rare,
            denied=chosen.identities_of(denied),
        )
        return await kept.executables.make(key, plan, weight=executable_bytes(normalized))

    def _kept_for(self, graph: ServedGraph) -> "_Kept":
        latest = self._latest
        if latest is not None and latest.graph() is graph:
            return latest
        if (kept := self._kept.get(graph)) is None:
            capacity = self._limits.cached_bytes
            kept = _Kept(
                ref(graph, self._forget),
                self._connect(graph),
                self._gate.requirements_of(graph),
                self._budget(graph),
                capacity,
                self.cache_counts,
            )
            self._kept[graph] = kept
        self._latest = kept
        return kept

    def _budget(self, graph: ServedGraph) -> Budget | None:
        limits, supergraph = self._limits, graph.supergraph
        if limits.cost is None:
            return None
        return Budget(supergraph.api_schema, supergraph.costs, limits.cost, limits.list_size)

    def _forget(self, graph: "ref[ServedGraph]") -> None:
        if self._latest is not None and self._latest.graph is graph:
            self._latest = None


class _Begun(Struct, eq=False):
    """An execution that begins at once or at its turn, and is over when it has ended or was given up."""

    prepared: Prepared
    program: Program
    admission: Admission
    expected: int
    executed: Callable[[Completed | ExecutionResult], Executed]
    ended: Callable[[Executed | BaseException], None] | None  # until it is over
    turn: "asyncio.Future[None] | None" = None  # while it waits for it
    give_up_execution: Cancel | None = None  # while it runs

    def start(self, _: object = None) -> None:
        if self.ended is None:  # given up in the moment of its turn
            return
        self.turn = None
        self.admission.begin(self.expected)
        prepared = self.prepared
        give_up = prepared.executable.begin(
            self.program, prepared.variables, prepared.kept.send, prepared.request.headers, self._end
        )
        if self.ended is not None:
            self.give_up_execution = give_up

    def _end(self, outcome: Outcome) -> None:
        ended, self.ended = self.ended, None
        self.give_up_execution = None  # it leads back here
        self.admission.end(self.expected)
        if ended is not None:
            ended(outcome if isinstance(outcome, BaseException) else self.executed(outcome))

    def give_up(self) -> None:
        if self.ended is None:
            return
        self.ended = None
        if self.turn is not None:
            self.turn.cancel()
        elif self.give_up_execution is not None:
            self.admission.end(self.expected)
            self.give_up_execution()


class _Kept:
    """What one graph's requests have in common."""

    def __init__(
        self,
        graph: "ref[ServedGraph]",
        send: Send,
        requirements: Requirements,
        budget: Budget | None,
        capacity: int,
        counts: Mapping[str, CacheCounts],
    ) -> None:
        self.graph = graph
        self.send = send
        self.requirements = requirements
        self.budget = budget
        self.documents: Cache[str, ValidDocument | Refused] = Cache(capacity // 4, counts["documents"])
        self.executables: Cache[PlanKey, Executable | Refused] = Cache(
            capacity * 3 // 4, counts["plans"], holds_cycles=True
        )

    def used(self, prepared: Prepared) -> None:
        """Count that an operation was asked again."""
        self.documents.used(prepared.request.query)
        self.executables.used(prepared.key)
