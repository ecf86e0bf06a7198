"""Another password: by the one so far, or by a mail to whoever has forgotten it."""

from dataclasses import dataclass, field

from subgraphs.identity.commands.guard import LoginGuard
from subgraphs.identity.commands.login import user_id_of
from subgraphs.identity.commands.proving import OwnPassword
from subgraphs.identity.commands.storing import save_and_publish
from subgraphs.identity.domain import (
    INVALID_TOKEN,
    USER_NOT_FOUND,
    Email,
    Password,
    PasswordHash,
    SessionId,
    UserId,
)
from subgraphs.identity.messages import SendPasswordReset
from subgraphs.identity.passwords import PasswordHasher
from subgraphs.identity.repository import UserRepository
from subgraphs.identity.secrets import hash_of
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ChangePassword(Command[UserId]):
    """Have another password. All other sessions end."""

    current_password: str = field(repr=False)
    new_password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RequestPasswordReset(Command[None]):
    """Have a mail sent to this address, if it is somebody's. The answer does not say whether it is."""

    email: str


@dataclass(frozen=True, slots=True)
class ResetPassword(Command[UserId]):
    """Have another password, for the token of that mail. All sessions end."""

    token: str = field(repr=False)
    new_password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangingPassword:
    """Handles ChangePassword."""

    own_password: OwnPassword

    async def prepare(
        self, command: ChangePassword, request: RequestContext
    ) -> Result[PasswordHash, DomainError]:
        chosen = _chosen(command.new_password)
        if isinstance(chosen, Failure):
            return chosen
        if refusal := await self.own_password.refusal(command.current_password, request):
            return Failure(refusal)
        return Success(await self.own_password.passwords.hash(chosen.value))

    async def handle(
        self, _: ChangePassword, password_hash: PasswordHash, work: UnitOfWork, request: RequestContext
    ) -> Result[UserId, DomainError]:
        user = await UserRepository(work.connection).get(user_id_of(request))
        if user is None:
            return Failure(USER_NOT_FOUND)
        await self.own_password.guard.succeeded(work.connection, user.email.value, request)
        own = SessionId(request.actor.session_id) if request.actor and request.actor.session_id else None
        changed = user.change_password(password_hash, work.now, session_id=own)
        return await save_and_publish(user, changed, work)


async def request_password_reset(
    command: RequestPasswordReset, work: UnitOfWork, _: RequestContext
) -> Result[None, DomainError]:
    """Handles RequestPasswordReset: looks for nobody, so that it takes as long whether there is somebody."""
    email = Email.parse(command.email)
    if isinstance(email, Failure):
        return email
    address = email.value.value
    work.send(SendPasswordReset(address), to=SendPasswordReset.type, key=address)
    return Success(None)


@dataclass(frozen=True, slots=True)
class ResettingPassword:
    """Handles ResetPassword."""

    database: Database
    passwords: PasswordHasher
    guard: LoginGuard

    async def prepare(self, command: ResetPassword, _: RequestContext) -> Result[PasswordHash, DomainError]:
        """Whoever shows any token does not make us hash a password."""
        chosen = _chosen(command.new_password)
        if isinstance(chosen, Failure):
            return chosen
        async with self.database.read() as connection:
            user = await UserRepository(connection).by_password_reset(hash_of(command.token))
        return Success(await self.passwords.hash(chosen.value)) if user else Failure(INVALID_TOKEN)

    async def handle(
        self, command: ResetPassword, password_hash: PasswordHash, work: UnitOfWork, request: RequestContext
    ) -> Result[UserId, DomainError]:
        shown = hash_of(command.token)
        user = await UserRepository(work.connection).by_password_reset(shown)
        if user is None:
            return Failure(INVALID_TOKEN)
        await self.guard.succeeded(work.connection, user.email.value, request)
        return await save_and_publish(user, user.reset_password(shown, password_hash, work.now), work)


def _chosen(text: str) -> Result[Password, DomainError]:
    match Password.choose(text):
        case Failure(error):
            return Failure(DomainError(error.code, error.message, "newPassword"))
        case chosen:
            return chosen
