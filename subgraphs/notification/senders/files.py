"""An outbox of files: a folder for each channel, with a message in each file. Nothing leaves the machine.

Mails are `.eml` files, which mail programs open. A file is there as a whole or not at all, and has its
message's id as its name: what is sent twice is there once.
"""

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, default
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from subgraphs.kernel.domain import Clock
from subgraphs.kernel.effects.outcome import Succeeded
from subgraphs.notification.senders.mime import to_mime
from subgraphs.notification.senders.ports import Email, Push, Pushed, Receipt, Senders, Sending, Sms

CHANNELS: Final = ("email", "sms", "push")


@dataclass(frozen=True, slots=True)
class Written:
    """A message in the outbox."""

    id: str
    channel: str
    message: EmailMessage
    at: datetime

    @property
    def to(self) -> str:
        """Whom it went to: an address, a number, or devices."""
        return str(self.message["To"] or self.message["X-To"])

    @property
    def line(self) -> str:
        """What it is about. Text messages and pushes are no more than that."""
        return str(self.message["Subject"] or self.body("plain") or "").strip()

    def body(self, subtype: str) -> str | None:
        """Its text (`plain`) or `html`, if it has that."""
        part = self.message.get_body((subtype,))
        return None if part is None else str(part.get_content())


@dataclass(frozen=True, slots=True)
class _Folder:
    """The messages of one channel."""

    path: Path
    clock: Clock
    sender: str

    @property
    def name(self) -> str:
        return f"files:{self.path.name}"

    def _find(self, id_: str) -> Sending | None:
        file = self._file(id_)
        return Succeeded(Receipt(file.name)) if file.exists() else None

    # Not in a thread: asking for one takes longer than writing so little.
    def _write(self, id_: str, message: EmailMessage) -> Sending:
        self.path.mkdir(parents=True, exist_ok=True)
        half = self.path / f".{id_}"
        half.write_bytes(message.as_bytes())
        half.replace(self._file(id_))
        return Succeeded(Receipt(self._file(id_).name))

    def _file(self, id_: str) -> Path:
        return self.path / f"{id_}.eml"


class EmailFolder(_Folder):
    async def find(self, id_: str) -> Sending | None:
        return self._find(id_)

    async def send(self, email: Email) -> Sending:
        return self._write(email.id, to_mime(email, sender=self.sender, at=self.clock.now()))


class SmsFolder(_Folder):
    async def send(self, sms: Sms) -> Sending:
        return self._write(sms.id, _plain(sms.id, sms.to, sms.text, self.clock.now()))

    async def find(self, sms: Sms) -> Sending | None:
        return self._find(sms.id)


class PushFolder(_Folder):
    async def find(self, id_: str) -> Sending | None:
        return self._find(id_)

    async def send(self, push: Push) -> Pushed:
        message = _plain(push.id, ", ".join(push.devices), push.title, self.clock.now())
        return Pushed(self._write(push.id, message))


def file_outbox(folder: Path, clock: Clock, *, sender: str) -> Senders:
    """Senders that write to this folder, which need not exist."""
    email, sms, push = (folder / channel for channel in CHANNELS)
    return Senders(
        EmailFolder(email, clock, sender), SmsFolder(sms, clock, sender), PushFolder(push, clock, sender)
    )


@dataclass(frozen=True, slots=True)
class Outbox:
    """The messages of a folder, which need not exist. A file is read again only when it was written again."""

    folder: Path
    _known: dict[Path, tuple[int, Written]] = field(default_factory=dict, repr=False)

    def read(self) -> list[Written]:
        """All messages that were written by now, the newest first."""
        present = [
            self._written(file, channel)
            for channel in CHANNELS
            for file in (self.folder / channel).glob("*.eml")
        ]
        return sorted(present, key=lambda one: (one.at, one.id), reverse=True)

    def _written(self, file: Path, channel: str) -> Written:
        since = file.stat().st_mtime_ns
        known = self._known.get(file)
        if known is None or known[0] != since:
            message = _parsed(file)
            known = since, Written(file.stem, channel, message, message["Date"].datetime)
            self._known[file] = known
        return known[1]


def _parsed(file: Path) -> EmailMessage:
    with file.open("rb") as stream:
        message = BytesParser(policy=default).parse(stream)
    assert isinstance(message, EmailMessage)
    return message


def _plain(id_: str, to: str, text: str, at: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{id_}@outbox>"
    message["Date"] = format_datetime(at)
    message["X-To"] = to
    message.set_content(text)
    return message
