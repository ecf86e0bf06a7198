"""GraphQL over HTTP as a raw ASGI application: POST with JSON, answered as JSON.

https://graphql.github.io/graphql-over-http/draft/. A subgraph is called by a gateway: there is no GET, no
page for browsers, no batching.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any, Final, TypeAlias

import structlog
from opentelemetry.trace import SpanKind

from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.application.request import UNAUTHENTICATED, Actor, RequestContext
from subgraphs.kernel.domain import IdGenerator
from subgraphs.kernel.graphql.addresses import client_address
from subgraphs.kernel.graphql.context import GraphQLContext
from subgraphs.kernel.graphql.errors import BAD_USER_INPUT, INTERNAL, LIST_TOO_LONG, as_response
from subgraphs.kernel.graphql.schema import FederatedSchema
from subgraphs.kernel.graphql.tokens import TokenError, TokenVerifier
from subgraphs.kernel.telemetry.tracing import span

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

_log = structlog.stdlib.get_logger("subgraphs.http")

_GRAPHQL_RESPONSE: Final = "application/graphql-response+json"
_JSON: Final = "application/json"
_KEPT_FOR_A_WHILE: Final = [(b"cache-control", b"public, max-age=300")]
_LARGEST_BODY: Final = 1_048_576
_MOST_ITEMS: Final = 40_000  # of lists in variables: as many representations as such a body holds
_ITEM_BYTES: Final = 2  # of the shortest one, with its comma
_LONGEST_USER_AGENT: Final = 256
_CORRELATION_ID = re.compile(rb"[\x21-\x7e]{1,128}")
_IDEMPOTENCY_KEY = re.compile(rb'"?([!#-~]{1,128})"?')
_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")  # W3C Trace Context


class _RequestError(Exception):
    """The request ends before GraphQL begins."""

    def __init__(self, status: int, message: str, code: str = BAD_USER_INPUT) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted to a hook, as it came: a signature is about these bytes. Headers are in lower case."""

    headers: Mapping[bytes, bytes]
    body: bytes


Hook: TypeAlias = Callable[[Posted], Awaitable[tuple[int, bytes]]]
"""Answers what was posted with a status and JSON."""


@dataclass(frozen=True, slots=True)
class _Params:
    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


