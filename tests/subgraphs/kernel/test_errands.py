"""Errands run outside of transactions, beside the handlers, and take effect here once."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select

from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.retry import PoisonError, PostponedError
from subgraphs.kernel.messaging.subscriptions import Conclusion, Errand, Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.store.tables import delivery
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.doomed import run_until_it_dies
from tests.subgraphs.kernel.orchard import ApplePicked, Orchard, orchard, store_apple

NOTHING_LEFT = Backlog(waiting=0, dead=0, blocked=0)
BUSY = WorkerOptions(heartbeat=timedelta(milliseconds=1))
SILENT = WorkerOptions(heartbeat=timedelta(hours=1))

pytestmark = pytest.mark.usefixtures("quiet")


class Market:
    """Where apples are brought; whoever brings a `slow` one waits until it is let in."""

    def __init__(self) -> None:
        self.brought: list[str] = []
        self.trouble: Exception | None = None
        self.let_in = asyncio.Event()
        self.waiting = asyncio.Event()

    async def bring(self, message: Envelope[ApplePicked]) -> Conclusion:
        name = message.body.name
        self.brought.append(name)
        if self.trouble:
            raise self.trouble
        if name.startswith("slow"):
            self.waiting.set()
            await self.let_in.wait()

        async def note(work: UnitOfWork) -> None:
            await store_apple(message, work)

        return note

    @property
    def errand(self) -> Errand[ApplePicked]:
        return Errand("market.bring", ApplePicked, self.bring)


@pytest.fixture
def market() -> Market:
    return Market()


@pytest.fixture
async def fair(planted: str, clock: FakeClock, market: Market) -> AsyncIterator[Orchard]:
    async with orchard(planted, clock, market.errand) as context:
        yield context


async def test_what_is_done_outside_is_noted_once_inside(fair: Orchard, market: Market) -> None:
    for name in "abc":
        await fair.pick(name)
    worker = Worker(fair.transactions)
    assert await worker.drain() == NOTHING_LEFT
    assert await worker.drain() == NOTHING_LEFT
    assert await fair.stored() == market.brought == ["a", "b", "c"]


async def test_errands_hold_up_nobody(planted: str, clock: FakeClock, market: Market) -> None:
    """Neither handlers, nor errands of other keys; only so many are under way at once."""
    cellar = Subscription("cellar.store", ApplePicked, store_apple)
    async with orchard(planted, clock, market.errand, cellar) as context:
        for number in range(5):
            await context.pick(f"slow {number}", tree=f"{number}")
        worker = Worker(context.transactions, options=WorkerOptions(errands=2))
        while await worker.step():
            pass
        await market.waiting.wait()
        assert await context.stored() == [f"slow {number}" for number in range(5)]
        assert market.brought == ["slow 0", "slow 1"]
        market.let_in.set()
        assert await worker.drain() == NOTHING_LEFT
        assert len(await context.stored()) == 10


async def test_errands_of_one_key_are_run_in_their_order(fair: Orchard, market: Market) -> None:
    market.let_in.set()
    names = [f"{'slow' if number % 2 else 'quick'} {number}" for number in range(6)]
    for name in names:
        await fair.pick(name)
    assert await Worker(fair.transactions).drain() == NOTHING_LEFT
    assert await fair.stored() == names


async def test_an_errand_keeps_its_lease_for_as_long_as_it_takes(
    fair: Orchard, market: Market, clock: FakeClock
) -> None:
    await fair.pick("slow")
    worker, other = Worker(fair.transactions, options=BUSY), Worker(fair.transactions, options=BUSY)
    assert await worker.step() == 1
    await market.waiting.wait()
    for _ in range(5):
        clock.advance(BUSY.lease * 0.9)
        await _until(lambda: _is_leased_until(fair, clock.now() + BUSY.lease))
        assert await other.step() == 0
    market.let_in.set()
    assert await worker.drain() == NOTHING_LEFT
    assert market.brought == await fair.stored() == ["slow"]


async def test_a_worker_that_was_thought_dead_notes_nothing(
    fair: Orchard, market: Market, clock: FakeClock
) -> None:
    await fair.pick("slow")
    zombie, other = Worker(fair.transactions, options=SILENT), Worker(fair.transactions)
    await zombie.step()
    await market.waiting.wait()
    clock.advance(SILENT.lease)
    assert await other.step() == 1
    market.let_in.set()
    assert await other.drain() == await zombie.drain() == NOTHING_LEFT
    assert market.brought == ["slow", "slow"]
    assert await fair.stored() == ["slow"]


async def test_an_errand_that_is_called_back_is_run_again_at_once(fair: Orchard, market: Market) -> None:
    await fair.pick("slow")
    running = asyncio.create_task(Worker(fair.transactions).run())
    await market.waiting.wait()
    running.cancel()
    await asyncio.wait({running})
    market.let_in.set()
    assert await Worker(fair.transactions).drain() == NOTHING_LEFT
    assert market.brought == ["slow", "slow"]
    assert await fair.stored() == ["slow"]
    assert await _columns(fair) == ("done", 0, 0)


async def test_what_is_put_off_is_due_again_and_has_not_failed(
    fair: Orchard, market: Market, clock: FakeClock
) -> None:
    await fair.pick("a")
    market.trouble = PostponedError("the market is closed", delay=timedelta(hours=1))
    worker = Worker(fair.transactions)
    for _ in range(20):
        assert await worker.drain() == Backlog(waiting=1, dead=0, blocked=0)
        assert await worker.step() == 0
        clock.advance(timedelta(hours=1))
    market.trouble = None
    assert await worker.drain() == NOTHING_LEFT
    assert len(market.brought) == 21
    assert await _columns(fair) == ("done", 0, 0)


async def test_poison_is_given_up_at_once(fair: Orchard, market: Market) -> None:
    await fair.pick("a")
    await fair.pick("b")
    market.trouble = PoisonError("nobody can do this")
    assert await Worker(fair.transactions).drain() == Backlog(waiting=0, dead=1, blocked=1)
    assert market.brought == ["a"]


async def test_an_errand_that_takes_too_long_has_failed(
    planted: str, clock: FakeClock, market: Market
) -> None:
    brief = Errand("market.bring", ApplePicked, market.bring, patience=timedelta(milliseconds=10))
    async with orchard(planted, clock, brief) as context:
        await context.pick("slow")
        worker = Worker(context.transactions)
        assert await worker.drain() == Backlog(waiting=1, dead=0, blocked=0)
        assert (await _columns(context))[1:] == (1, 0)


async def test_a_prompt_errand_is_run_before_the_publisher_hears_of_the_commit(
    planted: str, clock: FakeClock, market: Market
) -> None:
    prompt = Errand("market.bring", ApplePicked, market.bring, prompt=True)
    async with orchard(planted, clock, prompt) as context:
        await context.pick("a")
        assert (market.brought, await context.stored()) == (["a"], [])
        await Worker(context.transactions).drain()
        assert (market.brought, await context.stored()) == (["a", "a"], ["a"])
        market.trouble = ValueError("the cart is broken")
        await context.pick("b")  # which is nothing to the publisher
        market.trouble = None
        await Worker(context.transactions).drain()
        assert await context.stored() == ["a", "b"]


def test_an_errand_that_kills_its_process_dies_alone(planted: str, tmp_path: Path) -> None:
    """Neither errands that were under way beside it nor handlers are to blame."""
    for hours in range(4):
        assert run_until_it_dies(planted, "poison", hours=hours, life=_visit_the_fair) == -signal.SIGKILL
    assert run_until_it_dies(planted, "poison", hours=4, life=_visit_the_fair) == 0
    asyncio.run(_check_the_fair(planted))


_NAMES = ("a", "b", "poison", "c", "d")


def _visit_the_fair(url: str, *, hours: int, handled: Callable[[str], None] | None = None) -> None:
    async def visit() -> None:
        clock = FakeClock()
        clock.advance(timedelta(hours=hours))

        async def bring(message: Envelope[ApplePicked]) -> Conclusion:
            await asyncio.sleep(0)
            if message.body.name == "poison":
                os.kill(os.getpid(), signal.SIGKILL)
            await asyncio.sleep(0.02)

            async def note(work: UnitOfWork) -> None:
                await store_apple(message, work)

            return note

        async def store(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
            await store_apple(message, work)
            await asyncio.sleep(0.002)

        errand = Errand("market.bring", ApplePicked, bring)
        async with orchard(url, clock, errand, Subscription("cellar.store", ApplePicked, store)) as context:
            for name in _NAMES:
                await context.pick(name, tree=name, key=name)
            await Worker(context.transactions, options=BUSY).drain()

    with structlog.testing.capture_logs():
        asyncio.run(visit())


async def _check_the_fair(url: str) -> None:
    async with orchard(url, FakeClock()) as context:
        assert sorted(await context.stored()) == sorted([*_NAMES, *(set(_NAMES) - {"poison"})])
        assert await Worker(context.transactions).backlog() == Backlog(waiting=0, dead=1, blocked=0)


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await holds():
            pass


async def _is_leased_until(context: Orchard, instant: object) -> bool:
    async with context.transactions.database.read() as connection:
        return await connection.scalar(select(delivery.c.lease_until)) == instant


async def _columns(context: Orchard) -> tuple[str, int, int]:
    async with context.transactions.database.read() as connection:
        row = (await connection.execute(select(delivery))).one()
        return row.status, row.attempts, row.crashes
