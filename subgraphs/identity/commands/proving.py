"""Knowing one's own password: who has found an open session does not."""

from dataclasses import dataclass

from subgraphs.identity.commands.guard import LoginGuard
from subgraphs.identity.commands.login import user_id_of
from subgraphs.identity.domain import USER_NOT_FOUND
from subgraphs.identity.domain.errors import WRONG_PASSWORD
from subgraphs.identity.passwords import PasswordHasher
from subgraphs.identity.repository import UserRepository
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError
from subgraphs.kernel.store.database import Database


@dataclass(frozen=True, slots=True)
class OwnPassword:
    """Compares what somebody with an access token says is their password: not without end either."""

    database: Database
    passwords: PasswordHasher
    guard: LoginGuard

    async def refusal(self, password: str, request: RequestContext) -> DomainError | None:
        """USER_NOT_FOUND, LOGIN_LOCKED, WRONG_PASSWORD; None when it is."""
        async with self.database.read() as connection:
            user = await UserRepository(connection).get(user_id_of(request))
        if user is None:
            return USER_NOT_FOUND
        locked = await self.guard.admit(user.email.value, request)
        if locked is not None:
            return locked
        is_right = await self.passwords.verify(password, user.password_hash)
        return None if is_right else WRONG_PASSWORD
