"""Who has tried passwords too often has to wait: counted before a password is compared, so that a thousand
who try at once are no better off than one after the other."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.identity.domain import LockoutRule
from subgraphs.identity.repository import LoginAttempts
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Clock, DomainError
from subgraphs.kernel.limits.limits import in_words
from subgraphs.kernel.store.database import Database

LOCKED: Final = "LOGIN_LOCKED"

_ACCOUNT: Final = "account"
_ADDRESS: Final = "address"
_BY_ADDRESS: Final = LockoutRule(free=100, longest_pause=timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class LoginGuard:
    """Counts by the email address that is tried, whosever it is, and by the network address it comes from,
    where that is known: else it would be the gateway's, and everybody's."""

    database: Database
    clock: Clock
    by_account: LockoutRule
    knows_addresses: bool

    async def admit(self, email: str, request: RequestContext) -> DomainError | None:
        """Count an attempt, in a transaction of its own; LOGIN_LOCKED when there may be none now."""
        async with self.database.transaction() as connection:
            attempts, now = LoginAttempts(connection), self.clock.now()
            wait = None
            if self.knows_addresses and request.address is not None:
                wait = await attempts.attempt(_ADDRESS, request.address, _BY_ADDRESS, now)
            if wait is None:
                wait = await attempts.attempt(_ACCOUNT, email, self.by_account, now)
        return None if wait is None else _locked(wait)

    async def succeeded(self, connection: AsyncConnection, email: str, request: RequestContext) -> None:
        """The attempt was the owner's: it counts for nothing, and neither do those before it."""
        attempts = LoginAttempts(connection)
        if self.knows_addresses and request.address is not None:  # first, as `admit` does
            await attempts.take_back(_ADDRESS, request.address)
        await attempts.forget(_ACCOUNT, email)


def _locked(wait: timedelta) -> DomainError:
    seconds = max(1, ceil(wait.total_seconds()))
    text = f"Too many attempts: try again in {in_words(seconds)}, or reset the password"
    return DomainError(LOCKED, text, retry_after=seconds)
