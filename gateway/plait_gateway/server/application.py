"""Which path is served by what, and the one place where a defect becomes a response."""

import logging
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from time import perf_counter

import msgspec

from plait_gateway.asgi import ASGIApp, Receive, Scope, SendMessage
from plait_gateway.errors import INTERNAL_SERVER_ERROR, METHOD_NOT_ALLOWED, NOT_FOUND
from plait_gateway.graphiql import GraphiQLSettings
from plait_gateway.metrics import CONTENT_TYPE, Metric, RequestDurations, written
from plait_gateway.server.exchange import ClientLeft, HttpResponse, respond
from plait_gateway.server.graphiql import graphiql_asset, graphiql_page
from plait_gateway.server.graphql import GraphQLEndpoint
from plait_gateway.server.health import live, ready
from plait_gateway.server.hosts import AllowedHosts
from plait_gateway.server.known_heads import Begin
from plait_gateway.server.media_types import MediaType, negotiate, prefers_html
from plait_gateway.server.problem import HttpProblem
from plait_gateway.server.request_headers import RequestHeaders, by_name, text
from plait_gateway.supergraph import Notices, ServedGraph, SupergraphHolder

_log = logging.getLogger(__name__)

NOTICES_PATH = "/graphql/notices"
_ASSETS = "/graphql/assets/"
_FRESH = ((b"cache-control", b"no-store"),)


class GatewayApplication:
    """The gateway as an ASGI app. `close` is awaited when the server has stopped.

    `warm_up` may be awaited with a graph before the holder has it, so that the first requests find plans.
    What subgraphs of this process serve besides GraphQL (webhooks, keys) is served below their names, as far
    as they are `beside` it: `/payments/webhooks/stripe`. `pages` serve what begins as they are called.
    What is asked of the gateway under other names than those of `hosts` is refused.
    """

    def __init__(
        self,
        endpoint: GraphQLEndpoint,
        supergraph: SupergraphHolder,
        *,
        graphiql: GraphiQLSettings | None,
        notices: Notices | None,
        metrics: Callable[[], Iterable[Metric]] | None,
        durations: RequestDurations,
        warm_up: Callable[[ServedGraph], Awaitable[None]],
        close: Callable[[], Awaitable[None]],
        beside: Mapping[str, ASGIApp] | None = None,
        pages: Mapping[str, ASGIApp] | None = None,
        hosts: AllowedHosts | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._supergraph = supergraph
        self._graphiql = graphiql
        self._notices = notices
        self._metrics = metrics
        self._durations = durations
        self.warm_up = warm_up
        self._close = close
        self._beside = beside or {}
        self._pages = pages or {}
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: SendMessage) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if self._hosts is not None and not self._hosts.allows(headers := by_name(scope["headers"])):
            await respond(self._hosts.refusal(headers), scope, send)
            return
        if self._beside and (found := self._subgraph_at(scope["path"])) is not None:
            subgraph, path = found
            await subgraph({**scope, "path": path}, receive, send)
            return
        if self._pages and (page := self._pages.get(_first_segment(scope["path"])[0])) is not None:
            await page(scope, receive, send)
            return
        begun = perf_counter()
        try:
            response = await self._route(scope, receive)
        except ClientLeft:
            return
        except HttpProblem as problem:
            response = problem.response(_media_type(by_name(scope["headers"])))
        except Exception as defect:  # noqa: BLE001 - this request gets an answer, the next one its chance
            response = _internal_error(defect, by_name(scope["headers"]))
        self._durations.observe(response.status, perf_counter() - begun)
        await respond(response, scope, send)

    def direct(self, target: bytes, headers: RequestHeaders) -> Begin | None:
        """What begins to answer POSTs with this head without ASGI; None where they all come by ASGI."""
        if target != b"/graphql" or (self._hosts is not None and not self._hosts.allows(headers)):
            return None
        failed = partial(_internal_error, headers=headers)
        requests = self._endpoint.direct(headers, self._durations, failed)
        return None if requests is None else requests.begin

    async def _route(self, scope: Scope, receive: Receive) -> HttpResponse:
        path: str = scope["path"]
        if path == "/graphql":
            headers = by_name(scope["headers"])
            if self._graphiql and scope["method"] == "GET" and prefers_html(text(headers.get(b"accept"))):
                return graphiql_page(self._graphiql)
            return await self._endpoint.answer(scope, headers, receive)
        if path == "/" and self._graphiql is not None:
            return HttpResponse(307, "text/plain", b"", ((b"location", b"/graphql"),))
        response = self._page(path, scope)
        if response is None:
            raise HttpProblem(
                404, NOT_FOUND.at(None, f"Nothing is served at {path}; GraphQL is at /graphql.")
            )
        if scope["method"] not in ("GET", "HEAD"):
            message = f"{path} is served for GET, not {scope['method']}."
            raise HttpProblem(405, METHOD_NOT_ALLOWED.at(None, message), ((b"allow", b"GET, HEAD"),))
        return response

    def _subgraph_at(self, path: str) -> tuple[ASGIApp, str] | None:
        """The subgraph of this process that serves a path, and the path as it knows it; never its GraphQL."""
        name, rest = _first_segment(path)
        subgraph = self._beside.get(name)
        if subgraph is None or rest in ("", "graphql") or path.startswith(_ASSETS):
            return None
        return subgraph, f"/{rest}"

    def _page(self, path: str, scope: Scope) -> HttpResponse | None:
        match path:
            case "/health/live":
                return live()
            case "/health/ready":
                return ready(self._supergraph)
            case "/metrics" if self._metrics is not None:
                return HttpResponse(200, CONTENT_TYPE, written(self._metrics()).encode(), _FRESH)
            case _ if path == NOTICES_PATH and self._notices is not None:
                return _notices(self._notices, self._supergraph)
            case _ if self._graphiql is not None and path.startswith(_ASSETS):
                return graphiql_asset(path.removeprefix(_ASSETS), scope)
            case _:
                return None

    async def _lifespan(self, receive: Receive, send: SendMessage) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._close()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _first_segment(path: str) -> tuple[str, str]:
    """The first segment of a path, and what comes behind it; a request for `*` has one, too."""
    name, _, rest = path.removeprefix("/").partition("/")
    return name, rest


def _notices(notices: Notices, supergraph: SupergraphHolder) -> HttpResponse:
    """What GraphiQL polls: the findings to show, and the graph's version, to see that it has changed."""
    body = {
        "supergraph": None if supergraph.current is None else supergraph.current.version,
        "notices": [diagnostic.as_json() for diagnostic in notices.current],
    }
    return HttpResponse(200, "application/json", msgspec.json.encode(body), _FRESH)


def _internal_error(defect: BaseException, headers: RequestHeaders) -> HttpResponse:
    incident = uuid.uuid4().hex
    _log.error("internal error %s", incident, exc_info=defect)
    message = f"Something went wrong in the gateway; its log has the details under {incident}."
    error = INTERNAL_SERVER_ERROR.at(None, message, extensions={"incident": incident})
    return HttpProblem(500, error).response(_media_type(headers))


def _media_type(headers: RequestHeaders) -> MediaType:
    return negotiate(text(headers.get(b"accept"))) or MediaType.JSON
