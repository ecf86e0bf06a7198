"""What people themselves want: by which channels they hear of what, and on which devices."""

from dataclasses import dataclass, field

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import UNAUTHENTICATED, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.notification.domain.addresses import Device, PhoneNumber
from subgraphs.notification.domain.errors import RECIPIENT_UNKNOWN
from subgraphs.notification.domain.recipient import Recipient, RecipientId, Wishes
from subgraphs.notification.repository import find_recipient, save_recipient


@dataclass(frozen=True, slots=True)
class NewNumber:
    """Another phone number, or none any more."""

    text: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class UpdateNotificationPreferences(Command[RecipientId]):
    """Hear of these categories by these channels; of the others as before."""

    wishes: Wishes
    phone: NewNumber | None = None


@dataclass(frozen=True, slots=True)
class RegisterDevice(Command[RecipientId]):
    """Be reached by pushes to this device, too."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UnregisterDevice(Command[RecipientId]):
    """Not any more."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ForgetDevices(Command[RecipientId]):
    """The push service has said that these devices of a user are gone."""

    user_id: str
    tokens: tuple[str, ...] = field(repr=False)


async def update_notification_preferences(
    command: UpdateNotificationPreferences, work: UnitOfWork, request: RequestContext
) -> Result[RecipientId, DomainError]:
    who = await acting_recipient(work, request)
    if isinstance(who, Failure):
        return who
    if command.phone is not None:
        phone = _parsed(command.phone)
        if isinstance(phone, Failure):
            return phone
        who.value.phone = phone.value
    wished = who.value.wish(command.wishes)
    return wished if isinstance(wished, Failure) else await _saved(work, who.value)


async def register_device(
    command: RegisterDevice, work: UnitOfWork, request: RequestContext
) -> Result[RecipientId, DomainError]:
    who, device = await acting_recipient(work, request), Device.parse(command.token)
    if isinstance(who, Failure):
        return who
    if isinstance(device, Failure):
        return device
    registered = who.value.register_device(device.value)
    return registered if isinstance(registered, Failure) else await _saved(work, who.value)


async def unregister_device(
    command: UnregisterDevice, work: UnitOfWork, request: RequestContext
) -> Result[RecipientId, DomainError]:
    who = await acting_recipient(work, request)
    if isinstance(who, Failure):
        return who
    who.value.unregister_device(Device(command.token))
    return await _saved(work, who.value)


async def forget_devices(
    command: ForgetDevices, work: UnitOfWork, _: RequestContext
) -> Result[RecipientId, DomainError]:
    id_ = RecipientId(command.user_id)
    if who := await find_recipient(work.connection, id_):
        for token in command.tokens:
            who.unregister_device(Device(token))
        await save_recipient(work, who)
    return Success(id_)


async def acting_recipient(work: UnitOfWork, request: RequestContext) -> Result[Recipient, DomainError]:
    """Whoever asks. UNAUTHENTICATED; RECIPIENT_UNKNOWN when the news of them has not come yet."""
    if request.actor is None:
        return Failure(UNAUTHENTICATED)
    who = await find_recipient(work.connection, RecipientId(request.actor.id))
    return Success(who) if who and not who.is_forgotten else Failure(RECIPIENT_UNKNOWN)


def _parsed(number: NewNumber) -> Result[PhoneNumber | None, DomainError]:
    return Success(None) if number.text is None else PhoneNumber.parse(number.text)


async def _saved(work: UnitOfWork, who: Recipient) -> Result[RecipientId, DomainError]:
    await save_recipient(work, who)
    return Success(who.id)
