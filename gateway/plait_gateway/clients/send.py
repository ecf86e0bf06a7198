"""The contract between executor and clients."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class SubgraphRequest:
    """One GraphQL-over-HTTP request to one subgraph."""

    subgraph: str
    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    headers: tuple[tuple[str, str], ...] = ()  # lower-case names; what is forwarded from the client
    idempotent: bool = True  # False for mutations, which must never be sent twice
    body: bytes | None = field(default=None, compare=False, repr=False)  # what is above as JSON, once written


@dataclass(frozen=True, slots=True)
class SubgraphResponse:
    """What came back, unread: the executor decides what it is worth."""

    status: int
    content_type: str
    body: bytes


class SubgraphUnreachable(Exception):  # noqa: N818 - it names a state of the subgraph, not of our code
    """No response arrived. `code` is what the client sees: SUBGRAPH_UNREACHABLE or SUBGRAPH_TIMEOUT."""

    def __init__(self, subgraph: str, reason: str, code: str = "SUBGRAPH_UNREACHABLE") -> None:
        super().__init__(reason)
        self.subgraph = subgraph
        self.reason = reason
        self.code = code


Send: TypeAlias = Callable[[SubgraphRequest], Awaitable[SubgraphResponse]]
