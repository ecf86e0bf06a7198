"""POSTs that wait for subgraphs alone, answered without ASGI. What their head says is worked out once."""

from collections.abc import Callable
from time import perf_counter

from msgspec import Struct

from plait_gateway.authorization import Identity
from plait_gateway.clients.send import Cancel, nothing_to_cancel
from plait_gateway.metrics import RequestDurations
from plait_gateway.pipeline import Executed, Pipeline, Prepared
from plait_gateway.server.client_headers import ClientHeaders
from plait_gateway.server.exchange import Headers, HttpResponse
from plait_gateway.server.graphql_request import plain_request
from plait_gateway.server.graphql_response import http_response
from plait_gateway.server.identification import ClaimHeaders
from plait_gateway.server.media_types import MediaType
from plait_gateway.supergraph import SupergraphHolder


class DirectRequests(Struct, frozen=True, kw_only=True):
    """Answers requests with one head.

    Headers that tell the client's address are read for each `peer`. `identify` gives who sends the head, if
    nothing has to be verified for it; `headers` are those of the answers; `count` is told of each answer, how
    long it took and whether it has errors; `failed` makes the answer of a defect.
    """

    pipeline: Pipeline
    supergraph: SupergraphHolder
    sent_by: Callable[[str | None], ClientHeaders]
    identify: Callable[[], Identity | None]
    claims: ClaimHeaders
    max_bytes: int
    media_type: MediaType
    headers: Headers
    count: Callable[[Prepared, float, bool], None] | None
    durations: RequestDurations
    failed: Callable[[BaseException], HttpResponse]

    def begin(
        self, content: bytes, peer: str | None, respond: Callable[[HttpResponse], None]
    ) -> Cancel | None:
        """Begin to answer a body, and tell the answer to `respond`: once, unless it is given up.

        None, and nothing is begun, for those that are refused, mutations, and what is asked for the first
        time. ASGI answers them.
        """
        begun = perf_counter()
        try:
            prepared = self._prepared(content, peer)
            if prepared is None:
                return None
            return self.pipeline.begin(prepared, _Answering(self, prepared, begun, respond).ended)
        except Exception as defect:  # noqa: BLE001 - the client is told that it failed
            response = self.failed(defect)
            self.durations.observe(response.status, perf_counter() - begun)
            respond(response)
            return nothing_to_cancel

    def _prepared(self, content: bytes, peer: str | None) -> Prepared | None:
        graph = self.supergraph.current
        identity = self.identify()
        if graph is None or identity is None or len(content) > self.max_bytes:
            return None
        request = plain_request(content, self.sent_by(peer), identity, self.claims.of(identity))
        prepared = None if request is None else self.pipeline.prepared(request, graph)
        return None if prepared is None or prepared.operation.is_mutation else prepared


class _Answering(Struct, eq=False):
    """One request under way."""

    requests: DirectRequests
    prepared: Prepared
    begun: float
    respond: Callable[[HttpResponse], None]

    def ended(self, outcome: Executed | BaseException) -> None:
        requests = self.requests
        try:
            if isinstance(outcome, BaseException):
                response = requests.failed(outcome)
            else:
                response = http_response(outcome, requests.media_type, requests.headers)
        except Exception as defect:  # noqa: BLE001 - as above
            response = requests.failed(defect)
        seconds = perf_counter() - self.begun
        requests.durations.observe(response.status, seconds)
        if requests.count is not None and isinstance(outcome, Executed):
            requests.count(self.prepared, seconds, response.has_errors)
        self.respond(response)
