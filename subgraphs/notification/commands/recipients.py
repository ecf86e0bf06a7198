"""What the platform knows of people, as identity tells it."""

from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.notification.domain.recipient import Recipient, RecipientId
from subgraphs.notification.repository import find_recipient, forget_notifications, save_recipient


@dataclass(frozen=True, slots=True)
class IntroduceRecipient(Command[RecipientId]):
    """There is somebody new to be told things."""

    user_id: str
    email: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class ChangeRecipient(Command[RecipientId]):
    """Somebody is called otherwise, or has another address; the last one stays if none is said."""

    user_id: str
    first_name: str
    last_name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class MoveRecipient(Command[RecipientId]):
    """Somebody lives by the clocks of this time zone from now on."""

    user_id: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class ForgetRecipient(Command[RecipientId]):
    """Somebody is gone, and what is known of them goes, too."""

    user_id: str


async def introduce_recipient(
    command: IntroduceRecipient, work: UnitOfWork, _: RequestContext
) -> Result[RecipientId, DomainError]:
    id_ = RecipientId(command.user_id)
    if await find_recipient(work.connection, id_) is None:
        who = Recipient(
            id=id_, email=command.email, first_name=command.first_name, last_name=command.last_name
        )
        await save_recipient(work, who)
    return Success(id_)


async def change_recipient(
    command: ChangeRecipient, work: UnitOfWork, _: RequestContext
) -> Result[RecipientId, DomainError]:
    id_ = RecipientId(command.user_id)
    if who := await find_recipient(work.connection, id_):
        who.change(command.first_name, command.last_name, email=command.email)
        await save_recipient(work, who)
    return Success(id_)


async def move_recipient(
    command: MoveRecipient, work: UnitOfWork, _: RequestContext
) -> Result[RecipientId, DomainError]:
    id_ = RecipientId(command.user_id)
    if who := await find_recipient(work.connection, id_):
        who.move(command.time_zone)
        await save_recipient(work, who)
    return Success(id_)


async def forget_recipient(
    command: ForgetRecipient, work: UnitOfWork, _: RequestContext
) -> Result[RecipientId, DomainError]:
    """Who was never introduced is remembered as gone: nobody introduces them afterwards."""
    id_ = RecipientId(command.user_id)
    who = await find_recipient(work.connection, id_)
    who = who or Recipient(id=id_, email=None, first_name="", last_name="")
    who.forget()
    await save_recipient(work, who)
    await forget_notifications(work.connection, id_)
    return Success(id_)
