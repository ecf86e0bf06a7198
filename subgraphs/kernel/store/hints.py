"""Telling the loops of this process that there is something to do."""

from asyncio import Event
from collections.abc import Iterator
from contextlib import contextmanager


class Hints:
    """Every listener hears of every hint; who does not listen has missed nothing that it would not find."""

    def __init__(self) -> None:
        self._listeners: set[Event] = set()

    def give(self) -> None:
        for listener in self._listeners:
            listener.set()

    @contextmanager
    def listener(self) -> Iterator[Event]:
        """An event that is set by each hint; the listener clears it."""
        event = Event()
        self._listeners.add(event)
        try:
            yield event
        finally:
            self._listeners.discard(event)
