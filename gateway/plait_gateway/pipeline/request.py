"""What goes through the pipeline: a request, and the two kinds of response to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from msgspec import Raw, Struct, field

from plait_gateway.authorization import ANONYMOUS, Identity
from plait_gateway.errors import ResponseError


class GraphQLRequest(Struct, frozen=True):
    """A well-formed GraphQL request, whatever carried it."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()  # what is forwarded to subgraphs
    expose_query_plan: bool = False
    identity: Identity = ANONYMOUS
    override_labels: frozenset[str] | None = None  # what the client wants on, where it may say so
    content: bytes = b""  # the body, or query string, that all but the headers was read from


@dataclass(frozen=True, slots=True)
class Refused:
    """A request error: nothing was run, and the response has no `data` (specification, section 7.1.1)."""

    errors: tuple[ResponseError, ...]
    status: int = 400  # where the media type lets the HTTP status say it


class Executed(Struct, frozen=True):
    """What running the operation gave, with the errors on the way."""

    data: Mapping[str, Any] | Struct | Raw | None
    errors: tuple[ResponseError, ...] = ()
    extensions: Mapping[str, Any] = field(default_factory=dict)


GraphQLResponse: TypeAlias = Executed | Refused


def as_json(response: GraphQLResponse) -> dict[str, Any]:
    """The response map: errors first, as the specification asks, and nothing that is empty."""
    entries: dict[str, Any] = {}
    if response.errors:
        entries["errors"] = [error.as_json() for error in response.errors]
    if isinstance(response, Executed):
        entries["data"] = response.data
        if response.extensions:
            entries["extensions"] = dict(response.extensions)
    return entries
