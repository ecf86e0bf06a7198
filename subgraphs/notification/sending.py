"""From a notification that is on record to a provider that has taken it: an effect for each channel.

The message that asks for it holds no more than the notification's id: what it says and where it goes to are
read when it is sent, so that nothing has to be forgotten twice.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, TypeAlias
from uuid import UUID, uuid5

from subgraphs.contracts.notification import Channel, NotificationSent, SendNotification
from subgraphs.kernel.effects.effect import Effect
from subgraphs.kernel.effects.effects import Effects
from subgraphs.kernel.effects.outcome import Outcome, Refused, Succeeded
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.subscriptions import Errand
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.notification.domain.notification import Delivery, DeliveryStatus, Notification, NotificationId
from subgraphs.notification.domain.recipient import Recipient, RecipientId
from subgraphs.notification.repository import (
    asked_by,
    find_notification,
    find_recipient,
    save_notification,
)
from subgraphs.notification.senders.mime import BadAddressError
from subgraphs.notification.senders.ports import (
    Email,
    EmailSender,
    Push,
    PushSender,
    Receipt,
    Senders,
    Sending,
    Sms,
    SmsSender,
)

ForgetDevices: TypeAlias = Callable[[RecipientId, tuple[str, ...]], Awaitable[object]]
"""These devices of a recipient are not to be tried again."""

_IDS: Final = UUID("c0e5a1b4-93b7-4c64-8a7e-0d7a4f5e2b19")


@dataclass(frozen=True, slots=True)
class DeliverNotification(IntegrationEvent):
    """Send this notification by this channel, for the so manieth time that somebody wants it sent."""

    type: ClassVar[str] = "notification.deliver_notification"
    notification_id: str
    channel: Channel
    attempt: int


async def request_deliveries(work: UnitOfWork, said: Notification, wanted: tuple[Delivery, ...]) -> None:
    """Have a notification sent by these ways, if this transaction is committed."""
    for way in wanted:
        message = DeliverNotification(str(said.id), way.channel, way.attempt)
        await EFFECTS[way.channel].request(work, message)


def errands(
    effects: Effects, database: Database, senders: Senders, *, forget: ForgetDevices
) -> tuple[Errand[DeliverNotification], ...]:
    """What sends: one errand for each channel. `forget` is told of devices that are gone."""
    return (
        effects.errand(EFFECTS[Channel.EMAIL], _ByEmail(database, senders.email)),
        effects.errand(EFFECTS[Channel.PUSH], _ByPush(database, senders.push, forget)),
        effects.errand(EFFECTS[Channel.SMS], _BySms(database, senders.sms)),
    )


async def _settle(
    envelope: Envelope[DeliverNotification], outcome: Outcome[Receipt], work: UnitOfWork
) -> None:
    """Record what became of it; whoever waits for that is answered."""
    asked, id_ = envelope.body, NotificationId(envelope.body.notification_id)
    said = await find_notification(work.connection, id_)
    way = said.delivery(asked.channel) if said else None
    if said is None or way is None or (way.status, way.attempt) != (DeliveryStatus.PENDING, asked.attempt):
        return
    match outcome:
        case Refused(code):
            said.failed(asked.channel, code, work.now)
        case Succeeded():
            said.sent(asked.channel, work.now)
            await _answer(said, asked.channel, work)
    await save_notification(work, said)


async def _answer(said: Notification, channel: Channel, work: UnitOfWork) -> None:
    meta = await asked_by(work.connection, said.id)
    if meta is None:
        return
    user_id = str(said.recipient_id) if said.recipient_id else None
    request = Envelope("notification", str(said.id), SendNotification(said.template), meta)
    work.reply(request, NotificationSent(str(said.id), user_id, said.template, channel, work.now))


def _effect(channel: Channel) -> Effect[DeliverNotification, Receipt]:
    return Effect(
        f"notification.{channel.lower()}",
        DeliverNotification,
        Receipt,
        by=lambda message: f"{message.notification_id}:{message.attempt}",
        then=_settle,
    )


EFFECTS: Final[Mapping[Channel, Effect[DeliverNotification, Receipt]]] = {
    channel: _effect(channel) for channel in Channel
}


@dataclass(frozen=True, slots=True)
class _ByEmail:
    """A provider of mails."""

    database: Database
    sender: EmailSender

    @property
    def name(self) -> str:
        return self.sender.name

    async def call(self, key: str, request: DeliverNotification) -> Sending:
        said, to = await _read(self.database, request)
        address = said.email or (to.email if to else None)
        if address is None or said.body is None:
            return _FORGOTTEN
        name = f"{to.first_name} {to.last_name}" if to else ""
        body = said.body
        email = Email(_id(key), address, name, said.subject, body.text, body.html)
        try:
            return await self.sender.send(email)
        except BadAddressError as error:
            return Refused("BAD_ADDRESS", str(error))

    async def find(self, key: str, request: DeliverNotification) -> Sending | None:
        return await self.sender.find(_id(key))


@dataclass(frozen=True, slots=True)
class _BySms:
    """A provider of text messages: they say the subject."""

    database: Database
    sender: SmsSender

    @property
    def name(self) -> str:
        return self.sender.name

    async def call(self, key: str, request: DeliverNotification) -> Sending:
        sms = await self._sms(key, request)
        return _FORGOTTEN if sms is None else await self.sender.send(sms)

    async def find(self, key: str, request: DeliverNotification) -> Sending | None:
        sms = await self._sms(key, request)
        return None if sms is None else await self.sender.find(sms)

    async def _sms(self, key: str, request: DeliverNotification) -> Sms | None:
        said, to = await _read(self.database, request)
        if to is None or to.phone is None:
            return None
        return Sms(_id(key), str(to.phone), said.subject, said.created_at)


@dataclass(frozen=True, slots=True)
class _ByPush:
    """A provider of pushes: they say the subject."""

    database: Database
    sender: PushSender
    forget: ForgetDevices

    @property
    def name(self) -> str:
        return self.sender.name

    async def call(self, key: str, request: DeliverNotification) -> Sending:
        said, to = await _read(self.database, request)
        if to is None or not to.devices:
            return _FORGOTTEN
        devices = tuple(device.token for device in to.devices)
        pushed = await self.sender.send(Push(_id(key), devices, said.subject))
        if pushed.gone:
            await self.forget(to.id, pushed.gone)
        return pushed.outcome

    async def find(self, key: str, request: DeliverNotification) -> Sending | None:
        return await self.sender.find(_id(key))


_FORGOTTEN: Final = Refused("NO_ADDRESS", "There is nobody to send it to any more")


async def _read(database: Database, request: DeliverNotification) -> tuple[Notification, Recipient | None]:
    async with database.read() as connection:
        said = await find_notification(connection, NotificationId(request.notification_id))
        assert said is not None, "it was stored in the transaction that asked for this"
        to = await find_recipient(connection, said.recipient_id) if said.recipient_id else None
    return said, to


def _id(key: str) -> str:
    return str(uuid5(_IDS, key))