class GraphQLApp:
    """Serves one subgraph at `/` and `/graphql`, and public JSON `documents` at their own paths.

    `hooks` are paths to which others post what they have to tell: who that is, a hook finds out for itself.
    `patience` is for how long a request waits for a database that restarts: for less than a gateway waits for
    a subgraph (`timeout_seconds`).
    """

    def __init__(
        self,
        schema: FederatedSchema,
        *,
        commands: CommandBus,
        queries: QueryBus,
        tokens: TokenVerifier,
        ids: IdGenerator,
        documents: Mapping[str, Callable[[], bytes]] | None = None,
        hooks: Mapping[str, Hook] | None = None,
        patience: timedelta = timedelta(seconds=10),
    ) -> None:
        self._schema = schema
        self._commands = commands
        self._queries = queries
        self._tokens = tokens
        self._ids = ids
        self._documents = documents or {}
        self._hooks = hooks or {}
        self._patience = patience.total_seconds()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http" if scope["path"] in self._documents and scope["method"] == "GET":
                await respond(send, 200, _JSON, self._documents[scope["path"]](), _KEPT_FOR_A_WHILE)
            case "http" if hook := self._hooks.get(scope["path"]):
                await self._take(hook, scope, receive, send)
            case "http" if scope["path"] in ("/", "/graphql"):
                await self._graphql(scope, receive, send)
            case "http":
                await respond(send, 404, _JSON, b'{"errors":[{"message":"There is nothing here"}]}')
            case "lifespan":
                await _lifespan(receive, send)
            case other:
                raise NotImplementedError(f"no {other} here")

    async def _take(self, hook: Hook, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            refusal = json.dumps(_error("Use POST", BAD_USER_INPUT)).encode()
            await respond(send, 405, _JSON, refusal, [(b"allow", b"POST")])
            return
        try:
            status, answer = await hook(Posted(dict(scope["headers"]), await _body(receive)))
        except _RequestError as error:
            status, answer = error.status, json.dumps(_error(str(error), error.code)).encode()
        except Exception as unexpected:  # noqa: BLE001 -- a request becomes a response
            _log.error("hook failed", path=scope["path"], exc_info=unexpected)
            status, answer = 500, json.dumps(_error("Internal error", INTERNAL)).encode()
        await respond(send, status, _JSON, answer)

    async def _graphql(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        media_type = _GRAPHQL_RESPONSE if _GRAPHQL_RESPONSE.encode() in headers.get(b"accept", b"") else _JSON
        try:
            _check(scope["method"], headers)
            params = _parse(await _body(receive))
            request = RequestContext(
                self._actor(headers),
                self._correlation_id(headers),
                traceparent=_traceparent(headers),
                idempotency_key=_idempotency_key(headers),
                address=client_address(scope, trusted_proxies=self._queries.trusted_proxies),
                user_agent=_user_agent(headers),
                deadline=monotonic() + self._patience,
            )
            with (
                structlog.contextvars.bound_contextvars(correlation_id=request.correlation_id),
                span(
                    "POST /graphql",
                    {"plait.context": self._commands.context},
                    kind=SpanKind.SERVER,
                    parent=request.traceparent,
                ),
            ):
                response = await self._execute(params, request)
        except _RequestError as refusal:
            response = _error(str(refusal), refusal.code)
            status = refusal.status
            if refusal.code == UNAUTHENTICATED.code and media_type == _JSON:
                status = 200  # in this media type a status other than 200 says that the body is not ours
        else:
            # No data at all: the operation was refused before it ran.
            status = 400 if media_type == _GRAPHQL_RESPONSE and "data" not in response else 200
        extra = [(b"allow", b"POST")] if status == 405 else []
        await respond(send, status, media_type, json.dumps(response).encode(), extra)

    async def _execute(self, params: _Params, request: RequestContext) -> dict[str, Any]:
        context = GraphQLContext(request, commands=self._commands, queries=self._queries)
        try:
            result = await self._schema.execute(
                params.query, params.variables, context_value=context, operation_name=params.operation_name
            )
        except RecursionError:
            return _error("The operation is nested too deeply", BAD_USER_INPUT)
        except Exception as unexpected:  # noqa: BLE001 -- a request becomes a response
            _log.error("request failed", correlation_id=request.correlation_id, exc_info=unexpected)
            return _error(f"Internal error (correlation id {request.correlation_id})", INTERNAL)
        errors = as_response(result.errors or (), correlation_id=request.correlation_id)
        ran = result.data is not None or any(error.path for error in result.errors or ())
        return {**({"data": result.data} if ran else {}), **({"errors": errors} if errors else {})}

    def _actor(self, headers: Mapping[bytes, bytes]) -> Actor | None:
        authorization = headers.get(b"authorization")
        if authorization is None:
            return None
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            raise _RequestError(401, "Authorization must be a bearer token", UNAUTHENTICATED.code)
        try:
            return self._tokens.verify(token.strip())
        except TokenError as refusal:
            raise _RequestError(401, str(refusal), UNAUTHENTICATED.code) from None

    def _correlation_id(self, headers: Mapping[bytes, bytes]) -> str:
        given = headers.get(b"x-correlation-id", b"")
        return given.decode("ascii") if _CORRELATION_ID.fullmatch(given) else str(self._ids.new())


def _traceparent(headers: Mapping[bytes, bytes]) -> str | None:
    given = headers.get(b"traceparent", b"")
    return given.decode("ascii") if _TRACEPARENT.fullmatch(given) else None


def _user_agent(headers: Mapping[bytes, bytes]) -> str | None:
    given = headers.get(b"user-agent", b"").decode("latin-1").strip()[:_LONGEST_USER_AGENT]
    return given if given and given.isprintable() else None


def _idempotency_key(headers: Mapping[bytes, bytes]) -> str | None:
    """https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/; quotes may be missing."""
    given = headers.get(b"idempotency-key")
    if given is None:
        return None
    if not (match := _IDEMPOTENCY_KEY.fullmatch(given.strip())):
        raise _RequestError(400, "Idempotency-Key must be 1 to 128 visible ASCII characters without quotes")
    return match[1].decode("ascii")


def _check(method: str, headers: Mapping[bytes, bytes]) -> None:
    if method != "POST":
        raise _RequestError(405, "Use POST")
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != _JSON.encode():
        raise _RequestError(415, f"The content type must be {_JSON}")


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _RequestError(400, "The client went away")
        body += message.get("body", b"")
        if len(body) > _LARGEST_BODY:
            raise _RequestError(413, f"The request is larger than {_LARGEST_BODY} bytes")
        if not message.get("more_body", False):
            return bytes(body)


def _parse(body: bytes) -> _Params:
    try:
        content = json.loads(body)
        if (
            b"\\u" in body
        ):  # the escapes can spell half a surrogate pair, which is no text and cannot be stored
            json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise _RequestError(400, "The body is not JSON") from None
    match content:
        case {"query": str() as query}:
            variables, operation_name = content.get("variables"), content.get("operationName")
        case _:
            raise _RequestError(400, "The body must be a JSON object with a query string")
    if not (variables is None or isinstance(variables, dict)):
        raise _RequestError(400, "variables must be an object")
    if len(body) > _MOST_ITEMS * _ITEM_BYTES and _items(variables) > _MOST_ITEMS:
        raise _RequestError(
            400, f"The lists of the variables have more than {_MOST_ITEMS} items", LIST_TOO_LONG
        )
    if not (operation_name is None or isinstance(operation_name, str)):
        raise _RequestError(400, "operationName must be a string")
    return _Params(query, variables, operation_name)


def _items(variables: Any) -> int:
    count, waiting = 0, [variables]
    while waiting:
        match waiting.pop():
            case list() as items:
                count += len(items)
                waiting += items
            case dict() as fields:
                waiting += fields.values()
    return count


def _error(message: str, code: str) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": code}}]}


async def respond(
    send: Send, status: int, media_type: str, body: bytes, extra: list[tuple[bytes, bytes]] | None = None
) -> None:
    """Answer an HTTP request at once, with `extra` headers."""
    headers = [
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        *(extra or []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        phase = (await receive())["type"].removeprefix("lifespan.")
        await send({"type": f"lifespan.{phase}.complete"})
        if phase == "shutdown":
            return
