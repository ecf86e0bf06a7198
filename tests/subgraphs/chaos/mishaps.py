"""What goes wrong between a process and the servers that it asks: with its messages, with its payments."""

from asyncio import CancelledError
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from subgraphs.kernel.effects.outcome import NotDoneError, Outcome, OutcomeUnknownError
from subgraphs.kernel.effects.provider import Provider
from subgraphs.kernel.messaging.transport import (
    Announcement,
    Carried,
    Read,
    SequencedMessage,
    Transport,
    TransportError,
)
from tests.subgraphs.kernel.house import Receipt
from tests.subgraphs.kernel.till import ChargeSale


class Mishap(StrEnum):
    """By the name under which it is counted."""

    DUPLICATED = "messages duplicated"
    SHUFFLED = "messages shuffled"
    MISSING = "messages left out"
    LOST = "messages lost on the way"
    UNCONFIRMED = "messages sent, and not confirmed"
    REFUSED = "provider: not done"
    UNANSWERED = "provider: no answer, done or not"
    HANGING = "provider: too slow, done or not"


Note = Callable[[Mishap], None]


@dataclass(frozen=True, slots=True)
class Muddled:
    """A transport that brings its messages twice, in another order, or not at all."""

    transport: Transport
    chance: Random
    note: Note

    async def newest(self, source: str, epoch: str) -> Carried:
        return await self.transport.newest(source, epoch)

    async def publish(self, source: str, epoch: str, messages: Sequence[SequencedMessage]) -> None:
        if self._happens(Mishap.LOST, 0.03):
            return
        await self.transport.publish(source, epoch, messages)
        if self._happens(Mishap.DUPLICATED, 0.1):
            await self.transport.publish(source, epoch, self.chance.sample(messages, len(messages)))
        if self._happens(Mishap.UNCONFIRMED, 0.03):
            raise TransportError("nobody knows")

    async def announce(self, source: str, announcement: Announcement) -> None:
        await self.transport.announce(source, announcement)

    async def take_requests(self, source: str) -> tuple[int, ...]:
        requests = await self.transport.take_requests(source)
        return () if requests and self._happens(Mishap.LOST, 0.1) else requests

    async def answer(
        self, source: str, epoch: str, from_seq: int, messages: Sequence[SequencedMessage]
    ) -> None:
        if not self._happens(Mishap.LOST, 0.1):
            await self.transport.answer(source, epoch, from_seq, messages)

    async def read(self, source: str, after_seq: int, *, wait: float) -> Read:
        read = await self.transport.read(source, after_seq, wait=wait)
        messages = list(read.messages)
        if messages and self._happens(Mishap.DUPLICATED, 0.1):
            messages += self.chance.choices(messages, k=len(messages))
        if len(messages) > 1 and self._happens(Mishap.SHUFFLED, 0.2):
            self.chance.shuffle(messages)
        if messages and self._happens(Mishap.MISSING, 0.05):
            del messages[self.chance.randrange(len(messages))]
        return replace(read, messages=tuple(messages))

    async def request_replay(self, source: str, from_seq: int) -> None:
        for _ in range(2 if self._happens(Mishap.DUPLICATED, 0.1) else 1):
            await self.transport.request_replay(source, from_seq)

    async def close(self) -> None:
        await self.transport.close()

    def _happens(self, mishap: Mishap, probability: float) -> bool:
        happens = self.chance.random() < probability
        if happens:
            self.note(mishap)
        return happens


@dataclass(frozen=True, slots=True)
class Watched:
    """The payment house; what goes wrong with it is counted."""

    house: Provider[ChargeSale, Receipt]
    note: Note

    @property
    def name(self) -> str:
        return self.house.name

    async def call(self, key: str, request: ChargeSale) -> Outcome[Receipt]:
        try:
            return await self.house.call(key, request)
        except NotDoneError:
            self.note(Mishap.REFUSED)
            raise
        except OutcomeUnknownError:
            self.note(Mishap.UNANSWERED)
            raise
        except CancelledError:
            self.note(Mishap.HANGING)
            raise

    async def find(self, key: str, request: ChargeSale) -> Outcome[Receipt] | None:
        return await self.house.find(key, request)
