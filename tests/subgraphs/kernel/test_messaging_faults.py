"""kill -9 at every step between two databases, of a rolling deploy, a replay and a question."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest
import structlog
from sqlalchemy import insert, select

from subgraphs.kernel.faults import FAULT_POINTS
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.epochs import read_lineage
from subgraphs.kernel.messaging.history import Selection
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.memory import MemoryTransport
from subgraphs.kernel.messaging.questions import Questions
from subgraphs.kernel.messaging.replay import replay
from subgraphs.kernel.messaging.requests import Request
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.store.tables import intake
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.doomed import run_until_it_dies
from tests.subgraphs.kernel.farm import Farm, farm
from tests.subgraphs.kernel.orchard import NOBODY, STORE, ApplePicked, orchard, stored

STEPS = [
    step
    for step in FAULT_POINTS
    if step.startswith(("unknown.", "epoch.", "relay.", "intake.", "question.", "replay."))
]
ONCE = ("epoch.begun", "intake.asked", "relay.answered", "unknown.set_aside")  # whatever happens afterwards
OPTIONS = WorkerOptions(retry=RetryPolicy(base=timedelta(0), crashes=len(STEPS)))


@dataclass(frozen=True, slots=True)
class PearPicked(IntegrationEvent):
    type: ClassVar[str] = "orchard.pear_picked"
    name: str


@dataclass(frozen=True, slots=True)
class Count(IntegrationEvent):
    type: ClassVar[str] = "cellar.count"
    apples: int


@dataclass(frozen=True, slots=True)
class CountApples(Request[Count]):
    type: ClassVar[str] = "cellar.count_apples"


async def store_pear(message: Envelope[PearPicked], work: UnitOfWork) -> None:
    await work.connection.execute(insert(stored).values(name=message.body.name))


async def label(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
    await work.connection.execute(insert(stored).values(name=f"label of {message.body.name}"))


async def count(message: Envelope[CountApples], work: UnitOfWork) -> None:
    rows = await work.connection.scalars(select(stored.c.name))
    work.reply(message, Count(len(list(rows))))


NEWER: tuple[Subscription[Any], ...] = (
    Subscription("cellar.store", PearPicked, store_pear),
    Subscription("cellar.label", ApplePicked, label),
    Subscription("cellar.count", CountApples, count),
)


@pytest.mark.parametrize("planted", ["sqlite"], indirect=True)
@pytest.mark.parametrize("step", STEPS)
def test_a_process_may_die_at_any_step(planted: str, step: str) -> None:
    """That it dies says that the step is reached."""
    assert run_until_it_dies(planted, step, life=live) == -signal.SIGKILL
    live(planted, hours=1)
    asyncio.run(_check(planted, hours=1))


@pytest.mark.parametrize("planted", ["postgres"], indirect=True)
def test_a_process_may_die_again_and_again(planted: str) -> None:
    for hour, step in enumerate((*ONCE, *(step for step in STEPS if step not in ONCE))):
        assert run_until_it_dies(planted, step, hours=hour, life=live) == -signal.SIGKILL
    live(planted, hours=len(STEPS))
    asyncio.run(_check(planted, hours=len(STEPS)))


def live(url: str, *, hours: int, handled: Callable[[str], None] | None = None) -> None:
    """Pick what is not picked, bring it to the cellar, and then do so with a newer program.

    Each hour there is one apple more. The transport dies with the process, and once before.
    """
    with structlog.testing.capture_logs():
        asyncio.run(_live(url, hours))


async def _live(url: str, hours: int) -> None:
    clock = FakeClock()
    clock.advance(timedelta(hours=hours))
    transport = MemoryTransport(length=2)
    async with farm(url, url, clock, transport, STORE) as older:
        for name in apples(hours):
            await older.orchard.pick(name, key=name)
        async with older.orchard.transactions.begin("orchard", NOBODY) as work:
            work.send(PearPicked("pear"), to="cellar.store", key="pears", message_id="pear")
        await older.relay.step()
        await older.relay.step()
        await transport.close()
        await older.settle(OPTIONS)
    async with farm(url, url, clock, transport, STORE) as newer:
        newer.cellar.transactions.subscriptions.add(*NEWER)
        await replay(newer.cellar.transactions, "cellar.label", Selection("orchard"), NOBODY, batch=3)
        await newer.settle(OPTIONS)
        assert (await _ask(newer)).apples > 0


async def _ask(site: Farm) -> Count:
    questions = Questions("cellar", site.cellar.transactions, [CountApples])
    site.cellar.transactions.subscriptions.add(*questions.subscriptions)
    asking = asyncio.create_task(
        questions.ask(
            CountApples(), to="cellar.count", key="k", request=NOBODY, deadline=timedelta(seconds=30)
        )
    )
    while not asking.done():
        await site.work(OPTIONS)
        await asyncio.sleep(0.001)
    while await site.work(OPTIONS):
        pass
    return await asking


def apples(hours: int) -> list[str]:
    return [f"apple {number}" for number in range(4 + hours)]


async def _check(url: str, *, hours: int) -> None:
    """All is stored once, and labelled once; nothing waits; the order of the orchard is whole."""
    async with orchard(url, FakeClock()) as garden:
        names, picked = await garden.stored(), apples(hours)
        assert sorted(names) == sorted([*picked, *(f"label of {name}" for name in picked), "pear"])
        assert [name for name in names if name.startswith("apple")] == picked
        assert await Worker(garden.transactions).backlog() == Backlog(0, 0, 0)
        assert set(await garden.statuses()) == {"done"}
        async with garden.transactions.database.read() as connection:
            assert await connection.scalar(select(intake.c.next_seq)) == len(picked) + 2
            assert len(await read_lineage(connection, "orchard")) == 1
