"""kill -9 at every step: nothing is lost, nothing happens twice."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from subgraphs.kernel.domain import Money
from subgraphs.kernel.faults import FAULT_POINTS
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.store.sequence import number_rows
from subgraphs.kernel.store.tables import audit, delivery, event, outbox
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.bank import EUR
from tests.subgraphs.kernel.doomed import ACCOUNTS, BANK, PAYMENTS_PER_APPLE, SAVINGS, live, run_until_it_dies
from tests.subgraphs.kernel.orchard import Orchard, orchard

APPLES = ["apple", "pear", "poison"]
STORED = sorted([*APPLES, *(f"more {name}" for name in APPLES)])


# Those have tests of their own.
_ELSEWHERE = (
    *("saga.", "projection.", "effect.", "errand.", "worker.postponed", "cache."),
    *("unknown.", "epoch.", "relay.", "intake.", "question.", "replay."),
)
_STEPS = [step for step in FAULT_POINTS if not step.startswith(_ELSEWHERE)]


@pytest.mark.parametrize("step", _STEPS)
def test_a_process_may_die_at_any_step(planted: str, step: str) -> None:
    """That it dies says that the step is reached: a point which nothing passes any more fails here."""
    assert run_until_it_dies(planted, step) == -signal.SIGKILL
    live(planted, hours=1)
    asyncio.run(_with_garden(planted, _check))


def test_a_process_may_die_again_and_again(planted: str) -> None:
    for hour, step in enumerate(_STEPS):
        run_until_it_dies(planted, step, hours=hour)
    live(planted, hours=len(_STEPS))
    asyncio.run(_with_garden(planted, _check))


def test_a_message_that_kills_its_worker_dies_alone(planted: str) -> None:
    """Claimed with its neighbours it costs them nothing; then it is tried alone three times, and given up."""
    for hours in range(4):
        assert run_until_it_dies(planted, "poison", hours=hours) == -signal.SIGKILL
    assert run_until_it_dies(planted, "poison", hours=4) == 0
    asyncio.run(_with_garden(planted, _check_that_poison_is_dead))


async def _check(garden: Orchard) -> None:
    """What holds after any death: every command, message and timer took effect once, and is in order."""
    assert await garden.picked() == [*APPLES, "rotten"]
    assert await garden.sequence() == [1, 2, 3, 4]
    assert sorted(await garden.stored()) == STORED
    assert sorted(await garden.statuses()) == ["done"] * len(STORED) + ["dropped"]
    async with garden.transactions.database.transaction() as connection:
        while await number_rows(connection, event):
            pass
        events = PAYMENTS_PER_APPLE * len(STORED)
        logged = await BANK.read_log(connection, limit=events + 1)
        account = await ACCOUNTS.find(connection, SAVINGS)
        from_the_beginning = await ACCOUNTS.find_as_of(connection, SAVINGS, events)
        published = select(outbox.c.message_id)
        delivered = select(delivery.c.message_id)
        assert len((await connection.execute(select(audit))).all()) == 1
        lost = await connection.scalars(published.where(outbox.c.message_id.not_in(delivered)))
        assert list(lost) == []
    assert (
        [one.seq for one in logged] == [one.recorded.version for one in logged] == list(range(1, events + 1))
    )
    assert account is not None
    assert from_the_beginning is not None
    assert account.balance == from_the_beginning.balance == Money(events, EUR)


async def _check_that_poison_is_dead(garden: Orchard) -> None:
    assert sorted(await garden.stored()) == ["apple", "more apple", "more pear", "pear"]
    assert sorted(await garden.statuses()) == ["dead", "done", "done", "done", "done", "dropped"]
    assert await Worker(garden.transactions).backlog() == Backlog(waiting=0, dead=1, blocked=0)


async def _with_garden(url: str, check: Callable[[Orchard], Awaitable[None]]) -> None:
    async with orchard(url, FakeClock()) as garden:
        await check(garden)
