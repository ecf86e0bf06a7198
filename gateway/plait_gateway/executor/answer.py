"""What a subgraph's HTTP response is worth: a GraphQL response, or a failure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, TypeAlias

from plait_gateway.clients.send import SubgraphResponse
from plait_gateway.errors import (
    SUBGRAPH_HTTP_ERROR,
    SUBGRAPH_INVALID_JSON,
    SUBGRAPH_INVALID_RESPONSE,
    ErrorCode,
    ResponsePath,
)
from plait_gateway.executor.strict_json import InvalidJson, read_json


@dataclass(frozen=True, slots=True)
class SubgraphError:
    """An entry of the subgraph's `errors`; the path counts from the root of the fetch's operation."""

    message: str
    path: ResponsePath | None = None
    extensions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A well-formed GraphQL response. Without data it has errors; the data has been read by nobody yet."""

    data: Mapping[str, Any] | None
    errors: tuple[SubgraphError, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """No GraphQL response: nothing that the fetch should bring is there."""

    code: ErrorCode
    message: str
    extensions: Mapping[str, Any] = field(default_factory=dict)


Outcome: TypeAlias = Answer | Failure


def read_answer(response: SubgraphResponse) -> Outcome:
    """The GraphQL response that an HTTP response carries (GraphQL specification, section 7.1).

    A status of failure is believed unless the body explains it with GraphQL errors.
    """
    succeeded = 200 <= response.status < 300
    outcome = _read_body(response)
    if not succeeded and not (isinstance(outcome, Answer) and outcome.errors):
        status = {"http": {"status": response.status}}
        return Failure(SUBGRAPH_HTTP_ERROR, f"The subgraph answered HTTP {response.status}", status)
    return outcome


def _read_body(response: SubgraphResponse) -> Outcome:
    try:
        value = read_json(response.body)
    except InvalidJson as problem:
        told = response.content_type.partition(";")[0].strip() or "no content type"
        return Failure(SUBGRAPH_INVALID_JSON, f"The subgraph's answer ({told}) cannot be read: {problem}")
    if not isinstance(value, dict):
        return _invalid("is not a JSON object")
    data, entries = value.get("data"), value.get("errors")
    if not isinstance(data, dict | None):
        return _invalid("has data that is not an object")
    if not isinstance(entries, list | None):
        return _invalid("has errors that are not a list")
    errors = tuple(_read_error(entry) for entry in entries or ())
    if data is None and not errors:
        return _invalid("has neither data nor errors")
    return Answer(data, errors)


def _invalid(what: str) -> Failure:
    return Failure(SUBGRAPH_INVALID_RESPONSE, f"The subgraph's answer {what}")


def _read_error(entry: Any) -> SubgraphError:
    if not isinstance(entry, dict):
        return SubgraphError(_NO_MESSAGE)
    message = entry.get("message")
    return SubgraphError(
        message if isinstance(message, str) else _NO_MESSAGE,
        _read_path(entry.get("path")),
        _read_extensions(entry),
    )


_NO_MESSAGE = "The subgraph reported an error without a message"


def _read_path(path: Any) -> ResponsePath | None:
    """As much as can be one; None for nothing."""
    return tuple(takewhile(_is_step, path)) or None if isinstance(path, list) else None


def _is_step(step: Any) -> bool:
    return isinstance(step, str) or (type(step) is int and step >= 0)


def _read_extensions(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    extensions = entry.get("extensions")
    return extensions if isinstance(extensions, dict) else {}
