"""A transport within one process: for contexts that have databases of their own and one event loop."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from subgraphs.kernel.messaging.transport import Announcement, Carried, Read, SequencedMessage


@dataclass(slots=True)
class _Source:
    length: int
    announcement: Announcement | None = None
    epoch: str | None = None
    log: deque[SequencedMessage] = field(init=False)
    requests: set[int] = field(default_factory=set)
    answers: dict[tuple[str, int], tuple[SequencedMessage, ...]] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.log = deque(maxlen=self.length)

    def tell(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()


class MemoryTransport:
    """Carries the last `length` messages of each source, and the last `answers` to those who are behind."""

    def __init__(self, *, length: int = 10_000, batch: int = 500, answers: int = 16) -> None:
        self._length = length
        self._batch = batch
        self._answers = answers
        self._sources: dict[str, _Source] = {}

    async def newest(self, source: str, epoch: str) -> Carried:
        here = self._source(source)
        if here.epoch != epoch or not here.log:
            return Carried()
        return Carried(here.log[-1].seq, here.log[-1].message_id)

    async def publish(self, source: str, epoch: str, messages: Sequence[SequencedMessage]) -> None:
        here = self._source(source)
        if here.epoch != epoch:
            here.epoch, here.log = epoch, deque(maxlen=self._length)
        for message in messages:
            if not here.log or message.seq > here.log[-1].seq:
                here.log.append(message)
        here.tell()

    async def announce(self, source: str, announcement: Announcement) -> None:
        self._source(source).announcement = announcement

    async def take_requests(self, source: str) -> tuple[int, ...]:
        here = self._source(source)
        requests, here.requests = tuple(sorted(here.requests)), set()
        return requests

    async def answer(
        self, source: str, epoch: str, from_seq: int, messages: Sequence[SequencedMessage]
    ) -> None:
        here = self._source(source)
        here.answers.pop((epoch, from_seq), None)
        here.answers[epoch, from_seq] = tuple(messages)
        while len(here.answers) > self._answers:
            del here.answers[next(iter(here.answers))]
        here.tell()

    async def read(self, source: str, after_seq: int, *, wait: float) -> Read:
        here = self._source(source)
        read = self._look(here, after_seq)
        if read.messages or (read.announcement and read.announcement.head > after_seq):
            return read
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await here.changed.wait()
        return self._look(here, after_seq)

    async def request_replay(self, source: str, from_seq: int) -> None:
        self._source(source).requests.add(from_seq)

    async def close(self) -> None:
        self._sources.clear()

    def _look(self, here: _Source, after_seq: int) -> Read:
        if (announcement := here.announcement) is None:
            return Read(None)
        epoch = announcement.lineage[-1].id
        log = here.log if here.epoch == epoch else ()
        messages = tuple(islice((one for one in log if one.seq > after_seq), self._batch))
        if not messages or messages[0].seq != after_seq + 1:
            messages = here.answers.get((epoch, after_seq + 1), messages)
        return Read(announcement, messages)

    def _source(self, name: str) -> _Source:
        return self._sources.setdefault(name, _Source(self._length))
