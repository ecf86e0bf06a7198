"""What every transport promises, whatever it is made of."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pytest

from subgraphs.kernel.adapters.redis_streams import RedisStreamsTransport
from subgraphs.kernel.messaging.lineage import Epoch
from subgraphs.kernel.messaging.memory import MemoryTransport
from subgraphs.kernel.messaging.transport import (
    Announcement,
    Carried,
    Read,
    SequencedMessage,
    Transport,
    TransportError,
)
from subgraphs.kernel.testing.redis import TemporaryRedis

LENGTH = 100
FIRST, SECOND = Epoch("first", 0), Epoch("second", 3)


@dataclass(frozen=True)
class Subject:
    """A transport, a second way to it, and how it loses everything that it carries."""

    transport: Transport
    reader: Transport
    lose: Callable[[], Awaitable[None]]


@pytest.fixture(params=["memory", "redis"])
async def subject(request: pytest.FixtureRequest) -> AsyncIterator[Subject]:
    if request.param == "memory":
        memory = MemoryTransport(length=LENGTH)
        yield Subject(memory, memory, memory.close)
        return
    server: TemporaryRedis = request.getfixturevalue("redis")

    async def lose() -> None:
        server.kill()
        server.start()
        for one in both:  # whose connections are gone; they notice now or have noticed
            with suppress(TransportError):
                await one.newest("orchard", "first")

    both = [RedisStreamsTransport(server.url, length=LENGTH) for _ in range(2)]
    yield Subject(both[0], both[1], lose)
    for one in both:
        await one.close()


def messages(first: int, last: int, *, name: str = "apple") -> list[SequencedMessage]:
    return [
        SequencedMessage(
            seq, f"{name} {seq}", "orchard.apple_picked", 1, "tree", '{"name": "ä"}', "{}", "cellar.store"
        )
        for seq in range(first, last + 1)
    ]


async def publish(subject: Subject, sent: Sequence[SequencedMessage], *lineage: Epoch) -> None:
    lineage = lineage or (FIRST,)
    await subject.transport.publish("orchard", lineage[-1].id, sent)
    await subject.transport.announce("orchard", Announcement(lineage, sent[-1].seq, 1))


async def test_nothing_is_known_of_a_source_that_never_spoke(subject: Subject) -> None:
    assert await subject.reader.read("orchard", 0, wait=0) == Read(None)
    assert await subject.reader.read("orchard", 0, wait=0.001) == Read(None)
    assert await subject.transport.newest("orchard", "first") == Carried()
    assert await subject.transport.take_requests("orchard") == ()


async def test_messages_come_in_order_and_as_they_were(subject: Subject) -> None:
    await publish(subject, messages(1, 3))
    await publish(subject, messages(4, 12))
    for after in (0, 2, 3, 11):
        read = await subject.reader.read("orchard", after, wait=0)
        assert read == Read(Announcement((FIRST,), 12, 1), tuple(messages(after + 1, 12)))
    assert await subject.transport.newest("orchard", "first") == Carried(12, "apple 12")


async def test_what_is_published_again_is_there_once(subject: Subject) -> None:
    await publish(subject, messages(1, 5))
    await publish(subject, messages(1, 3))
    await publish(subject, messages(3, 7))
    assert (await subject.reader.read("orchard", 0, wait=0)).messages == tuple(messages(1, 7))


async def test_readers_do_not_take_anything_from_each_other(subject: Subject) -> None:
    await publish(subject, messages(1, 5))
    reads = [await one.read("orchard", 2, wait=0) for one in (subject.reader, subject.transport) * 2]
    assert {read.messages for read in reads} == {tuple(messages(3, 5))}


async def test_sources_do_not_mix(subject: Subject) -> None:
    await publish(subject, messages(1, 2))
    await subject.transport.request_replay("meadow", 1)
    assert await subject.reader.read("meadow", 0, wait=0) == Read(None)
    assert await subject.transport.take_requests("orchard") == ()


async def test_a_reader_that_waits_is_woken(subject: Subject) -> None:
    await publish(subject, messages(1, 1))
    waiting = asyncio.create_task(subject.reader.read("orchard", 1, wait=4))
    await asyncio.sleep(0)
    await publish(subject, messages(2, 2))
    assert (await waiting).messages == tuple(messages(2, 2))
    assert (await subject.reader.read("orchard", 2, wait=0.001)).messages == ()


async def test_what_is_too_old_is_no_longer_carried(subject: Subject) -> None:
    await publish(subject, messages(1, 5 * LENGTH))
    oldest = (await subject.reader.read("orchard", 0, wait=0)).messages[0].seq
    assert 3 * LENGTH < oldest <= 4 * LENGTH + 1
    read = await subject.reader.read("orchard", 5 * LENGTH - 2, wait=0)
    assert read.messages == tuple(messages(5 * LENGTH - 1, 5 * LENGTH))


async def test_a_gap_is_seen_and_a_replay_fills_it(subject: Subject) -> None:
    await publish(subject, messages(8, 9))
    assert (await subject.reader.read("orchard", 2, wait=0)).messages[0].seq == 8
    for from_seq in (3, 3, 5):
        await subject.reader.request_replay("orchard", from_seq)
    assert await subject.transport.take_requests("orchard") == (3, 5)
    assert await subject.transport.take_requests("orchard") == ()
    await subject.transport.answer("orchard", "first", 3, messages(3, 7))
    assert (await subject.reader.read("orchard", 2, wait=0)).messages == tuple(messages(3, 7))
    assert (await subject.reader.read("orchard", 7, wait=0)).messages == tuple(messages(8, 9))
    assert (await subject.reader.read("orchard", 3, wait=0)).messages[0].seq == 8  # nobody asked for that


async def test_what_was_announced_and_is_not_carried_is_missed_at_once(subject: Subject) -> None:
    await publish(subject, messages(1, 3))
    await subject.transport.announce("orchard", Announcement((FIRST,), 5, 2))
    read = await asyncio.wait_for(subject.reader.read("orchard", 3, wait=60), 20)
    assert read == Read(Announcement((FIRST,), 5, 2))


async def test_a_new_epoch_has_a_log_of_its_own(subject: Subject) -> None:
    await publish(subject, messages(1, 5))
    assert await subject.transport.newest("orchard", "second") == Carried()
    await subject.transport.answer("orchard", "first", 4, messages(4, 5))
    renewed = messages(4, 4, name="pear")
    await publish(subject, renewed, FIRST, SECOND)
    read = await subject.reader.read("orchard", 3, wait=0)
    assert read == Read(Announcement((FIRST, SECOND), 4, 1), tuple(renewed))
    assert await subject.transport.newest("orchard", "second") == Carried(4, "pear 4")


async def test_one_that_has_lost_everything_is_filled_again(subject: Subject) -> None:
    await publish(subject, messages(1, 5))
    await subject.reader.request_replay("orchard", 1)
    await subject.lose()
    assert await subject.reader.read("orchard", 2, wait=0) == Read(None)
    assert await subject.transport.newest("orchard", "first") == Carried()
    await publish(subject, messages(4, 6))
    assert (await subject.reader.read("orchard", 3, wait=0)).messages == tuple(messages(4, 6))
    assert await subject.transport.take_requests("orchard") == ()


async def test_a_server_that_is_down_is_an_error_that_has_a_name(redis: TemporaryRedis) -> None:
    transport = RedisStreamsTransport(redis.url)
    redis.kill()
    announcement = Announcement((FIRST,), 1, 1)
    attempts: list[Awaitable[object]] = [
        transport.newest("orchard", "first"),
        transport.publish("orchard", "first", messages(1, 1)),
        transport.announce("orchard", announcement),
        transport.take_requests("orchard"),
        transport.answer("orchard", "first", 1, messages(1, 1)),
        transport.read("orchard", 0, wait=1),
        transport.request_replay("orchard", 1),
    ]
    for attempt in attempts:
        with pytest.raises(TransportError, match="Redis: "):
            await attempt
    redis.start()
    await transport.announce("orchard", announcement)
    assert await transport.read("orchard", 1, wait=0) == Read(announcement)
    await transport.close()
