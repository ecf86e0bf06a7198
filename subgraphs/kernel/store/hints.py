"""Telling the loops of this process that there is something to do, or that they should come to their end."""

import asyncio
from asyncio import Event
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from subgraphs.kernel.outliving import is_cancelled


class Hints:
    """Every listener hears of every hint; who does not listen has missed nothing that it would not find."""

    def __init__(self) -> None:
        self._listeners: set[Event] = set()
        self._stopping = Event()

    def give(self) -> None:
        for listener in self._listeners:
            listener.set()

    def stop(self) -> None:
        """Nothing new is begun from now on; what is in hand is finished."""
        self._stopping.set()
        self.give()

    @property
    def is_stopping(self) -> bool:
        """Whether the loop that asks should come to its end: all are to, or it was cancelled.

        A cancellation interrupts a loop, but a library may swallow it: asyncio.wait_for does before Python
        3.12, and the client of Redis waits with it. So does a rollback that fails.
        """
        return self._stopping.is_set() or is_cancelled()

    async def stopped(self) -> None:
        """Wait until all loops are to stop."""
        await self._stopping.wait()

    async def pause(self, seconds: float) -> None:
        """Wait so long, or until all loops are to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    @contextmanager
    def listener(self) -> Iterator[Event]:
        """An event that is set by each hint; the listener clears it."""
        event = Event()
        self._listeners.add(event)
        try:
            yield event
        finally:
            self._listeners.discard(event)
