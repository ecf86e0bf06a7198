"""Proving who one is."""

from dataclasses import dataclass, field

from subgraphs.identity.domain import INVALID_CREDENTIALS, Email, UserId
from subgraphs.identity.passwords import PasswordHasher
from subgraphs.identity.repository import UserRepository
from subgraphs.identity.tokens import AccessToken, TokenIssuer
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Login(Command[AccessToken]):
    """Prove who one is."""

    email: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LoginWithPassword:
    """Handles Login. Neither the answer nor its time says whether the email or the password was wrong."""

    database: Database
    passwords: PasswordHasher
    tokens: TokenIssuer

    async def prepare(self, command: Login, _: RequestContext) -> Result[UserId, DomainError]:
        email = Email.parse(command.email)
        user = None
        if isinstance(email, Success):
            async with self.database.read() as connection:
                user = await UserRepository(connection).by_email(email.value)
        verified = await self.passwords.verify(command.password, user.password_hash if user else None)
        return Success(user.id) if user and verified else Failure(INVALID_CREDENTIALS)

    async def handle(
        self, _: Login, user_id: UserId, work: UnitOfWork, request: RequestContext
    ) -> Result[AccessToken, DomainError]:
        user = await UserRepository(work.connection).get(user_id)
        return (
            Success(self.tokens.issue(user.id, user.role, session_id=str(work.ids.new())))
            if user
            else Failure(INVALID_CREDENTIALS)
        )
