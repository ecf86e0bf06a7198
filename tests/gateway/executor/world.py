"""Subgraphs for executor tests: canned answers, or graphql-core schemas that run in process."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    graphql_sync,
    parse,
    validate,
)
from msgspec.structs import replace

from plait_gateway.clients import SubgraphRequest, SubgraphResponse, SubgraphUnreachable
from plait_gateway.executor import ExecutionResult, execute
from plait_gateway.query_plan import parse_plan

Answering = Callable[[SubgraphRequest], Any]


@dataclass(frozen=True)
class ClientOperation:
    definition: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

    @classmethod
    def of(cls, text: str, schema: GraphQLSchema) -> "ClientOperation":
        document = parse(text)
        assert validate(schema, document) == []
        operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
        return cls(operations[0], {node.name.value: node for node in fragments})


def as_read(request: SubgraphRequest) -> SubgraphRequest:
    """A request as a subgraph reads it: with the variables that its body has."""
    if request.body is None:
        return request
    return replace(request, variables=json.loads(request.body).get("variables", {}))


@dataclass
class Subgraphs:
    """Answers every request of a subgraph by a function of the request, and remembers the requests.

    The function gives a JSON value, the bytes of a body, a whole SubgraphResponse, or an exception.
    """

    answers: Mapping[str, Answering]
    requests: list[SubgraphRequest] = field(default_factory=list)

    async def send(self, request: SubgraphRequest) -> SubgraphResponse:
        request = as_read(request)
        self.requests.append(request)
        match self.answers[request.subgraph](request):
            case SubgraphResponse() as response:
                return response
            case SubgraphUnreachable() as problem:
                raise problem
            case bytes(body):
                return SubgraphResponse(200, "application/json", body)
            case value:
                return SubgraphResponse(200, "application/json", json.dumps(value).encode())

    def asked(self, subgraph: str) -> list[SubgraphRequest]:
        return [request for request in self.requests if request.subgraph == subgraph]

    def representations(self, subgraph: str) -> list[list[dict[str, Any]]]:
        return [list(request.variables["representations"]) for request in self.asked(subgraph)]


def canned(**answers: Any) -> Subgraphs:
    """Subgraphs that always give the same answer: a function of the request, or what it would give."""
    return Subgraphs({name: _answering(answer) for name, answer in answers.items()})


def _answering(answer: Any) -> Answering:
    return answer if callable(answer) else lambda _: answer


def in_process(sdl: str, root: Mapping[str, Any], entities: Mapping[str, Any] | None = None) -> Answering:
    """A subgraph of graphql-core. `entities` maps a type to a function from representation to object."""
    kinds = " | ".join(entities or {})
    machinery = f"""
        scalar _Any
        union _Entity = {kinds}
        extend type Query {{ _entities(representations: [_Any!]!): [_Entity]! }}
    """
    schema = build_schema(sdl + (machinery if entities else ""))

    def resolve_entities(_: GraphQLResolveInfo[Any], representations: list[dict[str, Any]]) -> list[Any]:
        found = []
        for one in representations:
            entity = (entities or {})[one["__typename"]](one)
            found.append(None if entity is None else {"__typename": one["__typename"], **entity})
        return found

    def answer(request: SubgraphRequest) -> dict[str, Any]:
        result = graphql_sync(
            schema,
            request.query,
            {**root, "_entities": resolve_entities},
            variable_values=dict(request.variables),
        )
        return dict(result.formatted)

    return answer


@dataclass(frozen=True)
class Graph:
    """A supergraph as the executor sees it: what clients know, and what is inaccessible besides."""

    schema: GraphQLSchema
    api_schema: GraphQLSchema

    @classmethod
    def of(cls, sdl: str, *, api: str | None = None) -> "Graph":
        return cls(build_schema(sdl), build_schema(api or sdl))

    def run(
        self,
        operation: str,
        plan: str,
        subgraphs: Subgraphs,
        variables: Mapping[str, Any] | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Awaitable[ExecutionResult]:
        return execute(
            parse_plan(plan),
            ClientOperation.of(operation, self.api_schema),
            schema=self.schema,
            api_schema=self.api_schema,
            variables=variables or {},
            send=subgraphs.send,
            headers=headers,
        )


def errors_of(result: ExecutionResult) -> list[tuple[str, Any, Any]]:
    """What matters of the errors: code, path, and the subgraph."""
    return [
        (error.extensions["code"], error.path, error.extensions.get("serviceName")) for error in result.errors
    ]


def response_of(result: ExecutionResult) -> dict[str, Any]:
    """The response as JSON."""
    errors = [error.as_json() for error in result.errors]
    return {"data": result.data} | ({"errors": errors} if errors else {})
