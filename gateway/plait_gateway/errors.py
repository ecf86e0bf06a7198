"""What the gateway answers when something is wrong, and the one table of its error codes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import GraphQLError, Node

ResponsePath: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ResponseError:
    """An entry of a response's `errors` (GraphQL specification, section 7.1.2).

    `locations` are the line and column pairs in the client's document; `extensions` holds `code` and, for
    what a subgraph did, `serviceName`. `reported_by` is the subgraph whose own words message and extensions
    are.
    """

    message: str
    path: ResponsePath | None = None
    locations: tuple[tuple[int, int], ...] = ()
    extensions: Mapping[str, Any] = field(default_factory=dict)
    reported_by: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The entry as it stands in the response: what is empty is left out."""
        entry: dict[str, Any] = {"message": self.message}
        if self.locations:
            entry["locations"] = [{"line": line, "column": column} for line, column in self.locations]
        if self.path is not None:
            entry["path"] = list(self.path)
        if self.extensions:
            entry["extensions"] = dict(self.extensions)
        return entry


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """A row of the table: the stable name that clients see, and what it means in one sentence."""

    name: str
    meaning: str

    def at(
        self,
        path: Iterable[str | int] | None,
        message: str,
        *,
        subgraph: str | None = None,
        extensions: Mapping[str, Any] | None = None,
    ) -> ResponseError:
        """An error of this kind at a place of the response, or of the whole request where path is None."""
        about = {"code": self.name} | ({"serviceName": subgraph} if subgraph else {})
        place = None if path is None else tuple(path)
        return ResponseError(message, place, extensions={**about, **(extensions or {})})

    def at_node(self, node: Node, message: str) -> ResponseError:
        """An error of this kind at a place of the client's document."""
        return self.from_graphql(GraphQLError(message, node))

    def from_graphql(self, error: GraphQLError) -> ResponseError:
        """A finding of graphql-core under this code; its own extensions stay."""
        places = tuple((place.line, place.column) for place in error.locations or ())
        path = None if error.path is None else tuple(error.path)
        extensions = {"code": self.name, **(error.extensions or {})}
        return ResponseError(error.message, path, places, extensions)


CODES: dict[str, ErrorCode] = {}


def _code(name: str, meaning: str) -> ErrorCode:
    return CODES.setdefault(name, ErrorCode(name, meaning))


# The request
BAD_REQUEST = _code("BAD_REQUEST", "The HTTP request is not a GraphQL request.")
GRAPHQL_PARSE_FAILED = _code("GRAPHQL_PARSE_FAILED", "The document is not GraphQL.")
GRAPHQL_VALIDATION_FAILED = _code("GRAPHQL_VALIDATION_FAILED", "The document does not fit the API schema.")
OPERATION_RESOLUTION_FAILURE = _code(
    "OPERATION_RESOLUTION_FAILURE", "The document does not hold the operation to run."
)
BAD_USER_INPUT = _code("BAD_USER_INPUT", "A variable's value does not fit its type.")
LIST_TOO_LONG = _code("LIST_TOO_LONG", "The variables' lists have more items than the gateway takes.")
INTERNAL_SERVER_ERROR = _code("INTERNAL_SERVER_ERROR", "A defect of the gateway's own; the log has more.")

# A subgraph
DOWNSTREAM_SERVICE_ERROR = _code("DOWNSTREAM_SERVICE_ERROR", "A subgraph's own error, which has no code.")
SUBGRAPH_UNREACHABLE = _code("SUBGRAPH_UNREACHABLE", "No connection to the subgraph, or it broke.")
SUBGRAPH_TIMEOUT = _code("SUBGRAPH_TIMEOUT", "The subgraph did not answer in time.")
SUBGRAPH_HTTP_ERROR = _code(
    "SUBGRAPH_HTTP_ERROR", "The subgraph answered with an HTTP status that says failure."
)
SUBGRAPH_INVALID_JSON = _code("SUBGRAPH_INVALID_JSON", "The subgraph's answer is not well-formed JSON.")
SUBGRAPH_INVALID_RESPONSE = _code(
    "SUBGRAPH_INVALID_RESPONSE", "The subgraph's answer does not fit the request, the schema or GraphQL."
)
DEPENDENCY_FAILED = _code(
    "DEPENDENCY_FAILED",
    "The field is null because something that it depends on failed; another error says why.",
)
ERRORS_LEFT_OUT = _code("ERRORS_LEFT_OUT", "There were more errors than a response holds.")

# The HTTP exchange
NOT_FOUND = _code("NOT_FOUND", "Nothing is served under this path.")
METHOD_NOT_ALLOWED = _code("METHOD_NOT_ALLOWED", "The path is not served for this HTTP method.")
NOT_ACCEPTABLE = _code("NOT_ACCEPTABLE", "The client accepts no media type that the gateway can answer with.")
UNSUPPORTED_MEDIA_TYPE = _code("UNSUPPORTED_MEDIA_TYPE", "The request's body is not JSON in UTF-8.")
PAYLOAD_TOO_LARGE = _code("PAYLOAD_TOO_LARGE", "The request's body is larger than the gateway reads.")
HEAD_TOO_LARGE = _code("HEAD_TOO_LARGE", "The request's line and headers are larger than the gateway reads.")
HOST_NOT_ALLOWED = _code("HOST_NOT_ALLOWED", "The gateway is not to be called by this name.")
CSRF_PREVENTED = _code("CSRF_PREVENTED", "A page of another site made the browser send this request.")
SUPERGRAPH_NOT_LOADED = _code("SUPERGRAPH_NOT_LOADED", "There is no graph to answer from yet.")

# Who asks
UNAUTHENTICATED = _code("UNAUTHENTICATED", "The token that came with the request is not valid.")
KEYS_UNAVAILABLE = _code("KEYS_UNAVAILABLE", "There are no keys yet to verify the request's token with.")
UNAUTHORIZED_FIELD_OR_TYPE = _code(
    "UNAUTHORIZED_FIELD_OR_TYPE", "The client may not see the field, which is null."
)

# The operation
INTROSPECTION_DISABLED = _code("INTROSPECTION_DISABLED", "The gateway does not tell what is in its schema.")
OPERATION_TOO_LARGE = _code("OPERATION_TOO_LARGE", "The operation asks for more than the gateway plans.")
OPERATION_TOO_EXPENSIVE = _code(
    "OPERATION_TOO_EXPENSIVE", "The operation is expected to cost more than the gateway allows."
)
SUBSCRIPTION_NOT_SUPPORTED = _code("SUBSCRIPTION_NOT_SUPPORTED", "Subscriptions cannot be run over HTTP.")
QUERY_PLANNING_FAILED = _code(
    "QUERY_PLANNING_FAILED", "No plan answers the operation: the graph is not satisfiable."
)
