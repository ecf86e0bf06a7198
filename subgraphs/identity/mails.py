"""Mails with a token in them: the token is made where it is sent, and what is stored of it is a hash.

The message to notification holds the token until the mail is written, and the mail until a provider has
taken it.
"""

from datetime import timedelta

from subgraphs.contracts.notification import SendNotification, Template
from subgraphs.identity.commands.storing import save_and_publish
from subgraphs.identity.domain import Email, EmailChange, OneTimeToken, User, UserId, UserStatus
from subgraphs.identity.domain.one_time_token import (
    EMAIL_CHANGE_LIVES,
    PASSWORD_RESET_LIVES,
    VERIFICATION_LIVES,
)
from subgraphs.identity.messages import (
    ExpireVerification,
    SendEmailChange,
    SendPasswordReset,
    SendVerification,
)
from subgraphs.identity.repository import UserRepository
from subgraphs.identity.secrets import Secret
from subgraphs.kernel.domain import Success
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.store.unit_of_work import UnitOfWork

NOT_VERIFIED = "EMAIL_NOT_VERIFIED"


async def send_verification(envelope: Envelope[SendVerification], work: UnitOfWork) -> None:
    """A reminder has a token of its own; the one of the first mail is void."""
    message = envelope.body
    user = await UserRepository(work.connection).get(UserId(message.user_id))
    if user is None:
        return
    secret, lives = Secret.new(), VERIFICATION_LIVES
    if user.expect_verification(OneTimeToken(secret.hash, work.now + lives)) == Success(None):
        template = Template.VERIFY_EMAIL_REMINDER if message.is_reminder else Template.VERIFY_EMAIL
        await _send(user, template, secret, lives, work)


async def expire_verification(envelope: Envelope[ExpireVerification], work: UnitOfWork) -> None:
    """Who has not verified their address is let in no more, until the staff see to it."""
    user = await UserRepository(work.connection).get(UserId(envelope.body.user_id))
    if user is not None and user.status is UserStatus.PENDING_VERIFICATION:
        await save_and_publish(user, user.deactivate(NOT_VERIFIED, work.now), work)


async def send_password_reset(envelope: Envelope[SendPasswordReset], work: UnitOfWork) -> None:
    """To whoever has the address, if somebody has, and may log in."""
    user = await UserRepository(work.connection).by_email(Email(envelope.body.email))
    if user is None:
        return
    secret, lives = Secret.new(), PASSWORD_RESET_LIVES
    if user.expect_password_reset(OneTimeToken(secret.hash, work.now + lives)) == Success(None):
        await _send(user, Template.PASSWORD_RESET, secret, lives, work)


async def send_email_change(envelope: Envelope[SendEmailChange], work: UnitOfWork) -> None:
    """To the new address. Who asks for another one takes the last one back."""
    message = envelope.body
    user = await UserRepository(work.connection).get(UserId(message.user_id))
    if user is None:
        return
    secret, lives = Secret.new(), EMAIL_CHANGE_LIVES
    change = EmailChange(Email(message.email), OneTimeToken(secret.hash, work.now + lives))
    if user.expect_email_change(change) == Success(None):
        await _send(user, Template.EMAIL_CHANGE, secret, lives, work, mail_to=message.email)


async def _send(
    user: User,
    template: Template,
    secret: Secret,
    lives: timedelta,
    work: UnitOfWork,
    *,
    mail_to: str | None = None,
) -> None:
    await save_and_publish(user, Success(None), work)
    values = {
        "token": secret.text,
        "first_name": user.person.first,
        "expires_at": (work.now + lives).isoformat(),
    }
    message = SendNotification(template, user_id=str(user.id), values=values, mail_to=mail_to)
    work.send(message, to="notification.send", key=str(user.id))
