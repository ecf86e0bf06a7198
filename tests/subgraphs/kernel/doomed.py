"""A process that kills itself at a step: three apples are picked and stored, and money is put by for each.

It goes through every step of the kernel: commands under idempotency keys, an event-sourced aggregate with
snapshots, messages, a timer, failures and retries, a dead letter, numbering. Whoever runs it to its end after
any number of deaths finds the same as after none.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from typing import Protocol

import structlog

from subgraphs.kernel.domain import Money
from subgraphs.kernel.faults import FAULT_POINTS, watch_fault_points
from subgraphs.kernel.messaging.dead_letters import DeadLetters
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.store.event_sourcing import SNAPSHOT_EVERY, EventSourcedRepository
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.bank import EUR, Account, AccountId, open_bank
from tests.subgraphs.kernel.orchard import NOBODY, ApplePicked, orchard, store_apple

BANK = open_bank()
ACCOUNTS = EventSourcedRepository(BANK, Account)
SAVINGS = AccountId("savings")
PAYMENTS_PER_APPLE = SNAPSHOT_EVERY // 2  # so that the second apple makes a snapshot

_POISON_OPTIONS = WorkerOptions(
    retry=RetryPolicy(base=timedelta(0)),
    lease=timedelta(seconds=30),
    heartbeat=timedelta(0),  # at every turn of the loop, so that leases are extended in every batch
)
_OPTIONS = replace(_POISON_OPTIONS, retry=RetryPolicy(base=timedelta(0), crashes=len(FAULT_POINTS)))


class Life(Protocol):
    """What a process does until it dies. `hours` is how late it is; `handled` is told what is handled."""

    def __call__(self, url: str, *, hours: int, handled: Callable[[str], None] | None = None) -> None: ...


def run_until_it_dies(
    url: str, step: str, *, hours: int = 0, times: int = 1, life: Life | None = None
) -> int | None:
    """Live in a process of its own, which dies when it reaches the step so many times; its exit code."""
    process = get_context("fork").Process(target=_live_until, args=(url, step, hours, times, life or live))
    process.start()
    process.join(60)
    if process.is_alive():
        process.kill()
        process.join()
        raise TimeoutError(f"it neither died at {step} nor came to an end")
    return process.exitcode


def live(url: str, *, hours: int, handled: Callable[[str], None] | None = None) -> None:
    """Pick what is not picked yet, store what is not stored yet. Each handler fails once in every process."""
    with structlog.testing.capture_logs():  # to write out every failure takes longer than all the rest
        asyncio.run(_live(url, hours, handled))


async def _live(url: str, hours: int, handled: Callable[[str], None] | None) -> None:
    failed: set[str] = set()
    clock = FakeClock()
    clock.advance(timedelta(hours=hours))

    async def store(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        name = message.body.name
        if name == "rotten":
            raise ValueError("nobody can store this")
        await store_apple(message, work)
        if handled:
            handled(name)
        elif name not in failed:
            failed.add(name)
            raise ValueError("drop it once")
        account = await ACCOUNTS.find(work.connection, SAVINGS) or Account(id=SAVINGS)
        for _ in range(PAYMENTS_PER_APPLE):
            account.deposit(Money(1, EUR))
        await ACCOUNTS.save(work, account)
        if not name.startswith("more "):
            apple = ApplePicked(f"more {name}")
            work.send(apple, to="cellar.store", key=message.key, after=timedelta(minutes=1))

    async with orchard(url, clock, Subscription("cellar.store", ApplePicked, store)) as garden:
        for name in ("apple", "poison", "pear", "rotten"):
            await garden.pick(name, tree=name, key=name)
        options = _POISON_OPTIONS if handled else _OPTIONS
        worker, sequencer = Worker(garden.transactions, options=options), Sequencer(garden.transactions)
        for _ in range(2):
            await worker.drain()
            await sequencer.step()
            clock.advance(timedelta(minutes=2))
        letters = DeadLetters(garden.transactions)
        for letter in await letters.page():
            if letter.key == "rotten":
                await letters.discard(letter.id, NOBODY, reason="it is rotten")


def _live_until(url: str, step: str, hours: int, times: int, life: Life) -> None:
    left = times

    def reached(name: str) -> None:
        nonlocal left
        left -= name == step
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    watch_fault_points(reached)
    life(url, hours=hours, handled=reached if step == "poison" else None)
