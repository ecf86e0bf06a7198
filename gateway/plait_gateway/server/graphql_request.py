"""An HTTP exchange to a GraphQL request (GraphQL over HTTP, section 5)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from plait_gateway.asgi import Receive, Scope
from plait_gateway.errors import (
    BAD_REQUEST,
    CSRF_PREVENTED,
    METHOD_NOT_ALLOWED,
    PAYLOAD_TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
)
from plait_gateway.pipeline import GraphQLRequest
from plait_gateway.server.exchange import BodyTooLarge, header, headers_named, read_body
from plait_gateway.server.media_types import is_json_in_utf8
from plait_gateway.server.problem import HttpProblem

_EXPOSE_QUERY_PLAN = b"plait-expose-query-plan"
_PARAMETERS = ("query", "operationName", "variables", "extensions")
_MAX_PARAMETERS = 20


async def read_graphql_request(
    scope: Scope, receive: Receive, *, forward: tuple[str, ...], max_bytes: int
) -> GraphQLRequest:
    """The request of a GET or POST; `forward` names the headers that go on to subgraphs.

    Raises HttpProblem for what is not a GraphQL request, ClientLeft when it never becomes complete.
    """
    match scope["method"]:
        case "GET":
            parameters = _from_query_string(scope)
        case "POST":
            parameters = await _from_body(scope, receive, max_bytes)
        case method:
            message = f"GraphQL is served for GET and POST, not {method}."
            raise HttpProblem(405, METHOD_NOT_ALLOWED.at(None, message), ((b"allow", b"GET, POST"),))
    _refuse_cross_site(scope)
    _mapping(parameters, "extensions")  # nothing reads them yet, but their form is specified
    return GraphQLRequest(
        query=_query(parameters),
        operation_name=_text(parameters, "operationName"),
        variables=_mapping(parameters, "variables"),
        headers=_forwarded(scope, forward),
        expose_query_plan=(header(scope, _EXPOSE_QUERY_PLAN) or "").lower() == "true",
    )


async def _from_body(scope: Scope, receive: Receive, max_bytes: int) -> Mapping[str, Any]:
    content_type = header(scope, b"content-type")
    if not is_json_in_utf8(content_type):
        # The types that a form or a script of another site can send without asking first are among these.
        message = f"Send application/json in UTF-8, not {content_type or 'a body without a type'}."
        raise HttpProblem(415, UNSUPPORTED_MEDIA_TYPE.at(None, message), ((b"accept", b"application/json"),))
    encoding = header(scope, b"content-encoding")
    if encoding is not None and encoding.strip().lower() != "identity":
        message = f"Send the body as it is, without content-encoding {encoding}."
        raise HttpProblem(415, UNSUPPORTED_MEDIA_TYPE.at(None, message), ((b"accept-encoding", b"identity"),))
    try:
        body = await read_body(scope, receive, limit=max_bytes)
    except BodyTooLarge:
        message = f"The request's body is larger than {max_bytes} bytes."
        raise HttpProblem(413, PAYLOAD_TOO_LARGE.at(None, message), ((b"connection", b"close"),)) from None
    if not body:
        raise _bad_request("The request has no body.")
    parameters = _decode(body, "The request's body")
    if isinstance(parameters, list):
        raise _bad_request("The request's body is a list; batches are not supported.")
    if not isinstance(parameters, dict):
        raise _bad_request("The request's body is not a JSON object.")
    return parameters


def _from_query_string(scope: Scope) -> Mapping[str, Any]:
    try:
        pairs = parse_qsl(
            scope["query_string"].decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_PARAMETERS,
        )
    except ValueError:
        raise _bad_request("The query string is not form-encoded UTF-8.") from None
    parameters: dict[str, Any] = {}
    for name, value in pairs:
        if name in _PARAMETERS and name in parameters:
            raise _bad_request(f"The parameter {name!r} is given twice.")
        parameters[name] = value or None
    for name in ("variables", "extensions"):
        if parameters.get(name) is not None:
            parameters[name] = _decode(parameters[name], f"The parameter {name!r}")
    return parameters


def _refuse_cross_site(scope: Scope) -> None:
    """A page can make the browser send a GET with the user's cookies (an image, a link), without asking.

    What the gateway serves to GET changes nothing, yet the time it takes may tell something. Browsers
    say where such a request comes from; a script that was allowed to ask by CORS has another mode.
    """
    site, mode = header(scope, b"sec-fetch-site"), header(scope, b"sec-fetch-mode")
    if site in ("cross-site", "same-site") and mode in ("no-cors", "navigate"):
        message = "Pages of other sites cannot run operations by links, forms or images."
        raise HttpProblem(403, CSRF_PREVENTED.at(None, message))


def _query(parameters: Mapping[str, Any]) -> str:
    query = _text(parameters, "query")
    if query is None:
        raise _bad_request("The request has no 'query'.")
    return query


def _text(parameters: Mapping[str, Any], name: str) -> str | None:
    value = parameters.get(name)
    if value is not None and not isinstance(value, str):
        raise _bad_request(f"{name!r} is not a string.")
    return value


def _mapping(parameters: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = parameters.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _bad_request(f"{name!r} is not a JSON object.")
    return value


def _decode(text: bytes | str, what: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise _bad_request(f"{what} is not well-formed JSON: {error}.") from None
    except RecursionError:
        raise _bad_request(f"{what} is nested too deeply.") from None


def _forwarded(scope: Scope, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    lower = [name.lower() for name in names]
    return tuple((name, value) for name in lower for value in headers_named(scope, name.encode("latin-1")))


def _bad_request(message: str) -> HttpProblem:
    return HttpProblem(400, BAD_REQUEST.at(None, message))
