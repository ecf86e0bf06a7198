"""When executions begin: with large answers, as many at a time as the processor's caches hold.

Each one under way keeps what it has got so far while the others run. Where that is more than the caches hold,
an execution takes nearly twice the time, spent on waiting for memory.
"""

import asyncio
from collections import deque

_HELD_BYTES = 256 * 1024  # of answers; in memory they take several times that
_SMALL_BYTES = 16 * 1024


class Admission:
    """Counts what is under way. Beyond the limit one execution begins at each turn of the event loop.

    So answers that are there go before new requests, and nothing waits for subgraphs that are slow: without
    answers to read, turns are short.
    """

    def __init__(self) -> None:
        self._held = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    def is_to_wait(self, expected: int) -> bool:
        """Whether an execution is to wait for its turn, if its answers will have so many bytes."""
        return self._held + expected > _HELD_BYTES and expected > _SMALL_BYTES

    def turn(self) -> asyncio.Future[None]:
        """The turn of one that has to wait, behind those who wait already: when it is over it may begin."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._admit)
        self._waiting.append(turn)
        return turn

    def begin(self, expected: int) -> None:
        """An execution begins."""
        self._held += expected

    def end(self, expected: int) -> None:
        """It has ended, and holds nothing any more."""
        self._held -= expected

    def _admit(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # its client has left
                turn.set_result(None)
                break
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._admit)
