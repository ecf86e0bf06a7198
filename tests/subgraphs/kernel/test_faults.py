"""kill -9 at every step: nothing is lost, nothing happens twice."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from subgraphs.kernel.faults import FAULT_POINTS
from subgraphs.kernel.messaging.delivery import Backlog
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.doomed import live
from tests.subgraphs.kernel.orchard import orchard

REPOSITORY = Path(__file__).parents[3]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("step", FAULT_POINTS)
async def test_a_process_may_die_at_any_step(planted: str, step: str, count: int) -> None:
    if (step, count) == ("worker.claimed", 2):
        count = (
            1  # the three messages are one batch; the retries that make up the second are tested by `failed`
        )
    assert await _run_until_it_dies(planted, step, count=count, hours=0) == -signal.SIGKILL
    await live(planted, poison=False, hours=1)
    async with orchard(planted, FakeClock()) as garden:
        assert await garden.picked() == ["apple", "pear", "poison"]
        assert await garden.sequence() == [1, 2, 3]
        assert sorted(await garden.stored()) == ["apple", "pear", "poison"]
        assert await garden.statuses() == ["done", "done", "done"]


async def test_a_message_that_kills_its_worker_dies_alone(planted: str) -> None:
    """Claimed with its neighbours it costs them nothing; then it is tried alone three times, and given up."""
    for hours in range(4):
        assert await _run_until_it_dies(planted, "poison", count=1, hours=hours) == -signal.SIGKILL
    assert await _run_until_it_dies(planted, "poison", count=1, hours=4) == 0
    async with orchard(planted, FakeClock()) as garden:
        assert sorted(await garden.stored()) == ["apple", "pear"]
        assert await garden.statuses() == ["done", "dead", "done"]
        assert await Worker(garden.transactions).backlog() == Backlog(waiting=0, dead=1, blocked=0)


async def _run_until_it_dies(url: str, step: str, *, count: int, hours: int) -> int | None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.subgraphs.kernel.doomed",
        url,
        step,
        str(count),
        str(hours),
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        return await asyncio.wait_for(process.wait(), 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
