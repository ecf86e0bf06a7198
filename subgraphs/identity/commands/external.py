"""Logging in by an account that somebody has elsewhere."""

from dataclasses import dataclass, field

import structlog

from subgraphs.identity.commands.login import Tokens, start_session
from subgraphs.identity.commands.storing import add_and_publish, save_and_publish, shut_out
from subgraphs.identity.domain import (
    INVALID_CREDENTIALS,
    Email,
    Origin,
    PersonName,
    User,
    UserId,
    UserRole,
    UserStatus,
)
from subgraphs.identity.domain.errors import (
    ACCOUNT_DEACTIVATED,
    EXTERNAL_LOGIN_FAILED,
    NO_IDENTITY_PROVIDER,
)
from subgraphs.identity.external.provider import ExternalIdentity, IdentityProvider, NotVouchedForError
from subgraphs.identity.repository import UserRepository, link_identity, linked_user
from subgraphs.identity.tokens import TokenIssuer
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, IdGenerator, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork

_log = structlog.stdlib.get_logger("subgraphs.identity")


@dataclass(frozen=True, slots=True)
class LoginWithProvider(Command[Tokens]):
    """Prove who one is by what an identity provider says."""

    code: str = field(repr=False)
    code_verifier: str = field(repr=False)
    nonce: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AdoptUser(Command[UserId]):
    """Whoever a provider vouches for is a user of ours: the one who has come with this identity before, the
    one whose address it is, or a new one."""

    identity: ExternalIdentity


@dataclass(frozen=True, slots=True)
class LoginByProvider:
    """Handles LoginWithProvider."""

    provider: IdentityProvider | None
    tokens: TokenIssuer
    commands: CommandBus
    ids: IdGenerator

    async def prepare(self, command: LoginWithProvider, _: RequestContext) -> Result[UserId, DomainError]:
        if self.provider is None:
            return Failure(NO_IDENTITY_PROVIDER)
        try:
            identity = await self.provider.redeem(
                command.code, code_verifier=command.code_verifier, nonce=command.nonce
            )
        except NotVouchedForError as error:
            _log.info("external login failed", reason=str(error))
            return Failure(EXTERNAL_LOGIN_FAILED)
        # The user and the session are two aggregates: a transaction each.
        return await self.commands.execute(AdoptUser(identity), RequestContext.of_system(self.ids))

    async def handle(
        self, _: LoginWithProvider, user_id: UserId, work: UnitOfWork, request: RequestContext
    ) -> Result[Tokens, DomainError]:
        user = await UserRepository(work.connection).get(user_id)
        if user is None:
            return Failure(INVALID_CREDENTIALS)
        if not user.may_log_in:
            return Failure(ACCOUNT_DEACTIVATED)
        return Success(await start_session(user, self.tokens, work, request))


async def adopt_user(command: AdoptUser, work: UnitOfWork, _: RequestContext) -> Result[UserId, DomainError]:
    """Handles AdoptUser."""
    identity, users = command.identity, UserRepository(work.connection)
    if known := await linked_user(work.connection, identity.issuer, identity.subject):
        return Success(known)
    email = Email.parse(identity.email)
    if isinstance(email, Failure):
        return email
    user = await users.by_email(email.value)
    if user is not None:
        await link_identity(work.connection, identity.issuer, identity.subject, user.id)
        was_pending = user.status is UserStatus.PENDING_VERIFICATION
        saved = await save_and_publish(user, user.vouched_for(work.now), work)
        if was_pending and isinstance(saved, Success):  # whoever knew the password may have let themselves in
            await shut_out(user, work)
        return saved
    person = PersonName.of(identity.first_name or "New", identity.last_name or "user")
    if isinstance(person, Failure):
        return person
    user = User.create(
        UserId.new(work.ids),
        email=email.value,
        password_hash=None,
        person=person.value,
        role=UserRole.STUDENT,
        origin=Origin.INVITED,
        now=work.now,
    )
    await link_identity(work.connection, identity.issuer, identity.subject, user.id)
    return await add_and_publish(user, work)
