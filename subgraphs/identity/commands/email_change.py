"""Another address of one's own: the new one takes the old one's place when a mail has been read there."""

from dataclasses import dataclass, field

from subgraphs.contracts.notification import SendNotification, Template
from subgraphs.identity.commands.login import user_id_of
from subgraphs.identity.commands.proving import OwnPassword
from subgraphs.identity.commands.storing import save_and_publish
from subgraphs.identity.domain import EMAIL_TAKEN, INVALID_TOKEN, USER_NOT_FOUND, Email, User, UserId
from subgraphs.identity.messages import SendEmailChange
from subgraphs.identity.repository import UserRepository
from subgraphs.identity.secrets import hash_of
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RequestEmailChange(Command[None]):
    """Have a mail sent to a new address. Who has found an open session does not know the password."""

    new_email: str
    current_password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConfirmEmailChange(Command[UserId]):
    """Show the token of that mail."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RequestingEmailChange:
    """Handles RequestEmailChange."""

    own_password: OwnPassword

    async def prepare(
        self, command: RequestEmailChange, request: RequestContext
    ) -> Result[Email, DomainError]:
        email = _parsed(command.new_email)
        if isinstance(email, Failure):
            return email
        if refusal := await self.own_password.refusal(command.current_password, request):
            return Failure(refusal)
        return email

    async def handle(
        self, _: RequestEmailChange, email: Email, work: UnitOfWork, request: RequestContext
    ) -> Result[None, DomainError]:
        users = UserRepository(work.connection)
        user = await users.get(user_id_of(request))
        if user is None:
            return Failure(USER_NOT_FOUND)
        await self.own_password.guard.succeeded(work.connection, user.email.value, request)
        allowed = user.may_have(email)
        if isinstance(allowed, Failure):
            return allowed
        if await users.by_email(email) is not None:
            return Failure(_of_new_email(EMAIL_TAKEN))
        message = SendEmailChange(str(user.id), email.value)
        work.send(message, to=SendEmailChange.type, key=message.user_id)
        return Success(None)


async def confirm_email_change(
    command: ConfirmEmailChange, work: UnitOfWork, _: RequestContext
) -> Result[UserId, DomainError]:
    """Handles ConfirmEmailChange. The old address hears of it."""
    shown = hash_of(command.token)
    user = await UserRepository(work.connection).by_email_change(shown)
    if user is None:
        return Failure(INVALID_TOKEN)
    old = user.email
    saved = await save_and_publish(user, user.confirm_email_change(shown, work.now), work)
    if isinstance(saved, Success):
        tell_old_address(user, old, work)
    return saved


def tell_old_address(user: User, old: Email, work: UnitOfWork) -> None:
    """Have a mail sent to the address that somebody had, should it not have been them who changed it."""
    values = {"new_email": user.email.value, "changed_at": work.now.isoformat()}
    told = SendNotification(Template.EMAIL_CHANGED, user_id=str(user.id), values=values, mail_to=old.value)
    work.send(told, to="notification.send", key=str(user.id))


def _parsed(text: str) -> Result[Email, DomainError]:
    match Email.parse(text):
        case Failure(error):
            return Failure(_of_new_email(error))
        case parsed:
            return parsed


def _of_new_email(error: DomainError) -> DomainError:
    return DomainError(error.code, error.message, "newEmail")
