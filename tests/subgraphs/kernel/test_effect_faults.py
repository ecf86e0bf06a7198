"""kill -9 at every step of an effect: it is done once at the house, and concluded once here."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest
import structlog

from subgraphs.kernel.faults import FAULT_POINTS
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.sagas.record import Status
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.doomed import run_until_it_dies
from tests.subgraphs.kernel.house import House, HouseProvider, open_house
from tests.subgraphs.kernel.till import till

STEPS = [step for step in FAULT_POINTS if step.startswith(("effect.", "errand.", "worker.postponed"))]
SALES = {"well": "well", "lost": "lost", "declined": "declined", "busy": "busy busy busy", "twice": "twice"}

_OPTIONS = WorkerOptions(
    retry=RetryPolicy(crashes=len(STEPS) * 3),
    lease=timedelta(seconds=30),
    heartbeat=timedelta(milliseconds=1),
)


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.mark.parametrize("step", STEPS)
def test_a_process_may_die_at_any_step_of_an_effect(installed: str, house: House, step: str) -> None:
    life = partial(live, house=house)
    assert run_until_it_dies(installed, step, life=life) == -signal.SIGKILL
    live(installed, hours=1, house=house)
    asyncio.run(_check(installed, house))


def test_a_process_may_die_again_and_again(installed: str, house: House) -> None:
    """At each step of an effect, early on and later."""
    steps = [(step, count) for step in STEPS for count in (1, 4)]
    for hour, (step, count) in enumerate(steps):
        run_until_it_dies(installed, step, hours=hour, times=count, life=partial(live, house=house))
    live(installed, hours=len(steps), house=house)
    asyncio.run(_check(installed, house))


def live(url: str, *, hours: int, handled: Callable[[str], None] | None = None, house: House) -> None:
    """Sell what is not sold, and work until all is paid, and paid back."""
    with structlog.testing.capture_logs():
        asyncio.run(_live(url, hours, house))


async def _live(url: str, hours: int, house: House) -> None:
    clock = FakeClock()
    clock.advance(timedelta(hours=hours))
    async with till(url, clock, HouseProvider(house.port), HouseProvider(house.port, "refunds")) as context:
        worker = Worker(context.transactions, options=_OPTIONS)
        for name, payer in SALES.items():
            await context.sell(name, payer)
        for _ in range(4):
            await worker.drain()
            clock.advance(timedelta(minutes=5))


async def _check(url: str, house: House) -> None:
    keys = [entry["key"] for entry in house.entries()]
    paid = sorted(name for name in SALES if name != "declined")
    assert sorted(keys) == [f"till.{kind}:{name}" for kind in ("charge", "refund") for name in paid]
    async with till(url, FakeClock(), HouseProvider(house.port), HouseProvider(house.port)) as context:
        assert await Worker(context.transactions).backlog() == Backlog(waiting=0, dead=0, blocked=0)
        assert dict(await context.answers()) == {"declined": "NO_MONEY"} | dict.fromkeys(paid, "charged")
        assert len(await context.answers()) == len(SALES)
        assert {await context.returned(name) for name in paid} == {Status.COMPLETED}
        assert await context.returned("declined") is None
