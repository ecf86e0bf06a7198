"""An HTTP exchange to a GraphQL request (GraphQL over HTTP, section 5)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from plait_gateway.asgi import Receive, Scope
from plait_gateway.authorization import ANONYMOUS, Identity
from plait_gateway.errors import (
    BAD_REQUEST,
    METHOD_NOT_ALLOWED,
    PAYLOAD_TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
)
from plait_gateway.pipeline import GraphQLRequest
from plait_gateway.server.client_headers import ClientHeaders
from plait_gateway.server.exchange import BodyTooLarge, read_body
from plait_gateway.server.media_types import is_json_in_utf8
from plait_gateway.server.problem import HttpProblem
from plait_gateway.server.request_headers import RequestHeaders, text

_PARAMETERS = ("query", "operationName", "variables", "extensions")
_MAX_PARAMETERS = 20


class _Parameters(msgspec.Struct):
    query: str | None = None
    operationName: str | None = None  # noqa: N815 - the specification's name
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None  # nothing reads them yet, but their form is specified


_decode_parameters = msgspec.json.Decoder(_Parameters).decode


async def read_graphql_request(
    scope: Scope,
    headers: RequestHeaders,
    receive: Receive,
    *,
    sent: ClientHeaders,
    identity: Identity = ANONYMOUS,
    added: tuple[tuple[str, str], ...] = (),
    max_bytes: int,
) -> GraphQLRequest:
    """The request of a GET or POST; `sent` is what its headers say, `added` are headers that go on besides.

    Raises HttpProblem for what is not a GraphQL request, ClientLeft when it never becomes complete.
    """
    match scope["method"]:
        case "GET":
            content: bytes = scope["query_string"]
            parameters = _checked(_from_query_string(content))
        case "POST":
            content = await _read_body(headers, receive, max_bytes)
            parameters = _from_body(content)
        case method:
            message = f"GraphQL is served for GET and POST, not {method}."
            raise HttpProblem(405, METHOD_NOT_ALLOWED.at(None, message), ((b"allow", b"GET, POST"),))
    if parameters.query is None:
        raise _bad_request("The request has no 'query'.")
    return _request(parameters.query, parameters, content, sent, identity, added)


def may_be_plain(headers: RequestHeaders) -> bool:
    """Whether the body of a POST with these headers may be read by `plain_request`."""
    return b"content-encoding" not in headers and is_json_in_utf8(text(headers.get(b"content-type")))


def plain_request(
    content: bytes, sent: ClientHeaders, identity: Identity, added: tuple[tuple[str, str], ...]
) -> GraphQLRequest | None:
    """The request of a POST whose body is here; None for one with which anything is wrong."""
    try:
        parameters = _decode_parameters(content)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    if parameters.query is None:
        return None
    return _request(parameters.query, parameters, content, sent, identity, added)


def _request(
    query: str,
    parameters: _Parameters,
    content: bytes,
    sent: ClientHeaders,
    identity: Identity,
    added: tuple[tuple[str, str], ...],
) -> GraphQLRequest:
    return GraphQLRequest(
        query,
        parameters.operationName,
        parameters.variables or {},
        sent.forwarded + added,
        sent.expose_query_plan,
        identity,
        sent.override_labels,
        content,
    )


async def _read_body(headers: RequestHeaders, receive: Receive, max_bytes: int) -> bytes:
    content_type = text(headers.get(b"content-type"))
    if not is_json_in_utf8(content_type):
        # The types that a form or a script of another site can send without asking first are among these.
        message = f"Send application/json in UTF-8, not {content_type or 'a body without a type'}."
        raise HttpProblem(415, UNSUPPORTED_MEDIA_TYPE.at(None, message), ((b"accept", b"application/json"),))
    encoding = headers.get(b"content-encoding")
    if encoding is not None and encoding.strip().lower() != b"identity":
        message = f"Send the body as it is, without content-encoding {text(encoding)}."
        raise HttpProblem(415, UNSUPPORTED_MEDIA_TYPE.at(None, message), ((b"accept-encoding", b"identity"),))
    try:
        return await read_body(headers.get(b"content-length"), receive, limit=max_bytes)
    except BodyTooLarge:
        message = f"The request's body is larger than {max_bytes} bytes."
        raise HttpProblem(413, PAYLOAD_TOO_LARGE.at(None, message), ((b"connection", b"close"),)) from None


def _from_body(body: bytes) -> _Parameters:
    try:
        return _decode_parameters(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _checked(_decode_body(body))  # which says what is wrong


def _decode_body(body: bytes) -> dict[str, Any]:
    if not body:
        raise _bad_request("The request has no body.")
    parameters = _decode(body, "The request's body")
    if isinstance(parameters, list):
        raise _bad_request("The request's body is a list; batches are not supported.")
    if not isinstance(parameters, dict):
        raise _bad_request("The request's body is not a JSON object.")
    return parameters


def _from_query_string(query_string: bytes) -> Mapping[str, Any]:
    if query_string.count(b"&") >= _MAX_PARAMETERS:
        raise _bad_request(f"The query string has more than {_MAX_PARAMETERS} parameters.")
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict")
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


def _checked(parameters: Mapping[str, Any]) -> _Parameters:
    return _Parameters(
        extensions=_mapping(parameters, "extensions"),
        query=_text(parameters, "query"),
        operationName=_text(parameters, "operationName"),
        variables=_mapping(parameters, "variables"),
    )


def _text(parameters: Mapping[str, Any], name: str) -> str | None:
    value = parameters.get(name)
    if value is not None and not isinstance(value, str):
        raise _bad_request(f"{name!r} is not a string.")
    return value


def _mapping(parameters: Mapping[str, Any], name: str) -> dict[str, Any]:
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


def _bad_request(message: str) -> HttpProblem:
    return HttpProblem(400, BAD_REQUEST.at(None, message))
