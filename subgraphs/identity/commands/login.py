"""Proving who one is, and what one gets for it."""

from dataclasses import dataclass, field
from datetime import datetime

from subgraphs.identity.commands.guard import LoginGuard
from subgraphs.identity.domain import INVALID_CREDENTIALS, Email, Session, SessionId, User, UserId
from subgraphs.identity.domain.errors import ACCOUNT_DEACTIVATED
from subgraphs.identity.passwords import PasswordHasher
from subgraphs.identity.repository import SessionRepository, UserRepository
from subgraphs.identity.secrets import Secret
from subgraphs.identity.tokens import AccessToken, TokenIssuer
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token, and what one gets the next one for."""

    access: AccessToken
    refresh_token: str = field(repr=False)
    refresh_expires_at: datetime
    session_id: SessionId


@dataclass(frozen=True, slots=True)
class Login(Command[Tokens]):
    """Prove who one is."""

    email: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class VerifyUserCredentials:
    """Whose email and password these are.

    It is asked in this process only: a message that asked it would be stored, with the password in it.
    """

    database: Database
    passwords: PasswordHasher

    async def __call__(self, email: str, password: str) -> User | None:
        """Takes as long for nobody as for somebody."""
        parsed = Email.parse(email)
        user = None
        if isinstance(parsed, Success):
            async with self.database.read() as connection:
                user = await UserRepository(connection).by_email(parsed.value)
        verified = await self.passwords.verify(password, user.password_hash if user else None)
        return user if verified else None


@dataclass(frozen=True, slots=True)
class LoginWithPassword:
    """Handles Login. Neither the answer nor its time says whether the email or the password was wrong."""

    guard: LoginGuard
    verify: VerifyUserCredentials
    tokens: TokenIssuer

    async def prepare(self, command: Login, request: RequestContext) -> Result[User, DomainError]:
        locked = await self.guard.admit(command.email.strip().lower(), request)
        if locked is not None:
            return Failure(locked)
        user = await self.verify(command.email, command.password)
        if user is None:
            return Failure(INVALID_CREDENTIALS)
        return Success(user) if user.may_log_in else Failure(ACCOUNT_DEACTIVATED)

    async def handle(
        self, _: Login, verified: User, work: UnitOfWork, request: RequestContext
    ) -> Result[Tokens, DomainError]:
        user = await UserRepository(work.connection).get(verified.id)
        if user is None or not user.may_log_in or user.password_hash != verified.password_hash:
            return Failure(INVALID_CREDENTIALS)
        await self.guard.succeeded(work.connection, user.email.value, request)
        return Success(await start_session(user, self.tokens, work, request))


async def start_session(user: User, tokens: TokenIssuer, work: UnitOfWork, request: RequestContext) -> Tokens:
    """Let somebody in who has shown who they are."""
    secret = Secret.new()
    session = Session.start(
        SessionId.new(work.ids),
        user_id=user.id,
        token=secret.hash,
        user_agent=request.user_agent,
        now=work.now,
    )
    await SessionRepository(work.connection).start(work, session)
    return issue(user, session, secret, tokens)


def issue(user: User, session: Session, secret: Secret, tokens: TokenIssuer) -> Tokens:
    """What a session goes on with: the user's role is what it is now."""
    access = tokens.issue(user.id, user.role, session_id=str(session.id), account_version=user.version)
    return Tokens(access, secret.text, session.expires_at, session.id)


def user_id_of(request: RequestContext) -> UserId:
    """Of who asks, where a policy has seen to it that somebody does."""
    assert request.actor is not None
    return UserId(request.actor.id)
