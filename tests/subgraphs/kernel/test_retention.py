"""What is old and done with goes; what anybody may still need stays, however old it is."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.dead_letters import DeadLetters
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.running.retention import Retention
from subgraphs.kernel.settings import Keep, Settings, SettingsError
from subgraphs.kernel.store.tables import audit, delivery, idempotency, outbox
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import NOBODY, ApplePicked, Orchard, orchard, store_apple

A_MONTH = timedelta(days=31)
KEEP = Keep(messages=timedelta(days=30), audit=timedelta(days=365))
OPERATOR = RequestContext(Actor("42", "admin"), "correlation")


async def store_good_ones(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
    if "rotten" in message.body.name:
        raise ValueError("nobody can store this")
    await store_apple(message, work)


@pytest.fixture
async def garden(planted: str, clock: FakeClock) -> AsyncIterator[Orchard]:
    async with orchard(planted, clock, Subscription("cellar.store", ApplePicked, store_good_ones)) as context:
        yield context


async def work(garden: Orchard) -> Backlog:
    while await Sequencer(garden.transactions).step():
        pass
    return await Worker(garden.transactions, options=WorkerOptions(retry=RetryPolicy(attempts=1))).drain()


async def prune(garden: Orchard) -> int:
    retention, total = Retention(garden.transactions, KEEP, batch=2), 0
    while deleted := await retention.step():
        total += deleted
    return total


async def published(garden: Orchard) -> list[int]:
    async with garden.transactions.database.read() as connection:
        return [seq for seq in await connection.scalars(select(outbox.c.seq).order_by(outbox.c.seq)) if seq]


async def test_old_messages_go_but_for_the_newest_of_their_source(garden: Orchard, clock: FakeClock) -> None:
    for name in "abcde":
        await garden.pick(name)
    await work(garden)
    assert await prune(garden) == 0
    clock.advance(A_MONTH)
    assert await Retention(garden.transactions, KEEP).count() == (
        ("messages published by orchard", 4),
        ("messages handled", 0),  # not while they are in the outbox
        ("idempotency keys", 0),
        ("withdrawals of tokens", 0),
        ("audit entries", 0),
    )
    assert await prune(garden) == 4 + 4
    assert await published(garden) == [5]
    assert await garden.statuses() == ["done"]


async def test_a_log_goes_on_where_it_was_after_everything_old_is_gone(
    garden: Orchard, clock: FakeClock
) -> None:
    for name in "abc":
        await garden.pick(name)
    await work(garden)
    clock.advance(A_MONTH)
    await prune(garden)
    for name in "de":
        await garden.pick(name)
    await work(garden)
    await prune(garden)
    assert await published(garden) == [4, 5]
    assert await garden.stored() == ["a", "b", "c", "d", "e"]


async def test_what_is_not_done_stays_however_old(garden: Orchard, clock: FakeClock) -> None:
    for name, tree in (("rotten", "1"), ("b", "1"), ("c", "2"), ("d", "3")):
        await garden.pick(name, tree=tree)
    assert await work(garden) == Backlog(waiting=0, dead=1, blocked=1)
    async with garden.transactions.begin("orchard", NOBODY) as unit:
        unit.send(ApplePicked("later"), to="cellar.store", key="4", after=timedelta(days=400))
    clock.advance(A_MONTH * 2)
    await prune(garden)
    assert await garden.statuses() == ["dead", "blocked", "done", "timed"]  # `d` is the newest in the outbox

    letters = DeadLetters(garden.transactions)
    (letter,) = await letters.page()
    await letters.retry(letter.id, OPERATOR, data='{"name":"mended"}')  # it has all that it needs
    assert await work(garden) == Backlog(waiting=1, dead=0, blocked=0)
    assert await garden.stored() == ["c", "d", "mended", "b"]


async def test_keys_go_when_they_expire_and_the_audit_after_a_year(garden: Orchard, clock: FakeClock) -> None:
    await garden.pick("rotten", key="k")
    await work(garden)
    letters = DeadLetters(garden.transactions)
    (letter,) = await letters.page()
    await letters.discard(letter.id, OPERATOR, reason="it was rotten")

    async def left() -> tuple[int, ...]:
        async with garden.transactions.database.read() as connection:
            tables = (idempotency, audit, delivery)
            return tuple(
                [await connection.scalar(select(func.count()).select_from(each)) or 0 for each in tables]
            )

    clock.advance(timedelta(days=1))
    await prune(garden)
    assert await left() == (0, 1, 1)
    clock.advance(timedelta(days=366))
    await prune(garden)
    assert await left() == (0, 0, 1)  # its message is the newest in the outbox


async def test_one_process_deletes_at_a_time(planted: str, garden: Orchard, clock: FakeClock) -> None:
    for name in "abcde":
        await garden.pick(name)
    await work(garden)
    clock.advance(A_MONTH)
    async with orchard(planted, clock) as other:
        assert sum([await Retention(each.transactions, KEEP).step() for each in (garden, other)]) == 4 + 4


@pytest.mark.parametrize("given", ["0", "-1", "soon", "1e3", "99999"])
def test_how_long_is_a_number_of_days(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAIT_KEEP_MESSAGES_DAYS", given)
    with pytest.raises(SettingsError, match="PLAIT_KEEP_MESSAGES_DAYS"):
        Settings.from_environment(Path())
    monkeypatch.setenv("PLAIT_KEEP_MESSAGES_DAYS", "7")
    assert Settings.from_environment(Path()).keep == Keep(messages=timedelta(days=7))
