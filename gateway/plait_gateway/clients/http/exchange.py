"""One request on its way to an origin."""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from plait_gateway.clients.http.failures import ExchangeFailed
from plait_gateway.clients.send import Outcome, SubgraphRequest, SubgraphResponse, SubgraphUnreachable

if TYPE_CHECKING:
    from plait_gateway.clients.http.connection import Connection

_log = logging.getLogger(__name__)

#: How an exchange ends, unless it is given up.
Ending: TypeAlias = SubgraphResponse | ExchangeFailed


class Exchange(Struct, eq=False):
    """What is sent, what may come back, and who wants to know; where it is just now is the pool's note.

    A query may be sent once more, on a new connection, if it met a kept one that had been closed.
    """

    request: SubgraphRequest
    head: bytes
    body: bytes
    limit: int  # bytes of the answer's body
    url: str
    answered: Callable[[Outcome], None] | None  # until it has ended, or is given up
    connection: "Connection | None" = None
    opening: "asyncio.Task[Connection] | None" = None

    @property
    def is_wanted(self) -> bool:
        """Whether it has not ended, and nobody gave it up."""
        return self.answered is not None

    def end(self, ending: Ending) -> None:
        """Tell the outcome to who waits for it."""
        answered, self.answered = self.answered, None
        if answered is not None:
            answered(self._unreachable(ending) if isinstance(ending, ExchangeFailed) else ending)

    def give_up(self) -> None:
        """Tell nobody."""
        self.answered = None

    def _unreachable(self, failure: ExchangeFailed) -> SubgraphUnreachable:
        """It is logged with the address, and told to the client without."""
        _log.warning("subgraph %s at %s: %s", self.request.subgraph, self.url, failure)
        unreachable = SubgraphUnreachable(self.request.subgraph, failure.reason)
        unreachable.__cause__ = failure
        return unreachable
