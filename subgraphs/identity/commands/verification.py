"""Showing that an email address is one's own."""

from dataclasses import dataclass, field

from subgraphs.identity.commands.login import user_id_of
from subgraphs.identity.commands.storing import save_and_publish
from subgraphs.identity.domain import INVALID_TOKEN, USER_NOT_FOUND, UserId, UserStatus
from subgraphs.identity.domain.errors import ALREADY_VERIFIED
from subgraphs.identity.messages import SendVerification
from subgraphs.identity.repository import UserRepository
from subgraphs.identity.secrets import hash_of
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class VerifyEmail(Command[UserId]):
    """Show the token of the mail."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RequestEmailVerification(Command[None]):
    """Have the mail sent again, with another token."""


async def verify_email(
    command: VerifyEmail, work: UnitOfWork, _: RequestContext
) -> Result[UserId, DomainError]:
    """Handles VerifyEmail."""
    shown = hash_of(command.token)
    user = await UserRepository(work.connection).by_verification(shown)
    if user is None:
        return Failure(INVALID_TOKEN)
    return await save_and_publish(user, user.verify_email(shown, work.now), work)


async def request_email_verification(
    _: RequestEmailVerification, work: UnitOfWork, request: RequestContext
) -> Result[None, DomainError]:
    """Handles RequestEmailVerification."""
    user = await UserRepository(work.connection).get(user_id_of(request))
    if user is None:
        return Failure(USER_NOT_FOUND)
    if user.status is not UserStatus.PENDING_VERIFICATION:
        return Failure(ALREADY_VERIFIED)
    message = SendVerification(str(user.id), is_reminder=False)
    work.send(message, to=SendVerification.type, key=message.user_id)
    return Success(None)
