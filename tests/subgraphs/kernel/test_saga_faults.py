"""kill -9 at every step of a saga: each ends, and money and goods are accounted for."""

import asyncio
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import structlog

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.faults import FAULT_POINTS
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.sagas.record import Status
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.doomed import run_until_it_dies
from tests.subgraphs.kernel.shop import ORDER, Handler, Shop, shop

STEPS = [step for step in FAULT_POINTS if step.startswith(("saga.", "transaction."))]
ORDERS = {
    "well": ("rich", "home", {Status.COMPLETED, Status.FAILED}),
    "declined": ("poor", "home", {Status.FAILED}),
    "returned": ("rich", "nowhere", {Status.FAILED}),
    "late": ("late", "home", {Status.FAILED}),
    "whim": ("slow", "home", {Status.CANCELLED}),
}
"""Customer, address, and how it may end: a day after a death, what was under way is late."""

_OPTIONS = WorkerOptions(retry=RetryPolicy(base=timedelta(0), crashes=len(STEPS)))


@pytest.mark.parametrize("step", STEPS)
def test_a_process_may_die_at_any_step_of_a_saga(built: str, step: str) -> None:
    assert run_until_it_dies(built, step, life=live) == -signal.SIGKILL
    live(built, hours=24)
    asyncio.run(_check(built))


def test_a_process_may_die_again_and_again(built: str) -> None:
    """At each step of a saga, early on and later."""
    steps = [(step, count) for step in STEPS if step.startswith("saga.") for count in (2, 5, 9)]
    for day, (step, count) in enumerate(steps):
        run_until_it_dies(built, step, hours=24 * day, times=count, life=live)
    live(built, hours=24 * len(steps))
    asyncio.run(_check(built))


def live(url: str, *, hours: int, handled: Callable[[str], None] | None = None) -> None:
    """Place what is not placed, cancel one order, and work until all have ended."""
    with structlog.testing.capture_logs():
        asyncio.run(_live(url, hours))


async def _live(url: str, hours: int) -> None:
    clock = FakeClock()
    clock.advance(timedelta(hours=hours))
    async with shop(url, clock, hindered=_failing_once()) as context:
        worker = Worker(context.transactions, options=_OPTIONS)
        for order_id, (customer, address, _) in ORDERS.items():
            await context.place(order_id, customer, address)
        await _cancel(context)  # before its timer in hand runs out, if it was begun in an earlier life
        await worker.drain()
        await _cancel(context)
        for _ in range(14):
            await worker.drain()
            clock.advance(timedelta(minutes=5))
        await worker.drain()


async def _cancel(context: Shop) -> None:
    await context.sagas.cancel(ORDER.id_of("whim"), RequestContext(None, "correlation"), reason="a whim")


def _failing_once() -> Callable[[Handler], Handler]:
    failed: set[str] = set()

    def hindered(handler: Handler) -> Handler:
        async def handle(message: Envelope[Any], work: UnitOfWork) -> None:
            await handler(message, work)
            if message.body.type not in failed:
                failed.add(message.body.type)
                raise ValueError("drop it once")

        return handle

    return hindered


async def _check(url: str) -> None:
    async with shop(url, FakeClock()) as context:
        assert await Worker(context.transactions).backlog() == Backlog(0, 0, 0)
        orders = await context.orders()
        assert orders.keys() == ORDERS.keys()
        assert {id_: how for id_, how in orders.items() if how not in ORDERS[id_][2]} == {}
        await context.check_books()
