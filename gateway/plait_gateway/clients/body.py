"""The JSON body of a request to a subgraph, whatever carries it."""

from typing import Any

import msgspec

from plait_gateway.clients.send import SubgraphRequest

_encode = msgspec.json.Encoder().encode

HEADERS = (
    ("accept", "application/graphql-response+json, application/json;q=0.9"),
    ("content-type", "application/json"),
)


def encode_body(request: SubgraphRequest) -> bytes:
    """`query`, with `variables` and `operationName` where there are any; as it is where it is written already."""
    if request.body is not None:
        return request.body
    body: dict[str, Any] = {"query": request.query}
    if request.variables:
        body["variables"] = request.variables
    if request.operation_name is not None:
        body["operationName"] = request.operation_name
    return _encode(body)
