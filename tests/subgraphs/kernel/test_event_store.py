"""Histories are continued by one writer at a time, and read in the order in which they happened."""

import asyncio
from collections import defaultdict
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select, text, update

from subgraphs.kernel.domain import Money, UnknownEvent
from subgraphs.kernel.messaging.registry import NewerVersionError
from subgraphs.kernel.store.event_sourcing import EventSourcedRepository
from subgraphs.kernel.store.event_store import EventIdReusedError, Expected, ExpectedVersion, LoggedEvent
from subgraphs.kernel.store.sequence import number_rows
from subgraphs.kernel.store.tables import event, outbox, snapshot
from subgraphs.kernel.store.versioned import ConcurrencyConflict
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.bank import EUR, NOON, Account, AccountId, amounts, deposit, open_bank
from tests.subgraphs.kernel.orchard import NOBODY, ApplePicked, Orchard, orchard

BANK = open_bank()
ACCOUNTS = EventSourcedRepository(BANK, Account)
ID = AccountId("1")
on_postgres = pytest.mark.parametrize("planted", ["postgres"], indirect=True)


async def append(garden: Orchard, stream: str, *minors: int, expected: ExpectedVersion) -> int:
    async with garden.transactions.database.transaction() as connection:
        return await BANK.append(connection, stream, [deposit(one) for one in minors], expected=expected)


async def log(garden: Orchard, after: int = 0, *, limit: int = 100) -> list[LoggedEvent]:
    async with garden.transactions.database.transaction() as connection:
        while await number_rows(connection, event):
            pass
        return await BANK.read_log(connection, after=after, limit=limit)


async def test_a_stream_is_continued_where_it_is_expected_to_be(garden: Orchard) -> None:
    assert await append(garden, "s", 1, 2, expected=0) == 2
    assert await append(garden, "s", 3, expected=2) == 3
    assert await append(garden, "s", 4, expected=Expected.BEGUN) == 4
    assert await append(garden, "s", 5, expected=Expected.ANYWHERE) == 5
    assert await append(garden, "s", expected=Expected.ANYWHERE) == 5
    async with garden.transactions.database.read() as connection:
        assert amounts(await BANK.load(connection, "s")) == [1, 2, 3, 4, 5]
        assert await BANK.version(connection, "s") == 5
        assert await BANK.load(connection, "nothing") == []


@pytest.mark.parametrize("expected", [0, 1, 3, Expected.BEGUN])
async def test_a_writer_who_is_mistaken_changes_nothing(garden: Orchard, expected: ExpectedVersion) -> None:
    stream = "new" if expected is Expected.BEGUN else "s"
    await append(garden, "s", 1, 2, expected=0)
    with pytest.raises(ConcurrencyConflict):
        await append(garden, stream, 3, expected=expected)
    assert [one.seq for one in await log(garden)] == [1, 2]


async def test_the_same_events_again_change_nothing(garden: Orchard) -> None:
    events = [deposit(1, event_id="a"), deposit(2, event_id="b")]
    async with garden.transactions.database.transaction() as connection:
        assert await BANK.append(connection, "s", events, expected=0) == 2
    await append(garden, "s", 3, expected=2)
    async with garden.transactions.database.transaction() as connection:
        assert await BANK.append(connection, "s", events, expected=0) == 2
        assert amounts(await BANK.load(connection, "s")) == [1, 2, 3]


@pytest.mark.parametrize(
    ("stream", "ids"), [("other", ["a"]), ("s", ["a", "c"]), ("s", ["b", "a"]), ("s", ["c", "a"])]
)
async def test_an_id_belongs_to_one_event(garden: Orchard, stream: str, ids: list[str]) -> None:
    database = garden.transactions.database
    async with database.transaction() as connection:
        events = [deposit(1, event_id="a"), deposit(2, event_id="b")]
        await BANK.append(connection, "s", events, expected=0)
    async with database.transaction() as connection:
        again = [deposit(1, event_id=one) for one in ids]
        with pytest.raises(EventIdReusedError):
            await BANK.append(connection, stream, again, expected=Expected.ANYWHERE)


async def test_a_part_of_a_stream_by_versions_and_by_time(garden: Orchard) -> None:
    hours = (0, 2, 1, 3)  # a clock went backwards once
    async with garden.transactions.database.transaction() as connection:
        events = [deposit(n, at=NOON + timedelta(hours=hour)) for n, hour in enumerate(hours)]
        await BANK.append(connection, "s", events, expected=0)
        assert amounts(await BANK.load(connection, "s", after=1, upto=3)) == [1, 2]
        for hour, expected in ((-1, []), (0, [0]), (1, [0]), (2, [0, 1, 2]), (3, [0, 1, 2, 3])):
            upto = NOON + timedelta(hours=hour)
            assert amounts(await BANK.load(connection, "s", upto=upto)) == expected


