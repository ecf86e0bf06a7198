"""The GraphQL endpoint: an HTTP exchange in, a pipeline's response out (GraphQL over HTTP)."""

from collections.abc import Callable
from functools import partial
from time import perf_counter

import msgspec
from msgspec import structs

from plait_gateway.asgi import Receive, Scope
from plait_gateway.authentication import Identifies
from plait_gateway.authorization import ANONYMOUS
from plait_gateway.clients.send import Cancel
from plait_gateway.config import GatewayConfig
from plait_gateway.errors import METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, SUPERGRAPH_NOT_LOADED
from plait_gateway.pipeline import (
    Executed,
    GraphQLResponse,
    Pipeline,
    Prepared,
    Refused,
    as_json,
)
from plait_gateway.server.cors import Cors
from plait_gateway.server.disconnect import Departures
from plait_gateway.server.exchange import HttpResponse
from plait_gateway.server.graphql_request import plain_request, read_graphql_request
from plait_gateway.server.identification import ClaimHeaders, identify
from plait_gateway.server.media_types import MediaType, negotiate
from plait_gateway.server.problem import HttpProblem
from plait_gateway.server.request_headers import RequestHeaders, forwarded_for, text
from plait_gateway.server.shared_answers import SharedAnswers
from plait_gateway.supergraph import ServedGraph, SupergraphHolder
from plait_gateway.usage import UsageRecorder

_encode = msgspec.json.Encoder().encode

#: An answer is for this user at this moment; a cache on the way must not give it to another.
_HEADERS = ((b"cache-control", b"no-store"),)


