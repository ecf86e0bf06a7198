"""When to try again, and when not to."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential backoff with full jitter; a message is dead after so many `attempts` or `crashes`, or
    connections that were lost in a row (`losses`)."""

    attempts: int = 8
    crashes: int = 3
    losses: int = 5
    base: timedelta = timedelta(milliseconds=500)
    cap: timedelta = timedelta(minutes=5)

    def delay(self, failures: int, random: Random) -> timedelta:
        """How long to wait after so many failures in a row (1 is the first)."""
        # A large exponent would overflow long before the cap is asked for.
        longest: timedelta = min(self.cap, self.base * 2.0 ** min(failures - 1, 32))
        return longest * random.uniform(0, 1)


class PostponedError(Exception):
    """It cannot be done now, for a reason that has nothing to do with the message: a failure that does not
    count. It is due again after `delay`; without one, after as long as it is old, within `PUT_OFF`."""

    def __init__(self, reason: str, *, delay: timedelta | None = None) -> None:
        super().__init__(reason)
        self.delay = delay


PUT_OFF: Final = (timedelta(seconds=1), timedelta(seconds=30))


class PoisonError(Exception):
    """It can never be done: the message is given up at once."""