async def test_more_events_than_a_statement_takes(garden: Orchard) -> None:
    assert await append(garden, "s", *range(1100), expected=0) == 1100
    logged = await log(garden, 1020, limit=50)
    assert [one.seq for one in logged] == list(range(1021, 1071))
    assert [one.recorded.version for one in logged] == [one.seq for one in logged]


async def test_each_context_has_a_log_of_its_own(garden: Orchard) -> None:
    other = open_bank("savings")
    await append(garden, "s", 1, expected=0)
    async with garden.transactions.database.transaction() as connection:
        await other.append(connection, "t", [deposit(2)], expected=0)
    await append(garden, "s", 3, expected=1)
    assert [(one.seq, one.stream) for one in await log(garden)] == [(1, "s"), (2, "s")]
    async with garden.transactions.database.read() as connection:
        assert [(one.seq, one.stream) for one in await other.read_log(connection)] == [(1, "t")]


async def test_an_unknown_event_is_tolerated_and_a_newer_version_is_not(garden: Orchard) -> None:
    await append(garden, "s", 1, 2, expected=0)
    async with garden.transactions.database.transaction() as connection:
        await connection.execute(update(event).where(event.c.version == 1).values(type="bank.audited"))
        first, second = await BANK.load(connection, "s")
        assert isinstance(first.event, UnknownEvent)
        assert (first.event.stored_name, second.name) == ("bank.audited", "bank.deposited")
        await connection.execute(update(event).where(event.c.version == 2).values(schema_version=2))
        with pytest.raises(NewerVersionError):
            await BANK.load(connection, "s")


async def test_of_many_writers_at_once_one_continues_the_stream(planted: str, clock: FakeClock) -> None:
    async with orchard(planted, clock) as one, orchard(planted, clock) as other:
        await append(one, "s", 0, expected=0)
        attempts = [append(each, "s", 1, expected=1) for each in (one, other) * 4]
        results = await asyncio.gather(*attempts, return_exceptions=True)
        assert [result for result in results if not isinstance(result, ConcurrencyConflict)] == [2]


@on_postgres
async def test_a_late_commit_is_not_skipped_in_the_log(garden: Orchard) -> None:
    written, may_commit = asyncio.Event(), asyncio.Event()

    async def late() -> None:
        async with garden.transactions.database.transaction() as connection:
            await BANK.append(connection, "late", [deposit(1)], expected=0)
            written.set()
            await may_commit.wait()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(late())
        await written.wait()
        await append(garden, "prompt", 2, expected=0)
        (first,) = await log(garden)
        may_commit.set()
    (second,) = await log(garden, after=first.seq)
    assert [(one.seq, one.stream) for one in (first, second)] == [(1, "prompt"), (2, "late")]


@on_postgres
async def test_a_transaction_that_began_early_does_not_turn_a_stream_around(garden: Orchard) -> None:
    """It has a lower number than the transaction that writes the first event, and writes the second.

    A cursor over the numbers of transactions, the usual cure for late commits, reads them in the wrong order.
    """
    has_begun, may_write = asyncio.Event(), asyncio.Event()

    async def early() -> None:
        async with garden.transactions.begin("orchard", NOBODY) as work:
            await work.connection.execute(text("SELECT pg_current_xact_id()"))
            has_begun.set()
            await may_write.wait()
            await BANK.append(work.connection, "s", [deposit(2)], expected=1)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(early())
        await has_begun.wait()
        await append(garden, "s", 1, expected=0)
        may_write.set()
    async with garden.transactions.database.read() as connection:
        by_transaction = text("SELECT version FROM kernel_event ORDER BY xmin::text::bigint")
        assert list(await connection.scalars(by_transaction)) == [2, 1]
    assert [one.recorded.version for one in await log(garden)] == [1, 2]


@on_postgres
@pytest.mark.parametrize("seed", range(2))
async def test_many_sleepy_writers_and_a_reader_who_misses_nothing(
    planted: str, clock: FakeClock, seed: int
) -> None:
    chance = Random(seed)
    async with orchard(planted, clock) as garden:

        async def write() -> int:
            written = 0
            for _ in range(12):
                stream = f"s{chance.randrange(5)}"
                try:
                    async with garden.transactions.database.transaction() as connection:
                        await BANK.append(connection, stream, [deposit(1)], expected=Expected.ANYWHERE)
                        await asyncio.sleep(chance.random() / 200)
                        if is_undone := chance.random() < 0.2:
                            await connection.rollback()
                except ConcurrencyConflict:
                    continue
                written += not is_undone
            return written

        async with asyncio.TaskGroup() as tasks:
            writers = [tasks.create_task(write()) for _ in range(8)]
            seen: list[LoggedEvent] = []
            while True:
                all_written = all(writer.done() for writer in writers)
                fresh = await log(garden, after=len(seen), limit=1000)
                seen += fresh
                if all_written and not fresh:
                    break
                await asyncio.sleep(0.001)
        assert len(seen) == sum(writer.result() for writer in writers) > 10
        assert [one.seq for one in seen] == list(range(1, len(seen) + 1))
        versions = defaultdict[str, list[int]](list)
        for one in seen:
            versions[one.stream].append(one.recorded.version)
        assert all(order == list(range(1, len(order) + 1)) for order in versions.values())


