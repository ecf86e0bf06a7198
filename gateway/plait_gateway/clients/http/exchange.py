"""One request on its way to an origin."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from plait_gateway.clients.http.failures import ExchangeFailed
from plait_gateway.clients.send import SubgraphResponse

if TYPE_CHECKING:
    from plait_gateway.clients.http.connection import Connection

#: How an exchange ends, unless it is given up.
Ending: TypeAlias = SubgraphResponse | ExchangeFailed


class Exchange:
    """What is sent, what may come back, and who wants to know; where it is just now is the pool's note.

    `repeatable`: it may be sent once more, on a new connection, if it met a kept one that had been closed.
    """

    __slots__ = ("_ended", "body", "connection", "head", "limit", "opening", "repeatable")

    def __init__(
        self,
        head: bytes,
        body: bytes,
        *,
        limit: int,
        repeatable: bool,
        ended: Callable[[Ending], None],
    ) -> None:
        self.head = head
        self.body = body
        self.limit = limit  # bytes of the answer's body
        self.repeatable = repeatable
        self.connection: Connection | None = None
        self.opening: asyncio.Task[Connection] | None = None
        self._ended: Callable[[Ending], None] | None = ended

    @property
    def is_wanted(self) -> bool:
        """Whether it has not ended, and nobody gave it up."""
        return self._ended is not None

    def end(self, ending: Ending) -> None:
        """Tell the outcome to who waits for it."""
        ended, self._ended = self._ended, None
        if ended is not None:
            ended(ending)

    def give_up(self) -> None:
        """Tell nobody."""
        self._ended = None
