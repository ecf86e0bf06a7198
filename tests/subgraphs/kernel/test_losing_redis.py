"""Two databases of different kinds, three processes, and a Redis that is lost: nothing else is.

A few hundred messages by default; `PLAIT_MESSAGES=3000` has three thousand go, and Redis lost four times.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from itertools import cycle
from multiprocessing import get_context
from time import monotonic
from typing import Final

import pytest
import structlog
from sqlalchemy import func, select

from subgraphs.kernel.adapters.redis_streams import RedisStreamsTransport
from subgraphs.kernel.domain import SystemClock
from subgraphs.kernel.messaging.relay import RelayOptions
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.testing.postgres import TemporaryPostgres
from subgraphs.kernel.testing.redis import TemporaryRedis, redis_program, temporary_redis
from tests.subgraphs.kernel.farm import intake_of, relay_of
from tests.subgraphs.kernel.orchard import STORE, Orchard, orchard, plant, stored

MESSAGES: Final = int(os.environ.get("PLAIT_MESSAGES", "240"))
LOSSES: Final = 4 if MESSAGES > 1000 else 2
TREES: Final = 5


@pytest.fixture
def lossy() -> Iterator[TemporaryRedis]:
    program = redis_program()
    if program is None:
        pytest.skip("there is no redis-server")
    with temporary_redis(program) as server:
        yield server


@pytest.fixture
def cellar(postgres: TemporaryPostgres) -> Iterator[str]:
    name = postgres.create()
    asyncio.run(plant(postgres.url(name)))
    yield postgres.url(name)
    postgres.drop(name)


@pytest.mark.parametrize("planted", ["sqlite"], indirect=True)
def test_every_message_arrives_once_whatever_redis_loses(
    planted: str, cellar: str, lossy: TemporaryRedis
) -> None:
    ways = cycle((lossy.kill, lossy.flush))
    with (
        process(pick_and_relay, planted, lossy.url),
        process(take_in_and_store, cellar, lossy.url),
        process(take_in_and_store, cellar, lossy.url),
    ):
        for loss in range(1, LOSSES + 1):
            asyncio.run(wait_until_there_are(cellar, loss * MESSAGES // (LOSSES + 1)))
            next(ways)()
            if not lossy.is_running:
                lossy.start()
        asyncio.run(wait_until_there_are(cellar, MESSAGES))
    names = asyncio.run(all_stored(cellar))
    assert len(names) == MESSAGES
    for tree in range(TREES):
        of_tree = [name for name in names if int(name.split()[1]) % TREES == tree]
        assert of_tree == [f"apple {number:05}" for number in range(tree, MESSAGES, TREES)]


async def pick_and_relay(source: str, redis: str) -> None:
    transport = RedisStreamsTransport(redis)
    async with orchard(source, SystemClock(), hosted=["orchard"]) as garden, asyncio.TaskGroup() as tasks:
        relay = relay_of(garden.transactions, transport, RelayOptions(batch=20, window=50))
        tasks.create_task(relay.run())
        for number in range(MESSAGES):
            await garden.pick(f"apple {number:05}", tree=f"tree {number % TREES}")


async def take_in_and_store(target: str, redis: str) -> None:
    transport = RedisStreamsTransport(redis)
    async with (
        orchard(target, SystemClock(), STORE, hosted=["cellar"]) as garden,
        asyncio.TaskGroup() as tasks,
    ):
        tasks.create_task(intake_of(garden.transactions, transport).run())
        tasks.create_task(Worker(garden.transactions).run())


@contextmanager
def process(live: Callable[..., Coroutine[object, object, None]], *arguments: str) -> Iterator[None]:
    """Somebody who works until the block ends, and is killed then."""
    child = get_context("fork").Process(target=_live, args=(live, *arguments))
    child.start()
    try:
        yield
        assert child.exitcode is None, f"{live.__name__} has died"
    finally:
        child.kill()
        child.join()


def _live(live: Callable[..., Coroutine[object, object, None]], *arguments: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with structlog.testing.capture_logs():
        asyncio.run(live(*arguments))


async def wait_until_there_are(url: str, count: int) -> None:
    """TimeoutError when they do not come in a minute, or ten of them for thousands."""
    deadline = monotonic() + 60 + MESSAGES / 5
    async with orchard(url, SystemClock()) as garden:
        while (found := await how_many(garden)) < count:
            if monotonic() > deadline:
                raise TimeoutError(f"only {found} of {count} have arrived")
            await asyncio.sleep(0.02)


async def how_many(garden: Orchard) -> int:
    async with garden.transactions.database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(stored)) or 0


async def all_stored(url: str) -> list[str]:
    async with orchard(url, SystemClock()) as garden:
        return await garden.stored()
