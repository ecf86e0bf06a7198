"""kill -9 at every step of a read model's life: it is the fold of its logs, whatever happens."""

import asyncio
import signal
from collections.abc import Callable
from datetime import timedelta

import pytest
import structlog

from subgraphs.kernel.faults import FAULT_POINTS
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.balances import POISON, Counter, balances, counter
from tests.subgraphs.kernel.doomed import run_until_it_dies
from tests.subgraphs.kernel.orchard import NOBODY

STEPS = [step for step in FAULT_POINTS if step.startswith(("projection.", "sequencer."))]
ACCOUNTS = {"a": (1, 2, 3, 4), "b": (10, POISON, 20, 30)}


@pytest.mark.parametrize("step", STEPS)
def test_a_process_may_die_at_any_step_of_a_read_model(opened: str, step: str) -> None:
    assert run_until_it_dies(opened, step, life=live) == -signal.SIGKILL
    live(opened, hours=1)
    asyncio.run(_check(opened))


def test_a_process_may_die_again_and_again(opened: str) -> None:
    for hour, step in enumerate(STEPS):
        run_until_it_dies(opened, step, hours=hour, times=1 + 2 * (hour % 2), life=live)
    live(opened, hours=len(STEPS))
    asyncio.run(_check(opened))


def live(url: str, *, hours: int, handled: Callable[[str], None] | None = None) -> None:
    """Pay in what is not paid in yet, get past the poison, and have all of it built anew as version 2."""
    with structlog.testing.capture_logs():
        asyncio.run(_live(url, hours))


async def _live(url: str, hours: int) -> None:
    clock = FakeClock()
    clock.advance(timedelta(hours=hours))
    async with counter(url, clock, batch=2) as bank, counter(url, clock, balances(2), batch=2) as newer:
        for account, amounts in ACCOUNTS.items():
            await bank.open_with(account, *amounts)
        for one in (bank, newer):
            for _ in range(2):
                await one.project()
                await one.projections.skip("bank.balances", NOBODY, reason="bad luck")
            await one.project()
        await newer.projections.drop_old("bank.balances", NOBODY)


async def _check(url: str) -> None:
    async with counter(url, FakeClock(), balances(2)) as bank:
        assert await bank.statuses() == [(2, "live")]
        [status] = await bank.status()
        assert status.stopped is None
        assert status.entries_behind == 0
        await check_fold(bank)


async def check_fold(bank: Counter) -> None:
    """The read model is what its log says, each entry once, in its order; but what was skipped."""
    logged = [entry for entry in await bank.logged() if not entry.endswith(f" {POISON}")]
    assert sorted(logged) == sorted(
        f"{name} {amount}" for name, all_ in ACCOUNTS.items() for amount in all_ if amount != POISON
    )
    assert await bank.lines() == logged
    board = {name: sum(all_) - (POISON if POISON in all_ else 0) for name, all_ in ACCOUNTS.items()}
    assert await bank.board() == board
