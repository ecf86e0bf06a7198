"""A login that lasts, and the refresh tokens that it goes on with.

Each refresh token is good once: using it gives the next one. One that is shown again was stolen, from the
owner or by the owner's hands: nobody can tell which of the two is asking, so the session ends for both.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from subgraphs.identity.domain.credentials import SecretHash, SessionId, UserId
from subgraphs.identity.domain.errors import (
    INVALID_REFRESH_TOKEN,
    REFRESH_TOKEN_REUSED,
    SESSION_NOT_FOUND,
)
from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, Result, Success

REFRESH_TOKEN_LIVES: Final = timedelta(days=30)


class EndReason(StrEnum):
    """Why a session has ended before its time."""

    LOGGED_OUT = "logged_out"
    REVOKED = "revoked"
    TOKEN_REUSED = "token_reused"  # noqa: S105 -- a reason
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 -- a reason
    ACCOUNT_CLOSED = "account_closed"


@dataclass(eq=False, kw_only=True)
class Session(AggregateRoot[SessionId]):
    """One login on one device. `token` is what it goes on with; it `expires_at` the same time as that."""

    user_id: UserId
    token: SecretHash
    user_agent: str | None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    end_reason: EndReason | None = None

    @classmethod
    def start(
        cls,
        session_id: SessionId,
        *,
        user_id: UserId,
        token: SecretHash,
        user_agent: str | None,
        now: datetime,
    ) -> "Session":
        return cls(
            id=session_id,
            user_id=user_id,
            token=token,
            user_agent=user_agent,
            created_at=now,
            last_used_at=now,
            expires_at=now + REFRESH_TOKEN_LIVES,
        )

    def is_alive(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at

    def refresh(self, shown: SecretHash, following: SecretHash, now: datetime) -> Result[None, DomainError]:
        """Go on with another token. INVALID_REFRESH_TOKEN when the session is over; REFRESH_TOKEN_REUSED when
        it is now, since another token than the last one was shown."""
        if not self.is_alive(now):
            return Failure(INVALID_REFRESH_TOKEN)
        if shown != self.token:
            self._end(EndReason.TOKEN_REUSED, now)
            return Failure(REFRESH_TOKEN_REUSED)
        self.token, self.last_used_at, self.expires_at = following, now, now + REFRESH_TOKEN_LIVES
        return Success(None)

    def end(self, reason: EndReason, now: datetime) -> Result[None, DomainError]:
        """SESSION_NOT_FOUND when it is over already."""
        if not self.is_alive(now):
            return Failure(SESSION_NOT_FOUND)
        self._end(reason, now)
        return Success(None)

    def _end(self, reason: EndReason, now: datetime) -> None:
        self.ended_at, self.end_reason = now, reason
