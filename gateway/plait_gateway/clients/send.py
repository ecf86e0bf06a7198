"""The contract between executor and clients."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct, field

from plait_gateway.errors import SUBGRAPH_UNREACHABLE


class SubgraphRequest(Struct, frozen=True):
    """One GraphQL-over-HTTP request to one subgraph.

    `body` is all that it says as JSON, if it is written already; then it alone has the variables.
    """

    subgraph: str
    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    headers: tuple[tuple[str, str], ...] = ()  # lower-case names; what is forwarded from the client
    idempotent: bool = True  # False for mutations, which must never be sent twice
    body: bytes | None = None


class SubgraphResponse(Struct, frozen=True, gc=False):
    """What came back, unread: the executor decides what it is worth."""

    status: int
    content_type: str
    body: bytes


class SubgraphUnreachable(Exception):  # noqa: N818 - it names a state of the subgraph, not of our code
    """No response arrived. `code` is what the client sees: SUBGRAPH_UNREACHABLE or SUBGRAPH_TIMEOUT."""

    def __init__(self, subgraph: str, reason: str, code: str = SUBGRAPH_UNREACHABLE.name) -> None:
        super().__init__(reason)
        self.subgraph = subgraph
        self.reason = reason
        self.code = code


Outcome: TypeAlias = SubgraphResponse | SubgraphUnreachable

#: Gives an exchange up: its outcome will not be told. After the outcome it does nothing.
Cancel: TypeAlias = Callable[[], None]

#: Begins an exchange, and tells its outcome to a function: once, at once or later, unless it is given up.
#: That function must not raise. A callback rather than a coroutine: an exchange needs no task of its own,
#: which alone would cost a third of it.
Send: TypeAlias = Callable[[SubgraphRequest, Callable[[Outcome], None]], Cancel]


def nothing_to_cancel() -> None:
    """The Cancel of an exchange whose outcome was told at once."""
