"""What a sender of mails, text messages or pushes is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from subgraphs.kernel.effects.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider has taken it; under which name it knows it, if it said so."""

    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Email:
    """A mail. `id` is the same whenever it is sent again: mail programs show one of an id once."""

    id: str
    to: str
    name: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message to a number with the country's code; `said_at` is when it was to be sent first."""

    id: str
    to: str
    text: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Push:
    """A line on the screens of somebody's devices."""

    id: str
    devices: tuple[str, ...]
    title: str


Sending: TypeAlias = Outcome[Receipt]


class EmailSender(Protocol):
    """Raises as a `Provider` does, or BadAddressError. `find` says what became of an id, if that is known."""

    @property
    def name(self) -> str: ...
    async def send(self, email: Email) -> Sending: ...
    async def find(self, id_: str) -> Sending | None: ...


class SmsSender(Protocol):
    """The same for text messages, which may have to be looked for by what they say."""

    @property
    def name(self) -> str: ...
    async def send(self, sms: Sms) -> Sending: ...
    async def find(self, sms: Sms) -> Sending | None: ...


@dataclass(frozen=True, slots=True)
class Pushed:
    """What came of a push, and which of its devices will never be reached again."""

    outcome: Sending
    gone: tuple[str, ...] = ()


class PushSender(Protocol):
    """The same for pushes."""

    @property
    def name(self) -> str: ...
    async def send(self, push: Push) -> Pushed: ...
    async def find(self, id_: str) -> Sending | None: ...


@dataclass(frozen=True, slots=True)
class Senders:
    """One for each channel."""

    email: EmailSender
    sms: SmsSender
    push: PushSender
