"""Somebody who is told things: where they are reached, and what they wish to hear."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from subgraphs.contracts.notification import Channel
from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, Identifier, Result, Success
from subgraphs.notification.domain.addresses import Device, PhoneNumber
from subgraphs.notification.domain.errors import MANDATORY_CATEGORY, TOO_MANY_DEVICES
from subgraphs.notification.domain.kinds import Category

Wishes = Mapping[Category, frozenset[Channel]]
"""By which channels somebody wants to hear of what."""

_BY_MAIL: Final = frozenset({Channel.EMAIL})
_EVERYWHERE: Final = frozenset({Channel.EMAIL, Channel.PUSH})

DEFAULT_WISHES: Final[Wishes] = {
    Category.ACCOUNT: _BY_MAIL,
    Category.LEARNING: _EVERYWHERE,
    Category.TEACHING: _EVERYWHERE,
    Category.PAYMENTS: _EVERYWHERE,
    Category.TIPS: _BY_MAIL,
}

_MOST_DEVICES: Final = 10


class RecipientId(Identifier):
    """A recipient is a user of identity."""

    __slots__ = ()


@dataclass(eq=False, kw_only=True)
class Recipient(AggregateRoot[RecipientId]):
    """A user, as far as they are told things. Who `is_forgotten` is never told anything again.

    `read_up_to` is when they have last read all there was.
    """

    email: str | None
    first_name: str
    last_name: str
    time_zone: str = "UTC"
    phone: PhoneNumber | None = None
    devices: tuple[Device, ...] = ()
    wishes: Wishes = field(default_factory=lambda: DEFAULT_WISHES)
    read_up_to: datetime | None = None
    is_forgotten: bool = False

    def change(self, first_name: str, last_name: str, *, email: str | None) -> None:
        """They are called otherwise, or have another address, if that is said."""
        if not self.is_forgotten:
            self.first_name, self.last_name, self.email = first_name, last_name, email or self.email

    def move(self, time_zone: str) -> None:
        """They live elsewhere."""
        if not self.is_forgotten:
            self.time_zone = time_zone

    def wish(self, wishes: Wishes) -> Result[None, DomainError]:
        """Hear of these categories by these channels; of the others as before. MANDATORY_CATEGORY."""
        if any(one.is_mandatory and Channel.EMAIL not in channels for one, channels in wishes.items()):
            return Failure(MANDATORY_CATEGORY)
        self.wishes = {**self.wishes, **wishes}
        return Success(None)

    def register_device(self, device: Device) -> Result[None, DomainError]:
        """Reach them there, too; once. TOO_MANY_DEVICES."""
        if device in self.devices:
            return Success(None)
        if len(self.devices) == _MOST_DEVICES:
            return Failure(TOO_MANY_DEVICES)
        self.devices = (*self.devices, device)
        return Success(None)

    def unregister_device(self, device: Device) -> None:
        self.devices = tuple(one for one in self.devices if one != device)

    def read_everything(self, at: datetime) -> None:
        self.read_up_to = max(self.read_up_to or at, at)

    def forget(self) -> None:
        """Keep nothing of them but that they are gone."""
        self.email, self.first_name, self.last_name, self.phone, self.devices = None, "", "", None, ()
        self.time_zone, self.wishes, self.read_up_to = "UTC", DEFAULT_WISHES, None
        self.is_forgotten = True
