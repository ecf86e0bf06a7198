"""A pipeline's response to an HTTP response (GraphQL over HTTP, section 6)."""

import msgspec

from plait_gateway.pipeline import GraphQLResponse, Refused, as_json
from plait_gateway.server.exchange import Headers, HttpResponse
from plait_gateway.server.media_types import MediaType

_encode = msgspec.json.Encoder().encode

#: An answer is for this user at this moment; a cache on the way must not give it to another.
NOT_STORED: Headers = ((b"cache-control", b"no-store"),)


def http_response(
    response: GraphQLResponse, media_type: MediaType, headers: Headers = NOT_STORED
) -> HttpResponse:
    """The response in a media type, with these headers."""
    status = 200
    if isinstance(response, Refused) and media_type is MediaType.GRAPHQL_RESPONSE:
        status = response.status
    body = _encode(as_json(response))
    return HttpResponse(status, media_type.content_type, body, headers, bool(response.errors))
