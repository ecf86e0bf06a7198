"""What people have read of what they were told."""

from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.notification.commands.wishes import acting_recipient
from subgraphs.notification.domain.errors import NOTIFICATION_NOT_FOUND
from subgraphs.notification.domain.notification import NotificationId
from subgraphs.notification.domain.recipient import RecipientId
from subgraphs.notification.repository import find_notification, save_notification, save_recipient


@dataclass(frozen=True, slots=True)
class MarkNotificationRead(Command[NotificationId]):
    """One of one's own is read."""

    notification_id: str


@dataclass(frozen=True, slots=True)
class MarkAllNotificationsRead(Command[RecipientId]):
    """All that one was told up to now is read."""


async def mark_notification_read(
    command: MarkNotificationRead, work: UnitOfWork, request: RequestContext
) -> Result[NotificationId, DomainError]:
    """What is somebody else's is not there: nobody finds out what others are told."""
    said = await find_notification(work.connection, NotificationId(command.notification_id))
    if said is None or str(said.recipient_id) != request.actor_id:
        return Failure(NOTIFICATION_NOT_FOUND)
    said.read(work.now)
    await save_notification(work, said)
    return Success(said.id)


async def mark_all_notifications_read(
    _: MarkAllNotificationsRead, work: UnitOfWork, request: RequestContext
) -> Result[RecipientId, DomainError]:
    who = await acting_recipient(work, request)
    if isinstance(who, Failure):
        return who
    who.value.read_everything(work.now)
    await save_recipient(work, who.value)
    return Success(who.value.id)