class GraphQLEndpoint:
    """Serves GET and POST; every answer is JSON in the media type that the client prefers."""

    def __init__(
        self,
        pipeline: Pipeline,
        supergraph: SupergraphHolder,
        config: GatewayConfig,
        *,
        shared: SharedAnswers | None,
        usage: UsageRecorder | None = None,
        authenticator: Identifies | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._supergraph = supergraph
        self._authenticator = authenticator
        self._claims = ClaimHeaders(config.authentication.headers)
        names = [name.lower() for name in config.headers.forward if not self._claims.has(name)]
        self._forward = [(name, name.encode("latin-1")) for name in names]
        self._forwards_client = "x-forwarded-for" in names
        labels = config.override_labels.header
        self._labels_header = None if labels is None else labels.lower().encode("ascii")
        self._max_bytes = config.limits.request_bytes
        self._departures = Departures()
        self._shared = shared
        self._usage = usage
        clients = config.usage
        self._client_header = clients.client_name_header.lower().encode()
        self._version_header = clients.client_version_header.lower().encode()
        self._cors = Cors(config.cors)

    async def answer(self, scope: Scope, headers: RequestHeaders, receive: Receive) -> HttpResponse:
        """Raises HttpProblem for what has no GraphQL response, ClientLeft when nobody waits for one."""
        if (preflight := self._cors.preflight(scope, headers)) is not None:
            return preflight
        self._cors.refuse_cross_site(headers)
        extra = self._cors.headers(headers)
        if not extra:
            return await self._answer(scope, headers, receive)
        try:
            response = await self._answer(scope, headers, receive)
        except HttpProblem as problem:
            problem.headers += extra
            raise
        return structs.replace(response, headers=response.headers + extra)

    def begin(
        self,
        headers: RequestHeaders,
        content: bytes,
        answered: Callable[[HttpResponse | BaseException], None],
        *,
        peer: str | None,
    ) -> Cancel | None:
        """Begin a POST that waits for subgraphs alone, and tell its answer: once, unless it is given up.

        None, and nothing is begun, for every other: those that are refused, mutations, what is asked for the
        first time, what browsers ask of another site. They are answered by `answer`.
        """
        media_type = negotiate(text(headers.get(b"accept")))
        graph = self._supergraph.current
        if media_type is None or graph is None or self._shared is not None or self._cors.concerns(headers):
            return None
        if len(content) > self._max_bytes:
            return None
        authenticator = self._authenticator
        identity = ANONYMOUS if authenticator is None else authenticator.known(headers.get(b"authorization"))
        if identity is None:
            return None
        request = plain_request(
            self._with_client(headers, peer),
            content,
            identity=identity,
            forward=self._forward,
            added=self._claims.of(identity),
            labels=self._labels_header,
        )
        prepared = None if request is None else self._pipeline.prepared(request, graph)
        if prepared is None or prepared.operation.is_mutation:
            return None
        begun = perf_counter()

        def ended(response: Executed | BaseException) -> None:
            if isinstance(response, BaseException):
                answered(response)
                return
            self._count(prepared, headers, perf_counter() - begun, failed=bool(response.errors))
            try:
                answer = _http_response(response, media_type)
            except Exception as defect:  # noqa: BLE001 - the client is told that it failed
                answered(defect)
            else:
                answered(answer)

        return self._pipeline.begin(prepared, graph, ended)

    async def _answer(self, scope: Scope, headers: RequestHeaders, receive: Receive) -> HttpResponse:
        media_type = negotiate(text(headers.get(b"accept")))
        if media_type is None:
            offered = " or ".join(kind.value for kind in MediaType)
            raise HttpProblem(406, NOT_ACCEPTABLE.at(None, f"The endpoint answers with {offered}."))
        identity = ANONYMOUS
        if self._authenticator is not None:
            identity = await identify(self._authenticator, headers)
        peer = scope["client"][0] if scope.get("client") else None
        request = await read_graphql_request(
            scope,
            self._with_client(headers, peer),
            receive,
            identity=identity,
            added=self._claims.of(identity),
            forward=self._forward,
            labels=self._labels_header,
            max_bytes=self._max_bytes,
        )
        graph = self._supergraph.current  # this request's graph to the end, whatever is swapped meanwhile
        if graph is None:
            message = "There is no supergraph to answer from yet."
            raise HttpProblem(503, SUPERGRAPH_NOT_LOADED.at(None, message), ((b"retry-after", b"1"),))
        prepared = await self._pipeline.prepare(request, graph)
        if isinstance(prepared, Refused):
            return _http_response(prepared, media_type)
        begun = perf_counter()
        response = await self._execute(prepared, graph, scope, media_type, receive)
        self._count(prepared, headers, perf_counter() - begun, failed=response.has_errors)
        return response

    def _with_client(self, headers: RequestHeaders, peer: str | None) -> RequestHeaders:
        return forwarded_for(headers, peer) if self._forwards_client else headers

    def _count(self, prepared: Prepared, headers: RequestHeaders, seconds: float, *, failed: bool) -> None:
        sent = prepared.operation.sent
        if self._usage is not None and sent is not None:
            client, version = headers.get(self._client_header, b""), headers.get(self._version_header, b"")
            self._usage.record(sent, client, version, seconds, failed=failed)

    async def _execute(
        self,
        prepared: Prepared,
        graph: ServedGraph,
        scope: Scope,
        media_type: MediaType,
        receive: Receive,
    ) -> HttpResponse:
        if prepared.operation.is_mutation:
            return await self._mutation(prepared, scope["method"], media_type)
        if self._shared is None:
            work = self._run(prepared, media_type)
        else:
            request = prepared.request
            sent = (request.content, request.headers, request.override_labels, request.expose_query_plan)
            key = (graph.version, media_type, scope["method"], *sent, prepared.key)
            work = self._shared.once(key, partial(self._run, prepared, media_type))
        return await self._departures.unless_client_leaves(work, receive)

    async def _mutation(self, prepared: Prepared, method: str, media_type: MediaType) -> HttpResponse:
        """Run it to its end, even if the client leaves."""
        if method == "GET":
            message = "Mutations are run by POST only."
            raise HttpProblem(405, METHOD_NOT_ALLOWED.at(None, message), ((b"allow", b"POST"),))
        try:
            return await self._run(prepared, media_type)
        finally:
            if self._shared is not None:
                self._shared.close()

    async def _run(self, prepared: Prepared, media_type: MediaType) -> HttpResponse:
        return _http_response(await self._pipeline.run(prepared), media_type)


def _http_response(response: GraphQLResponse, media_type: MediaType) -> HttpResponse:
    body = _encode(as_json(response))
    status = _status(response, media_type)
    return HttpResponse(status, media_type.content_type, body, _HEADERS, has_errors=bool(response.errors))


def _status(response: GraphQLResponse, media_type: MediaType) -> int:
    match response:
        case Refused(status=status) if media_type is MediaType.GRAPHQL_RESPONSE:
            return status
        case Refused() | Executed():
            return 200
