"""Subgraphs for tests: graphql-core schemas served as ASGI apps."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLSchema, build_schema, graphql_sync

from plait_gateway.asgi import ASGIApp, Receive, Scope, SendMessage
from plait_gateway.server.exchange import read_body

Resolver = Callable[..., Any]


async def answer_with(
    send: SendMessage, body: bytes, *, status: int = 200, content_type: str = "application/json"
) -> None:
    """One complete response."""
    headers = [(b"content-type", content_type.encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def subgraph_app(sdl: str, resolvers: Mapping[str, Resolver]) -> ASGIApp:
    """An app that answers POSTs; resolvers are by `Type.field`, `Entity.Type` resolves a representation."""
    schema = build_schema(sdl + _entities(sdl, resolvers))
    for coordinate, resolve in resolvers.items():
        type_name, _, field_name = coordinate.partition(".")
        if type_name != "Entity":
            _field(schema, type_name, field_name).resolve = resolve
    references = {
        name.removeprefix("Entity."): f for name, f in resolvers.items() if name.startswith("Entity.")
    }
    if references:

        def resolve_entities(
            _root: object, _info: object, representations: list[dict[str, Any]]
        ) -> list[Any]:
            return [
                {**found, "__typename": item["__typename"]}
                if (found := references[item["__typename"]](item)) is not None
                else None
                for item in representations
            ]

        _field(schema, "Query", "_entities").resolve = resolve_entities

    async def app(scope: Scope, receive: Receive, send: SendMessage) -> None:
        request = json.loads(await read_body(None, receive, limit=1_000_000))
        result = graphql_sync(
            schema,
            request["query"],
            variable_values=request.get("variables"),
            operation_name=request.get("operationName"),
            context_value={name.decode(): value.decode() for name, value in scope["headers"]},
        )
        await answer_with(send, json.dumps(result.formatted).encode())

    return app


def _entities(sdl: str, resolvers: Mapping[str, Resolver]) -> str:
    entities = [name.removeprefix("Entity.") for name in resolvers if name.startswith("Entity.")]
    if not entities:
        return ""
    query = "extend type Query" if "type Query" in sdl else "type Query"
    return f"""
        scalar _Any
        union _Entity = {" | ".join(entities)}
        {query} {{ _entities(representations: [_Any!]!): [_Entity]! }}
    """


def _field(schema: GraphQLSchema, type_name: str, field_name: str) -> Any:
    fields: Any = schema.type_map[type_name]
    return fields.fields[field_name]
