"""What is published in one database is handled in another: all of it, once, in order, whatever is lost."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import delete, func, insert, select, update

from subgraphs.kernel.adapters.redis_streams import RedisStreamsTransport
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.messaging.epochs import begin_epochs, read_lineage
from subgraphs.kernel.messaging.history import Selection
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.memory import MemoryTransport
from subgraphs.kernel.messaging.outbox import LARGEST_MESSAGE, MessageTooLargeError, RemoteTimerError
from subgraphs.kernel.messaging.replay import NOTHING_KEPT, Replayed, replay
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.transport import Transport
from subgraphs.kernel.store.tables import delivery, intake, outbox
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.redis import TemporaryRedis
from tests.subgraphs.kernel.farm import Farm, farm, intake_of, pick, relay_of
from tests.subgraphs.kernel.orchard import NOBODY, STORE, ApplePicked, Orchard, plant, stored
from tests.subgraphs.kernel.templates import Templates

NAMES = [f"apple {number:03}" for number in range(15)]


in_files = pytest.mark.parametrize("planted", ["sqlite"], indirect=True)
from_a_server = pytest.mark.parametrize("planted", ["postgres"], indirect=True)


@pytest.fixture
async def transport(request: pytest.FixtureRequest, planted: str) -> AsyncIterator[Transport]:
    """From a file through memory, from a server through Redis."""
    if planted.startswith("sqlite"):
        yield MemoryTransport(length=3)
        return
    server: TemporaryRedis = request.getfixturevalue("redis")
    redis = RedisStreamsTransport(server.url)
    yield redis
    await redis.close()


@pytest.fixture
def other(templates: Templates, tmp_path: Path) -> str:
    """A second database, a file."""
    folder = tmp_path / "other"
    folder.mkdir()
    return templates.file(plant, folder)


@pytest.fixture
async def site(planted: str, other: str, transport: Transport, clock: FakeClock) -> AsyncIterator[Farm]:
    """From a database of either kind to a file, over either transport."""
    async with farm(planted, other, clock, transport) as both:
        yield both


async def test_all_is_handled_once_and_in_order(site: Farm) -> None:
    await pick(site.orchard, *NAMES[:10])
    await site.settle()
    await pick(site.orchard, *NAMES[10:])
    await site.settle()
    await site.settle()
    assert await site.cellar.stored() == NAMES
    assert await _position(site.cellar) == 16


@from_a_server
async def test_the_other_way_round(planted: str, other: str, clock: FakeClock) -> None:
    """From a file to a database of either kind."""
    async with farm(other, planted, clock, MemoryTransport()) as both:
        await pick(both.orchard, *NAMES)
        await both.settle()
        assert await both.cellar.stored() == NAMES


async def test_several_relays_and_intakes_do_nothing_twice(site: Farm, transport: Transport) -> None:
    relays = [relay_of(site.orchard.transactions, transport) for _ in range(3)]
    intakes = [intake_of(site.cellar.transactions, transport) for _ in range(3)]
    for name in NAMES:
        await pick(site.orchard, name)
        for step in (one.step for loops in (relays, intakes) for one in loops):
            await step()
    await site.settle()
    assert await site.cellar.stored() == NAMES
    assert await _lineage_length(site.orchard) == 1


async def test_who_comes_late_is_told_everything(site: Farm) -> None:
    """More than a transport carries."""
    await pick(site.orchard, *NAMES)
    while await site.relay.step():
        pass
    await site.settle()
    assert await site.cellar.stored() == NAMES


@in_files
async def test_a_transport_that_lost_everything_costs_nothing(site: Farm, transport: Transport) -> None:
    for start in range(0, 15, 5):
        await pick(site.orchard, *NAMES[start : start + 5])
        await site.relay.step()
        await transport.close()
        await site.intake.step()
    await site.settle()
    assert await site.cellar.stored() == NAMES


@in_files
async def test_a_transport_that_wakes_up_with_an_old_memory_costs_nothing(
    planted: str, other: str, clock: FakeClock
) -> None:
    """As a Redis does that has lost what came after its last look at the disk."""
    current, old = MemoryTransport(), MemoryTransport()
    async with farm(planted, other, clock, current) as both, farm(planted, other, clock, old) as before:
        await pick(both.orchard, *NAMES[:5])
        await before.relay.step()
        await both.settle()
        await pick(both.orchard, *NAMES[5:10])
        await both.settle()
        await pick(both.orchard, *NAMES[10:])
        await before.intake.step()
        await before.settle()
        assert await both.cellar.stored() == NAMES
        assert await _lineage_length(both.orchard) == 1


@in_files
async def test_what_nobody_here_wants_is_passed_over(planted: str, other: str, clock: FakeClock) -> None:
    transport = MemoryTransport()
    picky = replace(STORE, where=lambda apple, _: apple.name.endswith("1"))
    async with farm(planted, other, clock, transport, picky) as both:
        await pick(both.orchard, *NAMES)
        await both.settle()
        assert await both.cellar.stored() == ["apple 001", "apple 011"]
        assert await _position(both.cellar) == 16
        assert len(await both.cellar.statuses()) == 2


@in_files
async def test_a_predicate_that_fails_does_not_stop_its_source(
    planted: str, other: str, clock: FakeClock
) -> None:
    def choosy(apple: ApplePicked, _: object) -> bool:
        if apple.name == "apple 001":
            raise ValueError("a matter of taste")
        return True

    async with farm(planted, other, clock, MemoryTransport(), replace(STORE, where=choosy)) as both:
        for name in NAMES[:4]:
            await both.orchard.pick(name, tree=name)
        await both.settle()
        assert await both.cellar.stored() == ["apple 000", "apple 002", "apple 003"]
        async with both.cellar.transactions.database.read() as connection:
            (error,) = await connection.scalars(
                select(delivery.c.last_error).where(delivery.c.status == "ready")
            )
        assert error == "ValueError: a matter of taste"


@in_files
@pytest.mark.parametrize("known", [True, False])
async def test_a_source_that_was_restored_is_read_again(
    planted: str, other: str, clock: FakeClock, tmp_path: Path, redis: TemporaryRedis, known: bool
) -> None:
    """What the backup did not have was handled, and is gone now; what came instead is handled too."""
    file, backup = Path(planted.removeprefix("sqlite:///")), tmp_path / "backup.db"
    transport = RedisStreamsTransport(redis.url)
    async with farm(planted, other, clock, transport) as both:
        await pick(both.orchard, *NAMES[:5])
        await both.settle()
    shutil.copy(file, backup)
    async with farm(planted, other, clock, transport) as both:
        await pick(both.orchard, *(f"lost {name}" for name in NAMES[5:10]))
        await both.settle()
    for leftover in file.parent.glob(f"{file.name}-*"):
        leftover.unlink()
    shutil.copy(backup, file)
    async with farm(planted, other, clock, transport) as both:
        if known:
            assert await begin_epochs(both.orchard.transactions) == {"orchard": 5}
        await pick(both.orchard, *NAMES[5:])
        await both.settle()
        assert await both.cellar.stored() == [
            *NAMES[:5],
            *(f"lost {name}" for name in NAMES[5:10]),
            *NAMES[5:],
        ]
        assert await _lineage_length(both.orchard) == 2
    await transport.close()


@in_files
async def test_a_reader_notices_that_its_source_is_behind(planted: str, other: str, clock: FakeClock) -> None:
    """Source and transport have both gone back; the reader alone knows that there was more."""
    async with farm(planted, other, clock, MemoryTransport()) as both:
        await pick(both.orchard, *NAMES[:5])
        await both.settle()
    async with farm(planted, other, clock, MemoryTransport()) as both:
        async with both.orchard.transactions.database.transaction() as connection:
            await connection.execute(delete(outbox).where(outbox.c.seq > 3))
        for _ in range(2):
            await both.relay.step()
            await both.intake.step()
        assert await _lineage_length(both.orchard) == 2
        await pick(both.orchard, *NAMES[5:])
        await both.settle()
        assert await both.cellar.stored() == [*NAMES[:5], *NAMES[5:]]


@in_files
async def test_a_reader_that_was_restored_catches_up(site: Farm) -> None:
    await pick(site.orchard, *NAMES[:10])
    await site.settle()
    async with site.cellar.transactions.database.transaction() as connection:
        ten = select(delivery.c.id).order_by(delivery.c.id).offset(5)
        await connection.execute(delete(delivery).where(delivery.c.id.in_(ten)))
        await connection.execute(update(intake).values(next_seq=6))
    await site.settle()
    assert sorted(await site.cellar.stored()) == sorted([*NAMES[:10], *NAMES[5:10]])


@in_files
async def test_what_a_source_no_longer_keeps_is_told_and_passed_over(
    planted: str, other: str, clock: FakeClock
) -> None:
    async with farm(planted, other, clock, MemoryTransport()) as both:
        await pick(both.orchard, *NAMES[:10])
        await both.relay.step()
        async with both.orchard.transactions.database.transaction() as connection:
            await connection.execute(delete(outbox).where(outbox.c.seq <= 8))
    async with farm(planted, other, clock, MemoryTransport()) as both:
        await pick(both.orchard, *NAMES[10:])
        await both.settle()
        assert await both.cellar.stored() == NAMES[8:]


@dataclass(frozen=True, slots=True)
class PressApples(IntegrationEvent):
    type: ClassVar[str] = "cellar.press_apples"
    name: str


@in_files
async def test_what_is_sent_to_one_consumer_reaches_it_wherever_it_lives(
    planted: str, other: str, clock: FakeClock
) -> None:
    async def press(message: Envelope[PressApples], work: UnitOfWork) -> None:
        await work.connection.execute(insert(stored).values(name=message.body.name))

    async with farm(planted, other, clock, MemoryTransport()) as both:
        both.cellar.transactions.subscriptions.add(
            Subscription("cellar.press", PressApples, press), Subscription("cellar.watch", PressApples, press)
        )
        for _ in range(2):  # asked twice for the same
            async with both.orchard.transactions.begin("orchard", NOBODY) as work:
                work.send(PressApples("juice"), to="cellar.press", key="a", message_id="once")
                work.publish(ApplePicked("apple"), key="a")
                work.send(PressApples("to nobody"), to="attic.press", key="a")
        await both.settle()
        assert await both.cellar.stored() == ["apple", "juice", "apple"]
        assert await _count(both.orchard, outbox) == 5


@in_files
async def test_a_timer_is_kept_by_whom_it_wakes(site: Farm) -> None:
    with pytest.raises(RemoteTimerError, match=r"cannot wait on its way to cellar\.store"):
        async with site.orchard.transactions.begin("orchard", NOBODY) as work:
            work.send(ApplePicked("later"), to="cellar.store", key="a", after=timedelta(hours=1))


@in_files
async def test_a_message_that_is_too_large_is_refused_where_it_is_written(site: Farm) -> None:
    with pytest.raises(
        MessageTooLargeError, match=r"orchard\.apple_picked has \d+ characters, a message at most"
    ):
        async with site.orchard.transactions.begin("orchard", NOBODY) as work:
            work.publish(ApplePicked("a" * LARGEST_MESSAGE), key="a")
    assert await _count(site.orchard, outbox) == 0


async def _position(garden: Orchard) -> int | None:
    async with garden.transactions.database.read() as connection:
        return await connection.scalar(select(intake.c.next_seq))


async def _lineage_length(garden: Orchard) -> int:
    async with garden.transactions.database.read() as connection:
        return len(await read_lineage(connection, "orchard"))


async def _count(garden: Orchard, table: object) -> int | None:
    async with garden.transactions.database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(table))  # type: ignore[arg-type]


@from_a_server
async def test_the_past_of_another_database_is_replayed_too(site: Farm, transport: Transport) -> None:
    """More of it than the transport carries: the source sends it again, while its relay runs."""
    await pick(site.orchard, *NAMES)
    await site.settle()
    label = replace(STORE, consumer="cellar.label", where=lambda apple, _: apple.name > "apple 003")
    cellar = site.cellar.transactions
    cellar.subscriptions.add(label)
    relaying = asyncio.create_task(site.relay.run())
    some = Selection("orchard", from_seq=3, to_seq=14)
    result = await replay(cellar, "cellar.label", some, NOBODY, transport=transport)
    site.orchard.transactions.hints.stop()
    await relaying
    assert result == Success(Replayed(seq=14, selected=12, delivered=10, known=0))
    await site.settle()
    assert (await site.cellar.stored())[15:] == NAMES[4:14]
    nowhere = await replay(cellar, "cellar.label", Selection("meadow"), NOBODY, transport=transport)
    assert nowhere == Failure(NOTHING_KEPT)
