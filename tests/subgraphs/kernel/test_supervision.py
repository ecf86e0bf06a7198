"""Loops that die come back; a process that is told to stop leaves nothing half done."""

import asyncio
import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click import ClickException
from sqlalchemy import func, select

from plait_dev.data_dir import claimed
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.running.loops import Loop, Role
from subgraphs.kernel.running.sole_use import InUseError, kept, sole_use
from subgraphs.kernel.running.supervision import Supervision, supervised
from subgraphs.kernel.store.hints import Hints
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.telemetry.instruments import REGISTRY
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import ApplePicked, orchard, store_apple

AT_ONCE = Supervision(restarts=RetryPolicy(base=timedelta()))
HASTY = Supervision(patience=timedelta())


def restarts(loop: str) -> float:
    return REGISTRY.get_sample_value("plait_loop_restarts_total", {"loop": loop}) or 0.0


def unexpected() -> None:
    raise AssertionError("everything has ended in time")


async def test_a_loop_that_dies_is_started_again_and_counted(quiet: None) -> None:
    hints, runs, others = Hints(), 0, asyncio.Event()
    fourth = asyncio.Event()

    async def fragile() -> None:
        nonlocal runs
        runs += 1
        if runs < 3:
            raise RuntimeError("a bug")
        if runs == 3:
            raise asyncio.CancelledError  # of something that it waited for
        fourth.set()
        await hints.pause(60)

    async def steady() -> None:
        await fourth.wait()
        others.set()

    before = restarts("fragile")
    loops = [Loop("fragile", Role.WORKER, fragile), Loop("steady", Role.WORKER, steady)]
    async with supervised(loops, hints, AT_ONCE, abandon=unexpected), asyncio.timeout(60):
        await others.wait()
    assert restarts("fragile") == before + 3
    assert hints.is_stopping


class Slow:
    """A consumer that takes until it is allowed to end."""

    def __init__(self) -> None:
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()

    async def store(self, message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        await store_apple(message, work)
        self.begun.set()
        await self.may_end.wait()

    @property
    def subscription(self) -> Subscription[ApplePicked]:
        return Subscription("cellar.store", ApplePicked, self.store)


async def test_the_message_in_hand_is_finished_and_the_others_are_given_back(
    planted: str, clock: FakeClock
) -> None:
    slow = Slow()
    async with orchard(planted, clock, slow.subscription) as garden:
        for name in "abc":
            await garden.pick(name, tree=name)
        worker, hints = Worker(garden.transactions), garden.transactions.hints
        loops = [Loop("worker", Role.WORKER, worker.run)]
        async with supervised(loops, hints, abandon=unexpected), asyncio.timeout(60):
            await slow.begun.wait()
            asyncio.get_running_loop().call_soon(slow.may_end.set)  # only once it is told to stop
        assert await garden.stored() == ["a"]
        assert await garden.statuses() == ["done", "ready", "ready"]


async def test_who_does_not_finish_in_time_is_cancelled_and_gives_everything_back(
    planted: str, clock: FakeClock, quiet: None
) -> None:
    slow = Slow()
    async with orchard(planted, clock, slow.subscription) as garden:
        for name in "ab":
            await garden.pick(name, tree=name)
        worker, hints = Worker(garden.transactions), garden.transactions.hints
        loops, database = [Loop("worker", Role.WORKER, worker.run)], garden.transactions.database
        async with supervised(loops, hints, HASTY, abandon=database.abandon), asyncio.timeout(60):
            await slow.begun.wait()
        assert await garden.stored() == []
        assert await garden.statuses() == ["ready", "ready"]


@pytest.mark.parametrize("planted", ["postgres"], indirect=True)
async def test_a_database_that_hangs_holds_nobody_up(planted: str, clock: FakeClock, quiet: None) -> None:
    """As a machine does that is gone: not even a rollback is answered."""
    hung, stopped = asyncio.Event(), list[Any]()
    async with orchard(planted, clock) as garden:
        database, hints = garden.transactions.database, garden.transactions.hints

        async def wait() -> None:
            async with database.transaction() as connection:
                stopped.append(await connection.scalar(select(func.pg_backend_pid())))
                os.kill(stopped[0], signal.SIGSTOP)
                hung.set()
                await asyncio.Event().wait()

        try:
            async with asyncio.timeout(120):
                loops = [Loop("worker", Role.WORKER, wait)]
                async with supervised(loops, hints, HASTY, abandon=database.abandon):
                    await hung.wait()
        finally:
            os.kill(stopped[0], signal.SIGCONT)


async def test_a_worker_of_some_contexts_leaves_the_messages_of_others(
    planted: str, clock: FakeClock
) -> None:
    kitchen = Subscription("kitchen.bake", ApplePicked, store_apple)
    cellar = Subscription("cellar.store", ApplePicked, store_apple)
    async with orchard(planted, clock, cellar, kitchen) as garden:
        await garden.pick("a")
        left = await Worker(garden.transactions, contexts={"kitchen"}).drain()
        assert left.waiting == 1
        assert sorted(await garden.statuses()) == ["done", "ready"]


def test_a_file_has_one_worker_at_a_time(tmp_path: Path) -> None:
    database = tmp_path / "platform.db"
    message = r"process \d+ works on .*platform.db"
    with sole_use(database), pytest.raises(InUseError, match=message), sole_use(database):
        pass
    with sole_use(database):
        pass


def test_a_folder_in_use_is_claimed_by_nobody_and_one_that_is_claimed_is_used_by_nobody(
    tmp_path: Path,
) -> None:
    with kept(tmp_path), kept(tmp_path):
        message = "the data folder .* is in use by another plait"
        with pytest.raises(ClickException, match=message), claimed(tmp_path, reset=True):
            pass
    with claimed(tmp_path, reset=False), pytest.raises(InUseError, match=message), kept(tmp_path):
        pass
