"""Saying something to somebody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid5

from subgraphs.contracts.notification import Channel, Template
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.messaging.integration import Metadata
from subgraphs.kernel.messaging.retry import PostponedError
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.notification.domain.errors import NOTIFICATION_NOT_FOUND, RECIPIENT_UNKNOWN
from subgraphs.notification.domain.kinds import KINDS
from subgraphs.notification.domain.notification import Notification, NotificationId
from subgraphs.notification.domain.recipient import Recipient, RecipientId
from subgraphs.notification.domain.routing import channels_to
from subgraphs.notification.rendering import NAMED, Reader, Renderer
from subgraphs.notification.repository import (
    add_notification,
    find_notification,
    find_recipient,
    save_notification,
    titles_of,
    was_said,
)
from subgraphs.notification.sending import request_deliveries

_IDS: Final = UUID("7d2b6c0e-2f5a-4d55-9a3a-6f0c0a4e8c31")

_PATIENCE: Final = timedelta(hours=1)
"""The news of a user may come later than what they are to be told, when the two come from two databases."""


@dataclass(frozen=True, slots=True)
class ProcessNotification(Command[NotificationId]):
    """Tell a user, or somebody at an email address, what a message asks for: once for each message.

    `mail_to` is where a user is told by mail, and by no other way, instead of the address known of them.
    """

    asked: Metadata
    template: Template
    user_id: str | None
    email: str | None
    mail_to: str | None
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ResendNotification(Command[NotificationId]):
    """Send again what could not be sent."""

    notification_id: str


@dataclass(frozen=True, slots=True)
class Telling:
    """Handles ProcessNotification."""

    renderer: Renderer

    async def handle(
        self, command: ProcessNotification, work: UnitOfWork, _: RequestContext
    ) -> Result[NotificationId, DomainError]:
        """PostponedError as long as news of the user may still be on their way."""
        id_ = NotificationId(str(uuid5(_IDS, command.asked.message_id)))
        once_key = _once_key(command)
        if await was_said(work.connection, id_, once_key):
            return Success(id_)
        to = RecipientId(command.user_id) if command.user_id else None
        recipient = await find_recipient(work.connection, to) if to else None
        if recipient is not None and recipient.is_forgotten:
            return Success(id_)
        if recipient is None and command.email is None and work.now - command.asked.occurred_at < _PATIENCE:
            raise PostponedError(f"nothing is known yet of the user {command.user_id}")
        said = await self._said(id_, command, recipient, work)
        await add_notification(work, said, once_key=once_key, asked=command.asked)
        if said.body is not None:
            await request_deliveries(work, said, said.deliveries)
        return Success(id_)

    async def _said(
        self, id_: NotificationId, command: ProcessNotification, recipient: Recipient | None, work: UnitOfWork
    ) -> Notification:
        to, email = (recipient.id, command.mail_to) if recipient else (None, command.email)
        if recipient is None and email is None:
            return Notification.impossible(
                id_, command.template, RECIPIENT_UNKNOWN, to=None, email=None, at=work.now
            )
        ids = {NAMED[name]: value for name, value in command.values.items() if name in NAMED}
        values = {**await titles_of(work.connection, ids), **command.values}
        reader = Reader(recipient.first_name, recipient.time_zone) if recipient else Reader()
        match self.renderer.render(command.template, values, reader):
            case Failure(error):
                return Notification.impossible(id_, command.template, error, to=to, email=email, at=work.now)
            case Success(content):
                category = KINDS[command.template].category
                channels: tuple[Channel, ...] = (Channel.EMAIL,)
                if recipient is not None and email is None:
                    channels = channels_to(recipient, category)
                return Notification.addressed(
                    id_, command.template, content, to=to, email=email, channels=channels, at=work.now
                )


async def resend_notification(
    command: ResendNotification, work: UnitOfWork, _: RequestContext
) -> Result[NotificationId, DomainError]:
    said = await find_notification(work.connection, NotificationId(command.notification_id))
    if said is None:
        return Failure(NOTIFICATION_NOT_FOUND)
    wanted = said.resend()
    if isinstance(wanted, Failure):
        return wanted
    await save_notification(work, said)
    await request_deliveries(work, said, wanted.value)
    return Success(said.id)


def _once_key(command: ProcessNotification) -> str | None:
    """The same for what somebody is told once, whoever asks for it under whatever message id."""
    once_by = KINDS[command.template].once_by
    if once_by is None:
        return None
    parts = [command.template, command.user_id or command.email or ""]
    parts += [command.values.get(name, "") for name in once_by]
    return sha256("\0".join(parts).encode()).hexdigest()
