"""How long a command may go on."""

from time import monotonic

import click


class TimedOut(click.ClickException):
    """The time that the user gave is up."""


class Deadline:
    """A span of time that began when this was made."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds, a few milliseconds at least."""
        return max(0.005, self._end - monotonic())

    def keep_going(self) -> None:
        """Raise TimedOut when the time is up."""
        if monotonic() > self._end:
            raise TimedOut(f"This took longer than {self._seconds:g} s (--timeout).")
