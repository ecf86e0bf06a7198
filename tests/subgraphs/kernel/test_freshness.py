"""Read your writes: an answer includes what its asker has written, or says that it does not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from time import monotonic
from uuid import uuid4

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from subgraphs.kernel.application.buses import CommandBus, QueryBus
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.policies import anyone
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.application.version import Receipt, Version
from subgraphs.kernel.domain import Failure, Money, Success
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.projections import EventLog, Freshness
from subgraphs.kernel.projections.freshness import Need, Progress, progress
from subgraphs.kernel.store.tables import outbox
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.balances import (
    ACCOUNTS,
    BALANCES,
    BANK,
    POISON,
    Counter,
    balances,
    counter,
)
from tests.subgraphs.kernel.bank import EUR, Account, AccountId
from tests.subgraphs.kernel.orchard import NOBODY, ApplePicked, PickApple, pick_apple

NEVER = timedelta(0)
LONG = timedelta(minutes=5)
"""Longer than any test may take: what is answered after that was not waited for."""

SAVED = balances(sources=[EventLog(BANK)], through=["cellar.save"])
"""Does not follow the orchard, but what the cellar puts by for each of its apples."""

_ID = "2f1c9a52-6d0e-4d0b-9f5e-0c6d7a1b3e48"


@pytest.fixture
async def bank(opened: str, clock: FakeClock) -> AsyncIterator[Counter]:
    async with counter(opened, clock) as context:
        yield context


@pytest.fixture
async def cellar(opened: str, clock: FakeClock) -> AsyncIterator[Counter]:
    async with counter(opened, clock, SAVED) as context:
        context.transactions.subscriptions.add(Subscription("cellar.save", ApplePicked, _save))
        yield context


async def _save(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
    if message.body.name == "rotten":
        raise ValueError("nobody can store this")
    account = Account(id=AccountId(message.body.name))
    account.deposit(Money(5, EUR))
    await ACCOUNTS.save(work, account)


async def is_stale(bank: Counter, version: Version, *, patience: timedelta = NEVER) -> bool:
    transactions = bank.transactions
    freshness = Freshness(transactions.database, transactions.projected, patience=patience)
    async with freshness.reading(bank.projection, version) as (_, stale):
        return stale


async def test_what_was_appended_is_waited_for(bank: Counter) -> None:
    version = await bank.deposit("a", 1, 2)
    assert await is_stale(bank, version)
    await bank.project()
    assert not await is_stale(bank, version)


async def test_what_was_published_is_waited_for(bank: Counter) -> None:
    version = await bank.pick("red", "green")
    await bank.number()
    assert await is_stale(bank, version)
    await bank.project()
    assert not await is_stale(bank, version)


async def test_who_waits_is_told_when_it_is_there(bank: Counter) -> None:
    version = await bank.deposit("a", 1)
    waiting = asyncio.create_task(is_stale(bank, version, patience=LONG))
    await bank.project()
    assert not await waiting


async def test_the_answer_comes_from_the_state_that_was_found_fresh(bank: Counter) -> None:
    class Amount(Query[int]):
        """What is on account a."""

    async def amount(_query: Amount, connection: object, _request: RequestContext) -> int:
        return (await bank.board()).get("a", 0)

    freshness = Freshness(bank.transactions.database, bank.transactions.projected, patience=NEVER)
    queries = QueryBus(bank.transactions.database, freshness)
    queries.register(Amount, amount, allow=anyone, reads=BALANCES)
    version = await bank.deposit("a", 7)
    before = await queries.ask_including(Amount(), NOBODY, version)
    await bank.project()
    after = await queries.ask_including(Amount(), NOBODY, version)
    unasked = await queries.ask_including(Amount(), NOBODY, None)
    assert [(one.value, one.is_stale) for one in (before, after, unasked)] == [
        (0, True),
        (7, False),
        (7, False),
    ]


async def test_who_has_waited_before_waits_no_longer(bank: Counter) -> None:
    version, transactions = await bank.deposit("a", 1), bank.transactions
    freshness = Freshness(transactions.database, transactions.projected, patience=LONG)
    long_ago = monotonic() - LONG.total_seconds()
    async with freshness.reading(bank.projection, version, since=long_ago) as (_, stale):
        assert stale


async def test_nobody_waits_for_a_read_model_that_is_stopped(bank: Counter) -> None:
    earlier = await bank.deposit("a", 1)
    await bank.project()
    version = await bank.deposit("a", POISON)
    with structlog.testing.capture_logs():
        await bank.project()
    assert await is_stale(bank, version, patience=LONG)
    assert not await is_stale(bank, earlier, patience=LONG)


async def test_nobody_waits_for_what_was_never_written(bank: Counter) -> None:
    for version in (Version((str(uuid4()),), ()), Version((), (str(uuid4()),))):
        assert await is_stale(bank, version, patience=LONG)


async def test_what_a_consumer_makes_of_a_message_is_waited_for(cellar: Counter) -> None:
    version = await cellar.pick("red")
    await cellar.project()
    assert await is_stale(cellar, version)  # it is not handled
    await Worker(cellar.transactions).drain()
    assert await is_stale(cellar, version)  # what came of it is not projected
    await cellar.project()
    assert await cellar.board() == {"red": 5}
    assert not await is_stale(cellar, version)


async def test_who_waits_for_a_consumer_does_not_wait_for_what_comes_later(cellar: Counter) -> None:
    version = await cellar.pick("red")
    await Worker(cellar.transactions).drain()
    waiting = asyncio.create_task(is_stale(cellar, version, patience=LONG))
    await cellar.project()
    await cellar.deposit("late", POISON)
    assert not await waiting


async def test_nobody_waits_for_a_dead_letter(cellar: Counter) -> None:
    version = await cellar.pick("rotten")
    options = WorkerOptions(retry=RetryPolicy(attempts=1))
    with structlog.testing.capture_logs():
        await Worker(cellar.transactions, options=options).drain()
    assert await is_stale(cellar, version, patience=LONG)


async def test_a_message_of_another_database_may_be_on_its_way(cellar: Counter) -> None:
    """It is not in this outbox; its delivery comes when it comes."""
    version = await cellar.pick("red")
    await Worker(cellar.transactions).drain()
    await cellar.project()
    async with cellar.transactions.database.transaction() as connection:
        await connection.execute(delete(outbox))
    assert not await is_stale(cellar, version, patience=LONG)
    assert await is_stale(cellar, Version((), (str(uuid4()),)))


async def test_who_asks_again_under_a_key_gets_the_version_of_the_first_time(opened: str) -> None:
    async with counter(opened, FakeClock()) as bank:
        commands = CommandBus("orchard", bank.transactions)
        commands.register(PickApple, pick_apple, allow=anyone)
        request = replace(NOBODY, idempotency_key="once")
        receipts = [Receipt(), Receipt(), Receipt()]
        for receipt in receipts[:2]:
            assert await commands.execute(PickApple("red"), request, receipt) == Success("red")
        assert isinstance(await commands.execute(PickApple("red"), NOBODY, receipts[2]), Failure)
        assert receipts[0].version is not None
        assert receipts[0].version == receipts[1].version
        assert receipts[2].version is None


_ids = st.uuids().map(str)


@given(st.lists(_ids, max_size=1), st.lists(_ids, max_size=5))
def test_a_version_is_read_as_it_was_written(events: list[str], messages: list[str]) -> None:
    version = Version(tuple(events), tuple(messages))
    expected = Success(version) if events or messages else None
    assert (Version.parse(str(version)) if str(version) else None) == expected


@pytest.mark.parametrize("text", ["", "x", "e-1", f"m-{_ID}.", f"m-{_ID}.e-{_ID}", "m-" * 999])
def test_what_is_no_version_is_refused(text: str) -> None:
    parsed = Version.parse(text)
    assert isinstance(parsed, Failure)
    assert parsed.error.code == "INVALID_VERSION"


def test_a_version_names_the_last_message_of_each_key() -> None:
    assert Version.of(None, [("a", "1"), ("b", "2"), ("a", "3")]) == Version((), ("3", "2"))
    assert Version.of("4", []) == Version(("4",), ())
    assert Version.of(None, []) is None


@pytest.mark.parametrize(
    ("needs", "is_stopped", "expected"),
    [
        ([], False, Progress.INCLUDED),
        ([Need("log", 5)], False, Progress.INCLUDED),
        ([Need("log", 6)], False, Progress.COMING),
        ([Need("log", None)], False, Progress.COMING),
        ([Need("other", 1)], False, Progress.COMING),
        ([Need("log", 6)], True, Progress.STUCK),
        ([Need("log", 5)], True, Progress.INCLUDED),
        ([Progress.INCLUDED, Need("log", 5)], False, Progress.INCLUDED),
        ([Progress.COMING, Need("log", 5)], False, Progress.COMING),
        ([Progress.COMING, Progress.STUCK], False, Progress.STUCK),
    ],
)
def test_progress_is_what_is_missing(
    needs: list[Need | Progress], is_stopped: bool, expected: Progress
) -> None:
    assert progress(needs, {"log": 5}, is_stopped=is_stopped) is expected
