"""The GraphQL endpoint: an HTTP exchange in, a pipeline's response out (GraphQL over HTTP)."""

import msgspec

from plait_gateway.asgi import Receive, Scope
from plait_gateway.config import GatewayConfig
from plait_gateway.errors import METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, SUPERGRAPH_NOT_LOADED
from plait_gateway.pipeline import (
    Executed,
    GraphQLRequest,
    GraphQLResponse,
    Pipeline,
    Prepared,
    Refused,
    as_json,
)
from plait_gateway.server.disconnect import Departures
from plait_gateway.server.exchange import HttpResponse
from plait_gateway.server.graphql_request import read_graphql_request
from plait_gateway.server.media_types import MediaType, negotiate
from plait_gateway.server.problem import HttpProblem
from plait_gateway.server.request_headers import RequestHeaders, text
from plait_gateway.supergraph import SupergraphHolder

_encode = msgspec.json.Encoder().encode

#: An answer is for this user at this moment; a cache on the way must not give it to another.
_HEADERS = ((b"cache-control", b"no-store"), (b"vary", b"accept"))


class GraphQLEndpoint:
    """Serves GET and POST; every answer is JSON in the media type that the client prefers."""

    def __init__(self, pipeline: Pipeline, supergraph: SupergraphHolder, config: GatewayConfig) -> None:
        self._pipeline = pipeline
        self._supergraph = supergraph
        names = [name.lower() for name in config.headers.forward]
        self._forward = [(name, name.encode("latin-1")) for name in names]
        self._max_bytes = config.limits.request_bytes
        self._departures = Departures()

    async def answer(self, scope: Scope, headers: RequestHeaders, receive: Receive) -> HttpResponse:
        """Raises HttpProblem for what has no GraphQL response, ClientLeft when nobody waits for one."""
        media_type = negotiate(text(headers.get(b"accept")))
        if media_type is None:
            offered = " or ".join(kind.value for kind in MediaType)
            raise HttpProblem(406, NOT_ACCEPTABLE.at(None, f"The endpoint answers with {offered}."))
        request = await read_graphql_request(
            scope, headers, receive, forward=self._forward, max_bytes=self._max_bytes
        )
        response = await self._respond(request, scope, receive)
        return HttpResponse(
            _status(response, media_type), media_type.content_type, _encode(as_json(response)), _HEADERS
        )

    async def _respond(self, request: GraphQLRequest, scope: Scope, receive: Receive) -> GraphQLResponse:
        graph = self._supergraph.current  # this request's graph to the end, whatever is swapped meanwhile
        if graph is None:
            message = "There is no supergraph to answer from yet."
            raise HttpProblem(503, SUPERGRAPH_NOT_LOADED.at(None, message), ((b"retry-after", b"1"),))
        prepared = await self._pipeline.prepare(request, graph)
        match prepared:
            case Refused():
                return prepared
            case Prepared(is_mutation=True):
                if scope["method"] == "GET":
                    message = "Mutations are run by POST only."
                    raise HttpProblem(405, METHOD_NOT_ALLOWED.at(None, message), ((b"allow", b"POST"),))
                return await self._pipeline.run(prepared)  # to its end, even if the client leaves
            case Prepared():
                return await self._departures.unless_client_leaves(self._pipeline.run(prepared), receive)


def _status(response: GraphQLResponse, media_type: MediaType) -> int:
    match response:
        case Refused() if media_type is MediaType.GRAPHQL_RESPONSE:
            return 400
        case Refused() | Executed():
            return 200
