"""What the registry refuses, and the one table of its codes."""

from dataclasses import dataclass
from typing import Final


class RegistryError(Exception):
    """A request that cannot be carried out; nothing was changed."""

    def __init__(self, problem: "Problem", message: str) -> None:
        super().__init__(message)
        self.problem = problem
        self.message = message


@dataclass(frozen=True, slots=True)
class Problem:
    """A row of the table: a stable code, its HTTP status, and what it means in one sentence."""

    code: str
    status: int
    meaning: str

    def because(self, message: str) -> RegistryError:
        return RegistryError(self, message)


INVALID_NAME: Final = Problem(
    "INVALID_NAME", 400, "A graph, variant, subgraph or contract cannot have this name."
)
INVALID_REQUEST: Final = Problem("INVALID_REQUEST", 400, "The request is not what the operation takes.")
UNAUTHENTICATED: Final = Problem(
    "UNAUTHENTICATED", 401, "The token is missing, malformed, unknown, expired or revoked."
)
FORBIDDEN: Final = Problem("FORBIDDEN", 403, "The token does not allow this here.")
NOT_FOUND: Final = Problem("NOT_FOUND", 404, "There is no such graph, variant, version, subgraph or token.")
NOTHING_SERVED: Final = Problem(
    "NOTHING_SERVED", 404, "Nothing that was published to the variant composes yet."
)
NOT_COMPOSED: Final = Problem("NOT_COMPOSED", 409, "The version has no supergraph to go back to.")
LAST_SUBGRAPH: Final = Problem("LAST_SUBGRAPH", 409, "A variant keeps at least one subgraph.")
CONTRACT_CONFLICT: Final = Problem(
    "CONTRACT_CONFLICT", 409, "A contract takes its versions from its source, and from nothing else."
)
TOO_LARGE: Final = Problem("TOO_LARGE", 413, "The request is larger than the registry takes.")
STORAGE_FAILED: Final = Problem(
    "STORAGE_FAILED", 503, "The database refused; nothing was changed. Try again later."
)
INTERNAL_ERROR: Final = Problem(
    "INTERNAL_ERROR", 500, "A defect of the registry, which its log tells more of."
)

PROBLEMS: Final = (
    INVALID_NAME,
    INVALID_REQUEST,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    NOTHING_SERVED,
    NOT_COMPOSED,
    LAST_SUBGRAPH,
    CONTRACT_CONFLICT,
    TOO_LARGE,
    STORAGE_FAILED,
    INTERNAL_ERROR,
)