async def test_an_aggregate_is_stored_as_its_events_and_comes_back(garden: Orchard) -> None:
    account = Account(id=ID)
    account.deposit(Money(500, EUR))
    account.withdraw(Money(200, EUR))
    async with garden.transactions.begin("bank", NOBODY) as work:
        assert len(await ACCOUNTS.save(work, account)) == 2
        assert await ACCOUNTS.save(work, account) == ()
        assert await ACCOUNTS.find(work.connection, AccountId("2")) is None
    async with garden.transactions.database.read() as connection:
        again = await ACCOUNTS.find(connection, ID)
        before = await ACCOUNTS.find_as_of(connection, ID, 1)
    assert again is not None
    assert before is not None
    assert (again.balance, again.version, before.balance) == (Money(300, EUR), 2, Money(500, EUR))


async def test_many_aggregates_come_back_by_one_statement(garden: Orchard) -> None:
    for name, minor in (("1", 5), ("2", 7)):
        await append(garden, f"{Account.stored_as}-{name}", minor, minor, expected=0)
    ids = [AccountId(name) for name in ("1", "nobody's", "2")]
    async with garden.transactions.database.read() as connection:
        found = await ACCOUNTS.find_many(connection, ids)
        histories = await ACCOUNTS.histories(connection, ids)
    assert {id_: (one.balance.amount_minor, one.version) for id_, one in found.items()} == {
        "1": (10, 2),
        "2": (14, 2),
    }
    assert {id_: amounts(history) for id_, history in histories.items()} == {"1": [5, 5], "2": [7, 7]}


async def test_two_who_change_an_aggregate_at_once(garden: Orchard) -> None:
    async with garden.transactions.begin("bank", NOBODY) as work:
        first, second = Account(id=ID), Account(id=ID)
        for account in (first, second):
            account.deposit(Money(1, EUR))
        await ACCOUNTS.save(work, first)
        with pytest.raises(ConcurrencyConflict):
            await ACCOUNTS.save(work, second)
        await work.rollback()


async def test_an_event_knows_its_circumstances(garden: Orchard, clock: FakeClock) -> None:
    account = Account(id=ID)
    account.deposit(Money(1, EUR))
    async with garden.transactions.begin("bank", NOBODY) as work:
        await ACCOUNTS.save(work, account)
        work.publish(ApplePicked("a"), key="1")
    (logged,) = await log(garden)
    metadata = logged.recorded.metadata
    assert (metadata.aggregate_id, metadata.occurred_at) == ("1", clock.now())
    assert (metadata.correlation_id, metadata.causation_id, metadata.actor) == ("correlation", None, None)
    async with garden.transactions.database.read() as connection:
        assert len((await connection.execute(select(outbox))).all()) == 1


async def test_every_two_hundred_events_the_state_is_kept_and_never_trusted(garden: Orchard) -> None:
    await _deposits(garden, 199)
    assert await _snapshots(garden) == []
    await _deposits(garden, 2)
    assert await _snapshots(garden) == [201]
    async with garden.transactions.database.transaction() as connection:
        await connection.execute(update(snapshot).values(data='{"id": {"value": "1"}, "version": 201}'))
        account = await ACCOUNTS.find(connection, ID)
        assert account is not None
        assert account.balance == Money(0, EUR)  # it was used ...
        for changed in ({"state_version": 2}, {"state_version": 1, "data": "[]"}, {"data": "{"}):
            await connection.execute(update(snapshot).values(**changed))
            account = await ACCOUNTS.find(connection, ID)
            assert account is not None
            assert (account.balance, account.version) == (Money(201, EUR), 201)  # ... and now it is not
    await _deposits(garden, 200)
    assert await _snapshots(garden) == [401]


async def _deposits(garden: Orchard, count: int) -> None:
    async with garden.transactions.begin("bank", NOBODY) as work:
        account = await ACCOUNTS.find(work.connection, ID) or Account(id=ID)
        for _ in range(count):
            account.deposit(Money(1, EUR))
        await ACCOUNTS.save(work, account)


async def _snapshots(garden: Orchard) -> list[int]:
    async with garden.transactions.database.read() as connection:
        return list(await connection.scalars(select(snapshot.c.version)))
