"""How often a password may be tried: a few times, then after pauses that double.

It counts what is tried under an address, whether or not there is such a user: who is locked out learns
nothing from it. Nobody can keep an owner out for longer than the longest pause, and who is logged in stays
so.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from subgraphs.kernel.domain import ValueObject


@dataclass(frozen=True, slots=True)
class LockoutRule:
    """So many attempts are free; the next ones wait, twice as long each time. A quiet time forgets them."""

    free: int
    first_pause: timedelta = timedelta(minutes=1)
    longest_pause: timedelta = timedelta(hours=1)
    forgotten_after: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lockout(ValueObject):
    """What was tried without success, and until when nothing may be."""

    attempts: int = 0
    last_at: datetime | None = None
    until: datetime | None = None

    def wait(self, now: datetime) -> timedelta | None:
        """How long nothing may be tried; None when something may."""
        return self.until - now if self.until is not None and now < self.until else None

    def attempted(self, now: datetime, rule: LockoutRule) -> "Lockout":
        """With one more attempt, of which is not yet known whether it succeeds."""
        is_stale = self.last_at is not None and self.last_at + rule.forgotten_after <= now
        attempts = 1 if is_stale else self.attempts + 1
        beyond = attempts - rule.free
        pause = min(rule.first_pause * 2.0 ** min(beyond, 30), rule.longest_pause) if beyond >= 0 else None
        return Lockout(attempts, now, None if pause is None else now + pause)

    def succeeded(self) -> "Lockout":
        """Without the last attempt, which was none of those that are to be counted."""
        return replace(self, attempts=max(0, self.attempts - 1), until=None)
