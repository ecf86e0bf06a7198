"""A loop that is cancelled ends, whatever it hears at that moment."""

import asyncio
from contextlib import suppress

import pytest

from subgraphs.kernel.messaging.looping import keep_doing
from tests.subgraphs.kernel.orchard import Orchard

pytestmark = pytest.mark.parametrize("planted", ["sqlite"], indirect=True)


@pytest.mark.parametrize("turns", range(5))
async def test_a_loop_that_is_cancelled_with_a_hint_ends(garden: Orchard, turns: int) -> None:
    looked = asyncio.Event()

    async def step() -> int:
        looked.set()
        return 0

    loop = asyncio.create_task(keep_doing(step, garden.transactions))
    await looked.wait()
    await asyncio.sleep(0)
    garden.transactions.hints.give()
    for _ in range(turns):
        await asyncio.sleep(0)
    loop.cancel()
    done, _ = await asyncio.wait({loop}, timeout=60)
    assert done
    assert loop.cancelled()


async def test_a_loop_whose_cancellation_was_swallowed_ends(garden: Orchard) -> None:
    """As a library does which waits with asyncio.wait_for, or a rollback that fails."""
    waits = asyncio.Event()

    async def step() -> int:
        waits.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return 1

    loop = asyncio.create_task(keep_doing(step, garden.transactions))
    await waits.wait()
    loop.cancel()
    done, _ = await asyncio.wait({loop}, timeout=60)
    assert done
