"""The stages that take long: in threads, each once for all the requests that have it in common."""

import asyncio
from functools import partial

from plait_gateway.config import LimitsConfig
from plait_gateway.executor.program import Counters, Executable
from plait_gateway.pipeline.document import ValidDocument, document_bytes, read_document
from plait_gateway.pipeline.kept import Kept, PlanKey
from plait_gateway.pipeline.operation import ChosenOperation, choose_operation
from plait_gateway.pipeline.planning import executable_bytes, plan_operation
from plait_gateway.pipeline.request import GraphQLRequest, Refused
from plait_gateway.supergraph import ServedGraph


class Stages:
    """Read, choose, plan. What each finds out is kept for its graph."""

    def __init__(
        self, limits: LimitsConfig, counters: Counters, *, introspection: bool, sign_operations: bool
    ) -> None:
        self._limits = limits
        self._counters = counters
        self._introspection = introspection
        self._sign_operations = sign_operations

    async def read(self, query: str, graph: ServedGraph, kept: Kept) -> ValidDocument | Refused:
        """The document of a text: see `read_document`."""
        read = partial(
            read_document,
            query,
            graph.supergraph.api_schema,
            max_tokens=self._limits.tokens,
            introspection=self._introspection,
        )
        return await kept.documents.make(query, read, weight=document_bytes(query))

    async def choose(
        self, document: ValidDocument, request: GraphQLRequest, graph: ServedGraph, kept: Kept
    ) -> ChosenOperation | Refused:
        """The operation of a document that a request means: see `choose_operation`."""
        name = request.operation_name
        choose = partial(
            choose_operation,
            document.ast,
            name,
            graph.query_graph,
            kept.requirements,
            max_items=self._limits.list_items,
            budget=kept.budget,
            signed=self._sign_operations,
        )
        chosen = await asyncio.to_thread(choose)
        if not isinstance(chosen, Refused):
            document.chosen[name] = chosen
        return chosen

    async def plan(
        self, key: PlanKey, chosen: ChosenOperation, graph: ServedGraph, kept: Kept, *, is_rare: bool = True
    ) -> Executable | Refused:
        """The plan of an operation: see `plan_operation`."""
        normalized, labels, denied = key
        plan = partial(
            plan_operation,
            chosen.operation,
            graph,
            labels,
            max_fields=self._limits.fields,
            counters=self._counters,
            is_rare=is_rare,
            denied=chosen.identities_of(denied),
        )
        return await kept.executables.make(key, plan, weight=executable_bytes(normalized))
