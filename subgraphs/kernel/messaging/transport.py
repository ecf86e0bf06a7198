"""Messages on their way from one database to others.

A transport carries a log for each source: the messages of its outbox, counted without gaps. It may lose what
it carries, all of it, at any time: the outbox has everything, and whoever reads knows how far it has come. So
what is missing is noticed, asked for and sent again.

The sender's side is the relay (`newest`, `publish`, `announce`, `take_requests`, `answer`), the reader's the
intake (`read`, `request_replay`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from subgraphs.kernel.messaging.lineage import Lineage


class TransportError(ConnectionError):
    """The transport does not answer. It is asked again later; nothing depends on when."""


@dataclass(frozen=True, slots=True)
class SequencedMessage:
    """A message as it is in the outbox. `recipient` is the only consumer it is for, if it is not for all."""

    seq: int
    message_id: str
    type: str
    schema_version: int
    key: str
    data: str
    meta: str
    recipient: str | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """How things stand at a source: its newest message is `head`, its oldest that is still kept `oldest`."""

    lineage: Lineage
    head: int
    oldest: int


@dataclass(frozen=True, slots=True)
class Carried:
    """The newest message that a transport has of a source; number 0 when it has none."""

    seq: int = 0
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader finds: messages in order, and the last announcement, None when there never was one."""

    announcement: Announcement | None
    messages: tuple[SequencedMessage, ...] = ()


class Transport(Protocol):
    """Every method raises TransportError, and may be repeated."""

    async def newest(self, source: str, epoch: str) -> Carried:
        """How far the log of an epoch goes."""
        ...

    async def publish(self, source: str, epoch: str, messages: Sequence[SequencedMessage]) -> None:
        """Continue the log of an epoch. What it has already changes nothing. The oldest are forgotten."""
        ...

    async def announce(self, source: str, announcement: Announcement) -> None:
        """Say how things stand, after what was published."""
        ...

    async def take_requests(self, source: str) -> tuple[int, ...]:
        """From which numbers replays are asked for, sorted. Each is told once."""
        ...

    async def answer(
        self, source: str, epoch: str, from_seq: int, messages: Sequence[SequencedMessage]
    ) -> None:
        """Have whoever asked for a replay find these messages, for a minute."""
        ...

    async def read(self, source: str, after_seq: int, *, wait: float) -> Read:
        """The messages after a number, some of them: those that are carried, or were sent again.

        When there are none, it waits for so many seconds. The first may come later than the next number:
        what is between is missing.
        """
        ...

    async def request_replay(self, source: str, from_seq: int) -> None:
        """Ask the source to send again what it has from a number on."""
        ...

    async def close(self) -> None: ...


def following(messages: Sequence[SequencedMessage], next_seq: int) -> Sequence[SequencedMessage]:
    """What continues without a gap, whatever order it came in, and however often."""
    by_seq = {message.seq: message for message in messages}
    found = list[SequencedMessage]()
    while message := by_seq.get(next_seq + len(found)):
        found.append(message)
    return found
