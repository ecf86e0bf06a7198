"""Proof that somebody reads their mail: what was sent to them, once, for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from subgraphs.identity.domain.credentials import Email, SecretHash
from subgraphs.kernel.domain import ValueObject

VERIFICATION_LIVES: Final = timedelta(days=7)
PASSWORD_RESET_LIVES: Final = timedelta(hours=1)
EMAIL_CHANGE_LIVES: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OneTimeToken(ValueObject):
    """What is kept of it: enough to know it again."""

    hash: SecretHash
    expires_at: datetime

    def matches(self, shown: SecretHash, now: datetime) -> bool:
        return shown == self.hash and now < self.expires_at


@dataclass(frozen=True, slots=True)
class EmailChange(ValueObject):
    """An address that somebody wants to have, once they have shown the token that was sent there."""

    email: Email
    token: OneTimeToken
