"""The transport between databases: Redis streams, used as logs.

    plait:{source}:announcement          how things stand at the source
    plait:{source}:log:<epoch>           its last messages, a stream whose entries have their number as id
    plait:{source}:requests              from which numbers somebody asks for a replay
    plait:{source}:answer:<epoch>:<seq>  the messages from a number on, for a minute

An entry's id is the message's number, so that a message is in a log once, and a reader asks for what comes
after the last one it has. Nothing depends on how durable Redis is.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from subgraphs.kernel.messaging.transport import Announcement, Carried, Read, SequencedMessage, TransportError

_LENGTH: Final = 10_000
_BATCH: Final = 500
_SOCKET_SECONDS: Final = 5.0
_LOG_SECONDS: Final = 24 * 3600  # after the last message: the logs of past epochs are forgotten
_ANSWER_SECONDS: Final = 60
_REQUESTS_AT_ONCE: Final = 100

# Entries that are there already are left out, so that two relays may publish the same.
_APPEND: Final = """
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local last = newest and tonumber(string.match(newest[1], '^%d+')) or 0
for place = 3, #ARGV, 2 do
  if tonumber(ARGV[place]) > last then
    redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], ARGV[place] .. '-0', 'm', ARGV[place + 1])
  end
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
"""

_message = msgspec.msgpack.Decoder(SequencedMessage)
_messages = msgspec.msgpack.Decoder(tuple[SequencedMessage, ...])
_announcement = msgspec.msgpack.Decoder(Announcement)


class RedisStreamsTransport:
    """Over a Redis server at `url`, 5 or newer. `length` is how many messages of a source it keeps, about."""

    def __init__(self, url: str, *, length: int = _LENGTH) -> None:
        self._length = length
        self._redis: Redis = Redis.from_url(
            url,
            protocol=2,
            retry=None,
            socket_timeout=_SOCKET_SECONDS,
            socket_connect_timeout=_SOCKET_SECONDS,
        )
        self._append = self._redis.register_script(_APPEND)

    async def newest(self, source: str, epoch: str) -> Carried:
        async with _failures():
            entries = await self._redis.xrevrange(_log(source, epoch), count=1)
        messages = _of_entries(entries)
        return Carried(messages[0].seq, messages[0].message_id) if messages else Carried()

    async def publish(self, source: str, epoch: str, messages: Sequence[SequencedMessage]) -> None:
        arguments: list[Any] = [self._length, _LOG_SECONDS]
        for message in messages:
            arguments += (message.seq, msgspec.msgpack.encode(message))
        async with _failures():
            await self._append(keys=[_log(source, epoch)], args=arguments)

    async def announce(self, source: str, announcement: Announcement) -> None:
        async with _failures():
            await self._redis.set(_key(source, "announcement"), msgspec.msgpack.encode(announcement))

    async def take_requests(self, source: str) -> tuple[int, ...]:
        async with _failures():
            requests: Any = await self._redis.spop(_key(source, "requests"), _REQUESTS_AT_ONCE)
        return tuple(sorted(map(int, requests)))

    async def answer(
        self, source: str, epoch: str, from_seq: int, messages: Sequence[SequencedMessage]
    ) -> None:
        key = _key(source, f"answer:{epoch}:{from_seq}")
        async with _failures():
            await self._redis.set(key, msgspec.msgpack.encode(messages), ex=_ANSWER_SECONDS)

    async def read(self, source: str, after_seq: int, *, wait: float) -> Read:
        async with _failures():
            announced: Any = await self._redis.get(_key(source, "announcement"))
            if announced is None:
                await asyncio.sleep(wait)
                return Read(None)
            announcement = _announcement.decode(announced)
            epoch = announcement.lineage[-1].id
            messages = await self._look(source, epoch, after_seq)
            if not messages and announcement.head <= after_seq and wait:
                messages = await self._wait(source, epoch, after_seq, wait)
            return Read(announcement, messages)

    async def request_replay(self, source: str, from_seq: int) -> None:
        async with _failures():
            await self._redis.sadd(_key(source, "requests"), from_seq)

    async def close(self) -> None:
        await self._redis.aclose()

    async def _look(self, source: str, epoch: str, after_seq: int) -> tuple[SequencedMessage, ...]:
        async with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.xrange(_log(source, epoch), min=f"{after_seq + 1}-0", count=_BATCH)
            pipeline.get(_key(source, f"answer:{epoch}:{after_seq + 1}"))
            entries, answer = await pipeline.execute()
        messages = _of_entries(entries)
        if answer is not None and (not messages or messages[0].seq != after_seq + 1):
            return _messages.decode(answer)
        return messages

    async def _wait(
        self, source: str, epoch: str, after_seq: int, wait: float
    ) -> tuple[SequencedMessage, ...]:
        streams: dict[Any, Any] = {_log(source, epoch): f"{after_seq}-0"}
        found: Any = await self._redis.xread(streams, count=_BATCH, block=max(1, int(wait * 1000)))
        return _of_entries(found[0][1]) if found else ()


def _key(source: str, name: str) -> str:
    """In braces is what a cluster chooses the node by."""
    return f"plait:{{{source}}}:{name}"


def _log(source: str, epoch: str) -> str:
    return _key(source, f"log:{epoch}")


def _of_entries(entries: Any) -> tuple[SequencedMessage, ...]:
    return tuple(_message.decode(fields[b"m"]) for _, fields in entries)


@asynccontextmanager
async def _failures() -> AsyncIterator[None]:
    try:
        yield
    except (RedisError, OSError, msgspec.DecodeError) as error:
        raise TransportError(f"Redis: {error}") from error
