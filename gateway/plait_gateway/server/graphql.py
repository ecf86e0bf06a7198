"""The GraphQL endpoint: an HTTP exchange in, a pipeline's response out (GraphQL over HTTP)."""

from collections.abc import Callable
from functools import partial
from time import perf_counter

from msgspec import structs

from plait_gateway.asgi import Receive, Scope
from plait_gateway.authentication import Identifies
from plait_gateway.authorization import ANONYMOUS
from plait_gateway.config import GatewayConfig
from plait_gateway.errors import METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, SUPERGRAPH_NOT_LOADED
from plait_gateway.metrics import RequestDurations
from plait_gateway.pipeline import Pipeline, Prepared, Refused
from plait_gateway.server.client_headers import ClientHeadersReader
from plait_gateway.server.cors import Cors
from plait_gateway.server.direct_requests import DirectRequests
from plait_gateway.server.disconnect import Departures
from plait_gateway.server.exchange import HttpResponse
from plait_gateway.server.graphql_request import may_be_plain, read_graphql_request
from plait_gateway.server.graphql_response import NOT_STORED, http_response
from plait_gateway.server.identification import ClaimHeaders, identify
from plait_gateway.server.media_types import MediaType, negotiate
from plait_gateway.server.problem import HttpProblem
from plait_gateway.server.request_headers import RequestHeaders, text
from plait_gateway.server.shared_answers import SharedAnswers
from plait_gateway.supergraph import ServedGraph, SupergraphHolder
from plait_gateway.usage import UsageRecorder


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
        self._client_headers = ClientHeadersReader(config, self._claims)
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

    def direct(
        self,
        headers: RequestHeaders,
        durations: RequestDurations,
        failed: Callable[[BaseException], HttpResponse],
    ) -> DirectRequests | None:
        """What answers POSTs with this head that wait for subgraphs alone; None where none of them do.

        `failed` makes the answer of a defect.
        """
        media_type = negotiate(text(headers.get(b"accept")))
        if media_type is None or self._shared is not None or not may_be_plain(headers):
            return None
        if self._cors.is_cross_site(headers):
            return None
        authenticator = self._authenticator
        authorization = headers.get(b"authorization")
        return DirectRequests(
            pipeline=self._pipeline,
            supergraph=self._supergraph,
            sent_by=self._client_headers.reading(headers),
            identify=(lambda: ANONYMOUS)
            if authenticator is None
            else partial(authenticator.known, authorization),
            claims=self._claims,
            max_bytes=self._max_bytes,
            media_type=media_type,
            headers=NOT_STORED + self._cors.headers(headers),
            count=None if self._usage is None else partial(self._count, headers),
            durations=durations,
            failed=failed,
        )

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
            headers,
            receive,
            sent=self._client_headers.read(headers, peer),
            identity=identity,
            added=self._claims.of(identity),
            max_bytes=self._max_bytes,
        )
        graph = self._supergraph.current  # this request's graph to the end, whatever is swapped meanwhile
        if graph is None:
            message = "There is no supergraph to answer from yet."
            raise HttpProblem(503, SUPERGRAPH_NOT_LOADED.at(None, message), ((b"retry-after", b"1"),))
        prepared = await self._pipeline.prepare(request, graph)
        if isinstance(prepared, Refused):
            return http_response(prepared, media_type)
        begun = perf_counter()
        response = await self._execute(prepared, graph, scope, media_type, receive)
        self._count(headers, prepared, perf_counter() - begun, response.has_errors)
        return response

    def _count(self, headers: RequestHeaders, prepared: Prepared, seconds: float, has_errors: bool) -> None:
        sent = prepared.operation.sent
        if self._usage is not None and sent is not None:
            client, version = headers.get(self._client_header, b""), headers.get(self._version_header, b"")
            self._usage.record(sent, client, version, seconds, failed=has_errors)

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
        return http_response(await self._pipeline.run(prepared), media_type)
