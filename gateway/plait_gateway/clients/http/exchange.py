"""One request on its way to an origin."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from plait_gateway.clients.http.failures import ExchangeFailed
from plait_gateway.clients.send import SubgraphResponse

if TYPE_CHECKING:
    from plait_gateway.clients.http.connection import Connection

#: How an exchange ends, unless it is given up.
Ending: TypeAlias = SubgraphResponse | ExchangeFailed


class Exchange(Struct, eq=False):
    """What is sent, what may come back, and who wants to know; where it is just now is the pool's note.

    `repeatable`: it may be sent once more, on a new connection, if it met a kept one that had been closed.
    """

    head: bytes
    body: bytes
    limit: int  # bytes of the answer's body
    repeatable: bool
    ended: Callable[[Ending], None] | None  # until it has, or is given up
    connection: "Connection | None" = None
    opening: "asyncio.Task[Connection] | None" = None

    @property
    def is_wanted(self) -> bool:
        """Whether it has not ended, and nobody gave it up."""
        return self.ended is not None

    def end(self, ending: Ending) -> None:
        """Tell the outcome to who waits for it."""
        ended, self.ended = self.ended, None
        if ended is not None:
            ended(ending)

    def give_up(self) -> None:
        """Tell nobody."""
        self.ended = None
