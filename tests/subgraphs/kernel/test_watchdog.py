"""A process that stands still is ended, and one that only waits is not."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from multiprocessing import get_context

import pytest

from subgraphs.kernel.running.watchdog import watched

PATIENCE = timedelta(milliseconds=200)


def wait() -> None:
    async def longer_than_that() -> None:
        async with watched(PATIENCE):
            await asyncio.sleep(2 * PATIENCE.total_seconds())

    asyncio.run(longer_than_that())


def stand_still() -> None:
    async def stuck() -> None:
        async with watched(PATIENCE):
            await asyncio.sleep(0)
            re.match("(a+)+b", "a" * 64)  # for longer than the universe will be there

    asyncio.run(stuck())


@pytest.mark.parametrize(("life", "ends_with"), [(wait, 0), (stand_still, 1)])
def test_whoever_stands_still_is_ended(life: Callable[[], None], ends_with: int) -> None:
    process = get_context("fork").Process(target=life)
    process.start()
    process.join(30)
    exit_code = process.exitcode
    process.kill()
    process.join()
    assert exit_code == ends_with
