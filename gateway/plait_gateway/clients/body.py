"""The JSON body of a request to a subgraph, whatever carries it."""

from typing import Any

import msgspec

from plait_gateway.clients.send import SubgraphRequest, SubgraphUnreachable

_encode = msgspec.json.Encoder().encode

HEADERS = (
    ("accept", "application/graphql-response+json, application/json;q=0.9"),
    ("content-type", "application/json"),
)


def encode_body(request: SubgraphRequest) -> bytes:
    """`query`, with `variables` and `operationName` where there are any; or what is written already.

    Raises SubgraphUnreachable for what JSON in UTF-8 cannot hold, such as half of a surrogate pair.
    """
    if request.body is not None:
        return request.body
    body: dict[str, Any] = {"query": request.query}
    if request.variables:
        body["variables"] = request.variables
    if request.operation_name is not None:
        body["operationName"] = request.operation_name
    try:
        return _encode(body)
    except UnicodeEncodeError as error:
        raise SubgraphUnreachable(request.subgraph, "the request to it cannot be written in UTF-8") from error
