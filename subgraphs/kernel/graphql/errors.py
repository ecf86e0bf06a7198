"""Errors as clients see them.

An expected refusal of a mutation is data: an item of the payload's `errors`. A refused query, and
everything that is wrong with a request, is a GraphQL error with a code. What we got wrong is logged and
masked.
"""

from collections.abc import Iterable
from typing import Any, Final, Self

import strawberry
import structlog
from graphql import GraphQLError

from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.domain import DomainError
from subgraphs.kernel.domain.slice import INVALID_CURSOR
from subgraphs.kernel.store.lost import CommitUnknownError, DatabaseUnavailableError
from subgraphs.kernel.store.no_text import is_no_text
from subgraphs.kernel.store.slices import UnknownPositionError

_log = structlog.stdlib.get_logger("subgraphs.graphql")

BAD_USER_INPUT: Final = "BAD_USER_INPUT"
INTERNAL: Final = "INTERNAL_SERVER_ERROR"
INVALID_TEXT: Final = "INVALID_TEXT"
DATABASE_UNAVAILABLE: Final = "DATABASE_UNAVAILABLE"
LIST_TOO_LONG: Final = "LIST_TOO_LONG"
OUTCOME_UNKNOWN: Final = "OUTCOME_UNKNOWN"

_NO_TEXT: Final = "Nothing here has a null character in it"
_UNAVAILABLE: Final = "Nothing was done, and nothing can be read, at the moment: try again"
_UNKNOWN: Final = "Nobody knows whether this was done: look; under an Idempotency-Key it can be asked again"


@strawberry.federation.type(shareable=True, description="Why a mutation changed nothing.")
class UserError:
    code: str = strawberry.field(description="Stable, for programs.")
    message: str = strawberry.field(description="For people.")
    field: str | None = strawberry.field(description="The input field at fault, if it is one.")
    retry_after: int | None = strawberry.field(description="In how many seconds it may be otherwise.")

    @classmethod
    def of(cls, error: DomainError) -> Self:
        return cls(code=error.code, message=error.message, field=error.field, retry_after=error.retry_after)


def as_response(errors: Iterable[GraphQLError], *, correlation_id: str) -> list[dict[str, Any]]:
    """The errors of a response. Whatever was not meant for the client is logged instead, each cause once."""
    causes: dict[int, BaseException] = {}
    shown = []
    for error in errors:
        match error.original_error:
            case None:
                shown.append(_with_code(error, error.message, BAD_USER_INPUT))
            case QueryError(error=refusal):
                shown.append(_with_code(error, refusal.message, refusal.code, refusal.retry_after))
            case UnknownPositionError():
                shown.append(_with_code(error, INVALID_CURSOR.message, INVALID_CURSOR.code))
            case DatabaseUnavailableError() as lost:
                _log.error("no database", correlation_id=correlation_id, error=str(lost))
                shown.append(_with_code(error, _UNAVAILABLE, DATABASE_UNAVAILABLE))
            case CommitUnknownError() as lost:
                _log.error("outcome unknown", correlation_id=correlation_id, error=str(lost))
                shown.append(_with_code(error, _UNKNOWN, OUTCOME_UNKNOWN))
            case original if is_no_text(original):
                shown.append(_with_code(error, _NO_TEXT, INVALID_TEXT))
            case GraphQLError() as original:
                shown.append(_with_code(error, original.message, BAD_USER_INPUT))
            case unexpected:
                if id(unexpected) not in causes:
                    causes[id(unexpected)] = unexpected
                    path = ".".join(map(str, error.path or ()))
                    _log.error(
                        "resolver failed", path=path, correlation_id=correlation_id, exc_info=unexpected
                    )
                shown.append(_with_code(error, f"Internal error (correlation id {correlation_id})", INTERNAL))
    return shown


def _with_code(
    error: GraphQLError, message: str, code: str, retry_after: int | None = None
) -> dict[str, Any]:
    formatted = dict(error.formatted)
    wait = {} if retry_after is None else {"retryAfter": retry_after}
    extensions = {"code": code, **wait, **(error.extensions or {})}
    return {**formatted, "message": message, "extensions": extensions}
