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

_LOOK_SECONDS = 0.001
_MORE_BYTES = 128 * 1024  # what the processor can work on until the next look, nearly
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

    While those wait for subgraphs that are slow, the processor may have nothing to do. Every millisecond one
    turn of the event loop is looked at: where it had nothing, more executions begin, as fast as their answers
    can be worked on. Processor time would not tell: others may have the processor while answers are there.
    Where those under way do not come to an end, small requests that keep the processor busy hold up nobody.
    """

    def __init__(self, *, now: Callable[[], float] = perf_counter) -> None:
        self._now = now
        self._held = 0
        self._waiting: deque[Waiting] = deque()
        self._admits_soon = False
        self._looks = False
        self._turn_began = 0.0
        self._busy_looks = 0  # since one has ended

    def begin(self, expected: int, start: Callable[[], None]) -> Waiting | None:
        """Start an execution whose answers will have so many bytes, at once or at the turn that it waits for.

        Whoever has started calls `end`.
        """
        if expected > _SMALL_BYTES:
            if self._waiting or not self._has_room_for(expected):
                waiting = Waiting(expected, start)
                self._waiting.append(waiting)
                if not self._looks:
                    self._looks = True
                    asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)
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
        return self._held + expected <= _HELD_BYTES or not self._held

    def _admit(self) -> None:
        self._admits_soon = False
        while self._waiting:
            first = self._waiting[0]
            if first.start is not None and not self._has_room_for(first.expected):
                break
            self._start_first()

    def _start_first(self) -> int:
        """Start who has waited longest, and give what is expected of it; nothing, of one that has left."""
        first = self._waiting.popleft()
        start, first.start = first.start, None
        if start is None:
            return 0
        self._held += first.expected
        start()
        return first.expected

    def _look(self) -> None:
        """Look at the turn between the next two times at which the loop calls what is to be called soon."""
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._turn_begins)
        else:
            self._looks = False

    def _turn_begins(self) -> None:
        self._turn_began = self._now()
        asyncio.get_running_loop().call_soon(self._turn_ends)

    def _turn_ends(self) -> None:
        asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)
        if self._now() - self._turn_began > _IDLE_SECONDS:
            self._busy_looks += 1
            if self._busy_looks < _PATIENCE:
                return
        self._busy_looks = 0
        more = 0
        while self._waiting and more < _MORE_BYTES:
            more += self._start_first()
