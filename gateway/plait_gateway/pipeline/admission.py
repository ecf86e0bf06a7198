"""When executions begin: with large answers, as many at a time as the processor's caches hold.

Each one under way keeps what it has got so far while the others run. Where that is more than the caches hold,
an execution takes twice the time, spent on waiting for memory.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter

from msgspec import Struct

_HELD_BYTES = 256 * 1024  # of answers; in memory they take several times that
_SMALL_BYTES = 16 * 1024  # these begin at once, and are not counted

_LOOK_SECONDS, _BUSY_SECONDS = 0.001, 0.004  # until the next look; looking has its price
_IDLE_SECONDS = 40e-6  # a turn of the event loop takes no longer when there is no answer to work on
_PATIENCE = 10  # looks at a processor that is busy, with others, while no execution ends


class Waiting(Struct, eq=False):
    """An execution that is to begin at its turn."""

    expected: int
    start: Callable[[], None] | None  # until then

    def leave(self) -> bool:
        """Take no turn; whether it was not too late for that."""
        is_early = self.start is not None
        self.start = None
        return is_early


class Admission:
    """Counts what is under way. Beyond the limit an execution begins when others have ended.

    While those wait for subgraphs that are slow, the processor may have nothing to do. So now and then a turn
    of the event loop is looked at: where it had nothing, the limit is raised by a quarter, and where it had,
    lowered again by an eighth. Processor time would not tell: others may have the processor while answers are
    there. Where those under way do not come to an end, small requests that keep it busy hold up nobody.
    """

    def __init__(self, *, now: Callable[[], float] = perf_counter) -> None:
        self._now = now
        self._held = 0
        self._limit = _HELD_BYTES
        self._waiting: deque[Waiting] = deque()
        self._admits_soon = False
        self._looks = False
        self._last_look = 0.0
        self._busy_looks = 0  # since one has ended

    def begin(self, expected: int, start: Callable[[], None]) -> Waiting | None:
        """Start an execution whose answers will have so many bytes, at once or at the turn that it waits for.

        Whoever has started calls `end`.
        """
        if expected > _SMALL_BYTES:
            if self._limit > _HELD_BYTES and self._now() > self._last_look + _BUSY_SECONDS:
                self._look()
            if self._waiting or not self._has_room_for(expected):
                waiting = Waiting(expected, start)
                self._waiting.append(waiting)
                self._look()
                return waiting
            self._held += expected
        start()
        return None

    async def enter(self, expected: int) -> None:
        """The same for a coroutine, which goes on when it starts."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting = self.begin(expected, lambda: turn.set_result(None))
        if waiting is not None:
            try:
                await turn
            except asyncio.CancelledError:
                if not waiting.leave():
                    self.end(expected)
                raise

    def end(self, expected: int) -> None:
        """An execution that has started holds nothing any more."""
        if expected > _SMALL_BYTES:
            self._held -= expected
            self._busy_looks = 0
            if self._waiting and not self._admits_soon:  # not at once: who ends has something to say first
                self._admits_soon = True
                asyncio.get_running_loop().call_soon(self._admit)

    def _has_room_for(self, expected: int) -> bool:
        return self._held + expected <= self._limit or not self._held

    def _admit(self) -> None:
        self._admits_soon = False
        while self._waiting:
            first = self._waiting[0]
            if first.start is not None and not self._has_room_for(first.expected):
                break
            self._waiting.popleft()
            start, first.start = first.start, None
            if start is not None:
                self._held += first.expected
                start()

    def _look(self) -> None:
        """Look at the turn between the next two times at which the loop calls what is to be called soon."""
        if not self._looks:
            self._looks = True
            asyncio.get_running_loop().call_soon(self._turn_begins)

    def _turn_begins(self) -> None:
        self._last_look = self._now()
        asyncio.get_running_loop().call_soon(self._turn_ends)

    def _turn_ends(self) -> None:
        self._looks = False
        is_idle = self._now() - self._last_look < _IDLE_SECONDS
        self._busy_looks = 0 if is_idle else self._busy_looks + 1
        if self._waiting and (is_idle or self._busy_looks >= _PATIENCE):
            self._limit = self._limit * 5 // 4
            self._admit()
        elif not is_idle:
            self._limit = max(_HELD_BYTES, self._limit * 7 // 8)
        if self._waiting:
            seconds = _LOOK_SECONDS if is_idle else _BUSY_SECONDS
            asyncio.get_running_loop().call_later(seconds, self._look_again)

    def _look_again(self) -> None:
        if self._waiting:
            self._look()
