"""What identity does about what happens, here and elsewhere, and what it answers when it is asked."""

from typing import Any, Final

from subgraphs.contracts.identity import (
    CheckUserExists,
    GetUserByEmail,
    GetUserById,
    Role,
    UserDeleted,
    UserExists,
    UserFound,
    UserUpdated,
)
from subgraphs.contracts.payments import PaymentCompleted
from subgraphs.identity.commands import (
    CreateUserProfile,
    ProcessUserCreated,
    RenameProfile,
    UpdateUserSubscription,
)
from subgraphs.identity.domain import Email, User, UserId
from subgraphs.identity.mails import (
    expire_verification,
    send_email_change,
    send_password_reset,
    send_verification,
)
from subgraphs.identity.messages import (
    CreateProfile,
    CreateSettings,
    ExpireVerification,
    SendEmailChange,
    SendPasswordReset,
    SendVerification,
)
from subgraphs.identity.repository import (
    ProfileRepository,
    SettingsRepository,
    UserRepository,
    forget_identities,
    forget_sessions_of,
)
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork

_GONE: Final = "USER_NOT_FOUND"


class CommandRefusedError(Exception):
    """A message asks for what the rules do not allow: a bug somewhere, for the dead letters."""


def subscriptions(commands: CommandBus) -> tuple[Subscription[Any], ...]:
    """Consumers that act by `commands`, and those that answer."""

    async def do(command: Command[Any], envelope: Envelope[Any], work: UnitOfWork) -> None:
        result = await commands.execute_within(work, command, envelope.request())
        if isinstance(result, Failure) and result.error.code != _GONE:  # who has left wants nothing any more
            raise CommandRefusedError(f"{result.error.code}: {result.error.message}")

    async def on_create_profile(envelope: Envelope[CreateProfile], work: UnitOfWork) -> None:
        await do(CreateUserProfile(UserId(envelope.body.user_id)), envelope, work)

    async def on_create_settings(envelope: Envelope[CreateSettings], work: UnitOfWork) -> None:
        message = envelope.body
        await do(ProcessUserCreated(UserId(message.user_id), message.email), envelope, work)

    async def on_renamed(envelope: Envelope[UserUpdated], work: UnitOfWork) -> None:
        event = envelope.body
        await do(RenameProfile(UserId(event.user_id), event.first_name, event.last_name), envelope, work)

    async def on_payment(envelope: Envelope[PaymentCompleted], work: UnitOfWork) -> None:
        payment = envelope.body
        assert payment.subscription_id is not None
        command = UpdateUserSubscription(UserId(payment.student_id), payment.subscription_id)
        await do(command, envelope, work)

    return (
        Subscription(CreateProfile.type, CreateProfile, on_create_profile),
        Subscription(CreateSettings.type, CreateSettings, on_create_settings),
        Subscription(
            "identity.rename_profile", UserUpdated, on_renamed, where=lambda event, _: "name" in event.changes
        ),
        Subscription(
            "identity.update_subscription",
            PaymentCompleted,
            on_payment,
            key=lambda payment: payment.student_id if payment.subscription_id else None,
        ),
        Subscription(SendVerification.type, SendVerification, send_verification, refuses_replay=True),
        Subscription(ExpireVerification.type, ExpireVerification, expire_verification),
        Subscription(SendPasswordReset.type, SendPasswordReset, send_password_reset, refuses_replay=True),
        Subscription(SendEmailChange.type, SendEmailChange, send_email_change, refuses_replay=True),
        Subscription("identity.forget_user", UserDeleted, _on_deleted),
        Subscription("identity.get_user_by_id", GetUserById, _on_get_user_by_id, skips_dead=True),
        Subscription("identity.get_user_by_email", GetUserByEmail, _on_get_user_by_email, skips_dead=True),
        Subscription("identity.check_user_exists", CheckUserExists, _on_check_user_exists, skips_dead=True),
    )


async def _on_deleted(envelope: Envelope[UserDeleted], work: UnitOfWork) -> None:
    """The account has forgotten the person; now the rest does."""
    user_id = UserId(envelope.body.user_id)
    await ProfileRepository(work.connection).forget(user_id)
    await SettingsRepository(work.connection).forget(user_id)
    await forget_sessions_of(user_id, work.connection)
    await forget_identities(user_id, work.connection)


async def _on_get_user_by_id(envelope: Envelope[GetUserById], work: UnitOfWork) -> None:
    user = await UserRepository(work.connection).get(UserId(envelope.body.user_id))
    work.reply(envelope, _found(user))


async def _on_get_user_by_email(envelope: Envelope[GetUserByEmail], work: UnitOfWork) -> None:
    work.reply(envelope, _found(await _by_email(envelope.body.email, work)))


async def _on_check_user_exists(envelope: Envelope[CheckUserExists], work: UnitOfWork) -> None:
    work.reply(envelope, UserExists(await _by_email(envelope.body.email, work) is not None))


async def _by_email(text: str, work: UnitOfWork) -> User | None:
    match Email.parse(text):
        case Success(email):
            return await UserRepository(work.connection).by_email(email)
        case Failure():
            return None


def _found(user: User | None) -> UserFound:
    if user is None:
        return UserFound()
    return UserFound(str(user.id), user.person.first, user.person.last, Role(user.role), user.status.value)
