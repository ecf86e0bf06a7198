"""A connection that is cut at any statement: what was not committed is done again, and nobody hears of it.

A real server ends the process of a connection at every statement in turn, commits included, before the driver
can read of it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from random import Random
from time import monotonic
from typing import Final

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.buses import QueryBus
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.patience import Patience
from subgraphs.kernel.application.policies import anyone
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.store.lost import (
    CommitUnknownError,
    ConnectionLostError,
    DatabaseBusyError,
    DatabaseUnavailableError,
)
from subgraphs.kernel.store.tables import delivery
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.postgres import TemporaryPostgres
from tests.subgraphs.kernel.balances import counter
from tests.subgraphs.kernel.orchard import ALREADY_PICKED, NOBODY, Orchard, PickApple, picked
from tests.subgraphs.kernel.scissors import COMMIT, cutting, end_process

pytestmark = pytest.mark.usefixtures("quiet")

on_postgres = pytest.mark.parametrize("planted", ["postgres"], indirect=True)

NOTHING_LEFT: Final = Backlog(0, 0, 0)
ALL_AT_ONCE: Final = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname LIKE 'test%'"


async def everywhere(
    server: TemporaryPostgres, act: Callable[[int], Awaitable[None]]
) -> AsyncIterator[tuple[int, str]]:
    """Act with the connection cut at each statement in turn, until there is none left to be cut at. Yields
    where it was cut, once it is done."""
    for place in range(100):
        with cutting(server, place) as scissors:
            await act(place)
        if scissors.cut is None:
            return
        yield place, scissors.cut
    raise AssertionError("there is no end to it")


@on_postgres
async def test_a_command_under_a_key_is_done_once_and_answered(
    garden: Orchard, postgres: TemporaryPostgres
) -> None:
    async def pick(place: int) -> None:
        assert await garden.pick(str(place), tree=str(place), key=str(place)) == Success(str(place))

    cuts = [cut async for _, cut in everywhere(postgres, pick)]
    assert cuts.count(COMMIT) == 1
    assert len(cuts) >= 6
    assert len(await garden.picked()) == len(await garden.statuses()) == len(cuts) + 1


@on_postgres
async def test_a_command_without_a_key_is_not_repeated_when_its_commit_may_have_happened(
    garden: Orchard, postgres: TemporaryPostgres
) -> None:
    unknown: list[int] = []

    async def pick(place: int) -> None:
        try:
            assert await garden.pick(str(place), tree=str(place)) == Success(str(place))
        except CommitUnknownError:
            unknown.append(place)

    cuts = dict([cut async for cut in everywhere(postgres, pick)])
    assert [cuts[place] for place in unknown] == [COMMIT]
    assert len(await garden.picked()) == len(cuts)


@on_postgres
async def test_a_refusal_is_answered_though_nothing_can_be_rolled_back(
    garden: Orchard, postgres: TemporaryPostgres
) -> None:
    await garden.pick("a")

    async def pick(_: int) -> None:
        assert await garden.pick("a") == Failure(ALREADY_PICKED)

    assert len([cut async for cut in everywhere(postgres, pick)]) >= 1


@on_postgres
async def test_all_connections_cut_at_once_cost_nobody_an_error(
    garden: Orchard, postgres: TemporaryPostgres
) -> None:
    """More of them than a command is tried again: who has seen one end asks the others first."""
    names = [str(number) for number in range(8)]
    await asyncio.gather(*(garden.pick(name, tree=name) for name in names))
    end_process(postgres, ALL_AT_ONCE)
    results = await asyncio.gather(*(garden.pick(f"{name}!", tree=name, key=name) for name in names))
    assert results == [Success(f"{name}!") for name in names]


@on_postgres
async def test_a_message_is_handled_once_and_is_not_to_blame(
    garden: Orchard, clock: FakeClock, postgres: TemporaryPostgres
) -> None:
    async def handle(place: int) -> None:
        await garden.pick(str(place), tree=str(place))
        with cutting(postgres, place) as scissors:
            worker = Worker(garden.transactions)
            try:
                await worker.step()
            except (DatabaseUnavailableError, CommitUnknownError):
                clock.advance(WorkerOptions().lease)
        clock.advance(WorkerOptions().lease)
        assert await worker.drain() == NOTHING_LEFT
        cuts.append(scissors.cut)

    cuts: list[str | None] = []
    while not cuts or cuts[-1] is not None:
        await handle(len(cuts))
    assert cuts.count(COMMIT) == 2  # of the claim, and of what the handler has done
    assert sorted(await garden.stored()) == sorted(str(place) for place in range(len(cuts)))
    async with garden.transactions.database.read() as connection:
        assert set(await connection.scalars(select(delivery.c.attempts))) == {0}


@dataclass(frozen=True, slots=True)
class Picked(Query[list[str]]):
    pass


async def all_picked(_: Picked, connection: AsyncConnection, __: RequestContext) -> list[str]:
    return list(await connection.scalars(select(picked.c.name)))


@on_postgres
async def test_a_query_is_asked_again(garden: Orchard, postgres: TemporaryPostgres) -> None:
    await garden.pick("a")
    queries = QueryBus(garden.transactions.database)
    queries.register(Picked, all_picked, allow=anyone)

    async def ask(_: int) -> None:
        assert await queries.ask(Picked(), NOBODY) == ["a"]

    assert len([cut async for cut in everywhere(postgres, ask)]) >= 1


@on_postgres
async def test_a_server_that_stays_away_is_an_error_of_its_own(
    garden: Orchard, postgres: TemporaryPostgres
) -> None:
    await garden.pick("a")
    await asyncio.to_thread(postgres.stop)
    try:
        with pytest.raises(DatabaseUnavailableError):
            await garden.pick("b")
        with pytest.raises(DatabaseUnavailableError):
            await garden.picked()
    finally:
        await asyncio.to_thread(postgres.start)
    assert await garden.pick("b") == Success("b")


@on_postgres
async def test_who_has_patience_hears_nothing_of_a_restart(
    garden: Orchard, postgres: TemporaryPostgres
) -> None:
    """Nor do the many who ask meanwhile, and are answered once the server is back."""
    await garden.pick("a")
    queries = QueryBus(garden.transactions.database)
    queries.register(Picked, all_picked, allow=anyone)
    patient = replace(NOBODY, deadline=monotonic() + 60)
    await asyncio.to_thread(postgres.stop)
    picking = [
        asyncio.create_task(
            garden.commands.execute(PickApple(name, name), replace(patient, idempotency_key=name))
        )
        for name in "bcdef"
    ]
    asking = asyncio.create_task(queries.ask(Picked(), patient))
    await asyncio.to_thread(postgres.start)
    assert await asyncio.gather(*picking) == [Success(name) for name in "bcdef"]
    assert "a" in await asking
    assert await garden.picked() == list("abcdef")


async def test_patience_ends_with_the_deadline() -> None:
    pauses: list[float] = []
    now = 100.0

    async def sleep(seconds: float) -> None:
        nonlocal now
        pauses.append(seconds)
        now += seconds

    async def losses(deadline: float | None, error: Exception) -> int:
        pauses.clear()
        patience, count = Patience(deadline, Longest(), sleep, lambda: now), 1
        while await patience.outlasts(error):
            count += 1
        return count

    lost = ConnectionLostError("cut")
    assert (await losses(None, lost), pauses) == (3, [0.04, 0.08])
    assert (await losses(now - 1, lost), pauses) == (3, [0.04, 0.08])
    assert (await losses(now + 2, lost), sum(pauses) < 2) == (7, True)
    assert max(pauses) == 0.5
    assert (await losses(now + 2, DatabaseBusyError("waited")), pauses) == (1, [])


class Longest(Random):
    """Jitter that is always the whole pause."""

    def uniform(self, a: float, b: float) -> float:
        return b


@pytest.mark.parametrize("opened", ["postgres"], indirect=True)
async def test_a_read_model_does_not_take_it_for_poison(
    opened: str, clock: FakeClock, postgres: TemporaryPostgres
) -> None:
    """However often: the event is cut off in its batch, and again when it is applied alone."""

    def is_journal(statement: str) -> bool:
        return "bank_journal" in statement

    async with counter(opened, clock) as bank:
        await bank.deposit("a", 1, 2)
        await bank.number()
        for _ in range(3):
            with cutting(postgres, 0, is_journal) as scissors, pytest.raises(DatabaseUnavailableError):
                await bank.projector.step()
            assert scissors.cut is not None
        [status] = await bank.status()
        assert status.stopped is None
        await bank.projector.drain()
        assert await bank.lines() == ["a 1", "a 2"]
