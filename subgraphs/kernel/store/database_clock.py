"""One time for all processes of a database: that of its server."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from subgraphs.kernel.domain import Clock


class DatabaseClock:
    """What the server's clock showed when somebody connected last, carried on by what has passed since.

    So that it does not matter whether this machine's clock is right, or jumps: what is due, and whose lease
    has run out, all workers see alike. Before the first connection it shows this machine's time.
    """

    def __init__(self, otherwise: Clock, passed: Callable[[], float] = monotonic) -> None:
        self._otherwise = otherwise
        self._passed = passed
        self._seen: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        if self._seen is None:
            return self._otherwise.now()
        shown, at = self._seen
        return shown + timedelta(seconds=self._passed() - at)

    def look(self, ask: Callable[[], datetime]) -> None:
        """Ask the server, which takes half of the time to hear it."""
        before = self._passed()
        shown = ask()
        self._seen = (shown, (before + self._passed()) / 2)
