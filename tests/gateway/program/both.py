"""Running a plan by the reference interpreter and by its compiled program, over the same subgraphs."""

import json
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import msgspec
from graphql import GraphQLSchema

from plait_gateway.clients.body import encode_body
from plait_gateway.clients.coroutines import sending
from plait_gateway.clients.send import SubgraphRequest, SubgraphResponse
from plait_gateway.errors import ResponseError
from plait_gateway.executor import ExecutionResult, execute
from plait_gateway.executor.execution import Operation
from plait_gateway.executor.program import Completed, Counters, Executable
from plait_gateway.query_plan import QueryPlan

#: A coroutine function that answers a request.
Answering: TypeAlias = Callable[[SubgraphRequest], Coroutine[Any, Any, SubgraphResponse]]


@dataclass
class Counted:
    """Notes what was sent, as it goes over the wire."""

    over: Answering
    sent: Counter[tuple[str, bytes]] = field(default_factory=Counter)
    mutations: list[tuple[str, bytes]] = field(default_factory=list)

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        if not request.idempotent:
            self.mutations.append((request.subgraph, encode_body(request)))
        self.sent[request.subgraph, encode_body(request)] += 1
        return await self.over(request)


async def both(
    plan: QueryPlan,
    operation: Operation,
    *,
    schema: GraphQLSchema,
    api_schema: GraphQLSchema,
    variables: Mapping[str, Any],
    send: Answering,
    counters: Counters,
    denied: frozenset[int] = frozenset(),
    executable: Executable | None = None,
) -> ExecutionResult:
    """Assert that both give the same and send the same; returns the interpreter's.

    An `executable` for the plan saves compiling it again.
    """
    interpreted, compiled = Counted(send), Counted(send)
    expected = await execute(
        plan,
        operation,
        schema=schema,
        api_schema=api_schema,
        variables=variables,
        send=interpreted.send,
        denied=denied,
    )
    executable = executable or Executable(
        plan, operation, schema=schema, api_schema=api_schema, counters=counters, denied=denied
    )
    outcome = await executable.execute(variables, send=sending(compiled.send))
    if isinstance(outcome, Completed):
        encoded = msgspec.json.encode(outcome.data).decode()
        assert encoded == json.dumps(expected.data, ensure_ascii=False, separators=(",", ":"))
        assert in_any_order(outcome.errors) == in_any_order(expected.errors)
        assert compiled.sent == interpreted.sent
    else:
        assert repr(outcome.data) == repr(expected.data)
        assert in_any_order(outcome.errors) == in_any_order(expected.errors), (
            outcome.errors,
            expected.errors,
        )
        assert {one: compiled.sent[one] for one in interpreted.sent} == interpreted.sent
    assert compiled.mutations == interpreted.mutations
    assert outcome.subgraph_requests == expected.subgraph_requests
    return expected


def in_any_order(errors: tuple[ResponseError, ...]) -> Counter[str]:
    """Errors of fetches that ran at the same time come in any order."""
    return Counter(repr(error.as_json()) for error in errors)
