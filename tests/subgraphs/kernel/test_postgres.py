"""What only a server has: other processes that listen, and crashes of its own."""

import asyncio
from datetime import timedelta

import pytest

from subgraphs.kernel.domain import Success
from subgraphs.kernel.messaging.delivery import Backlog
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.postgres import TemporaryPostgres
from tests.subgraphs.kernel.orchard import STORE, Orchard, orchard

pytestmark = pytest.mark.parametrize("planted", ["postgres"], indirect=True)


async def test_another_process_is_told_of_a_commit(planted: str, garden: Orchard, clock: FakeClock) -> None:
    async with orchard(planted, clock, STORE) as other:
        told = asyncio.Event()
        async with other.transactions.database.listening(told.set):
            await garden.pick("a")
            await asyncio.wait_for(told.wait(), 10)


async def test_a_server_that_crashes_and_comes_back_costs_nothing_that_was_answered(
    garden: Orchard, clock: FakeClock, postgres: TemporaryPostgres
) -> None:
    running = asyncio.create_task(Worker(garden.transactions).run())
    for name in "abc":
        assert await garden.pick(name, tree=name, key=name) == Success(name)
    await asyncio.to_thread(postgres.crash)
    for name in "abcd":  # as a client does who is not sure: under the same keys
        assert await garden.pick(name, tree=name, key=name) == Success(name)
    async with asyncio.timeout(20):
        while await Worker(garden.transactions).backlog() != Backlog(waiting=0, dead=0, blocked=0):
            clock.advance(timedelta(seconds=1))  # pauses and leases come to their end
    running.cancel()
    await asyncio.wait({running})
    assert sorted(await garden.stored()) == ["a", "b", "c", "d"]
