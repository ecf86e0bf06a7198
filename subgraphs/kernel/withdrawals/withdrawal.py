"""What is withdrawn. Times do not matter: a token that was signed in the same second after it is good."""

from dataclasses import dataclass
from typing import ClassVar

from subgraphs.kernel.messaging.integration import IntegrationEvent


@dataclass(frozen=True, slots=True)
class AccessWithdrawn(IntegrationEvent):
    """Some access tokens of a user are good no more: those of one session, or those that say what the
    account was before a version, but for one session's."""

    type: ClassVar[str] = "kernel.access_withdrawn"

    user_id: str
    session_id: str | None = None
    before_version: int | None = None
    but_session_id: str | None = None

    def covers(self, session_id: str, account_version: int) -> bool:
        """Whether a token of this user is one of them."""
        if self.session_id is not None:
            return session_id == self.session_id
        is_older = self.before_version is not None and account_version < self.before_version
        return is_older and session_id != self.but_session_id
