"""A process that kills itself: `python -m tests.subgraphs.kernel.doomed URL STEP COUNT HOURS`.

It picks three apples, stores them in the cellar, and dies when it reaches STEP for the COUNTth time; STEP may
be a fault point or `poison`, the handling of the apple of that name. HOURS is how late it is.
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta

from subgraphs.kernel.faults import watch_fault_points
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import ApplePicked, orchard, store_apple

OPTIONS = WorkerOptions(retry=RetryPolicy(base=timedelta(0)), lease=timedelta(seconds=30))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Countdown:
    """Dies at the last of so many visits to one step."""

    def __init__(self, step: str, count: int) -> None:
        self._step = step
        self._left = count

    def __call__(self, name: str) -> None:
        if name == self._step:
            self._left -= 1
            if self._left == 0:
                die()


async def live(url: str, *, poison: bool, hours: int) -> None:
    """Pick what is not picked yet, store what is not stored yet. Each handler fails once in every process."""
    failed: set[str] = set()
    clock = FakeClock()
    clock.advance(timedelta(hours=hours))

    async def store(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        name = message.body.name
        await store_apple(message, work)
        if poison and name == "poison":
            die()
        if not poison and name not in failed:
            failed.add(name)
            raise ValueError("drop it once")

    async with orchard(url, clock, Subscription("cellar.store", ApplePicked, store)) as garden:
        for name in ("apple", "poison", "pear"):
            await garden.pick(name, tree=name, key=name)
        await Worker(garden.transactions, options=OPTIONS).drain()


if __name__ == "__main__":
    watch_fault_points(Countdown(sys.argv[2], int(sys.argv[3])))
    asyncio.run(live(sys.argv[1], poison=sys.argv[2] == "poison", hours=int(sys.argv[4])))
