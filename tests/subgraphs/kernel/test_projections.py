"""Read models: what is in the log is in them once, in its order, in whichever generation one looks."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import structlog
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, delete, inspect, select, update

from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.domain import Failure, Money, Success
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.projections import EventLog, OutboxLog, Projection, Projector, Status
from subgraphs.kernel.running.retention import Retention
from subgraphs.kernel.settings import Keep
from subgraphs.kernel.store.tables import audit, event, outbox
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.balances import (
    ACCOUNTS,
    BANK,
    POISON,
    QUITTER,
    Counter,
    balance,
    balances,
    counter,
)
from tests.subgraphs.kernel.bank import EUR, Account, AccountId
from tests.subgraphs.kernel.orchard import NOBODY

SOMEBODY = RequestContext(Actor("operator", "staff"), "correlation")


@pytest.fixture
async def bank(opened: str, clock: FakeClock) -> AsyncIterator[Counter]:
    async with counter(opened, clock) as context:
        yield context


async def test_what_is_in_the_log_is_in_the_read_model_once_and_in_order(bank: Counter) -> None:
    await bank.deposit("a", 1, 2)
    await bank.deposit("b", 4)
    await bank.pick("red")
    assert await bank.board() == {}  # nobody has projected yet
    await bank.project()
    await bank.project()
    await bank.deposit("a", 8)
    await bank.project()
    assert await bank.board() == {"a": 11, "b": 4}
    assert await bank.lines() == ["a 1", "a 2", "b 4", "apple red", "a 8"]


async def test_batches_are_small_and_nothing_is_between_them(opened: str, clock: FakeClock) -> None:
    async with counter(opened, clock, batch=2) as bank:
        await bank.deposit("a", 1, 2, 3, 4, 5)
        await bank.pick("red", "green")
        await bank.number()
        assert [await bank.projector.step() for _ in range(5)] == [2, 2, 2, 1, 0]
        assert await bank.lines() == [*(f"a {number}" for number in range(1, 6)), "apple red", "apple green"]


async def test_the_lag_is_what_is_not_applied_yet(bank: Counter, clock: FakeClock) -> None:
    await bank.deposit("a", 1)
    await bank.project()
    clock.advance(timedelta(minutes=1))
    await bank.deposit("a", 2, 3)
    await bank.pick("red")
    await bank.number()
    clock.advance(timedelta(minutes=1))
    [status] = await bank.status()
    assert (status.generation, status.version, status.status, status.stopped) == (1, 1, Status.LIVE, None)
    assert (status.entries_behind, status.seconds_behind) == (3, 60)
    assert [(label, lag.position, lag.head) for label, lag in status.lag.items()] == [
        ("event:bank", 1, 3),
        ("outbox:orchard", 0, 1),
    ]
    await bank.project()
    [status] = await bank.status()
    assert (status.entries_behind, status.seconds_behind) == (0, 0)


async def test_a_rebuild_takes_over_when_it_has_caught_up(opened: str, clock: FakeClock) -> None:
    async with counter(opened, clock, batch=2) as bank:
        await bank.deposit("a", *range(1, 6))
        await bank.project()
        assert await bank.projections.rebuild("bank.balances", SOMEBODY) == Success(2)
        again = await bank.projections.rebuild("bank.balances", SOMEBODY)
        assert isinstance(again, Failure)
        assert again.error.code == "REBUILD_RUNNING"
        await bank.deposit("a", 10)
        await bank.number()
        await bank.projector.step()
        assert await bank.board() == {"a": 25}  # what is read goes on meanwhile
        assert await bank.statuses() == [(1, "live"), (2, "building")]
        await bank.project()
        assert await bank.statuses() == [(1, "retired"), (2, "live")]
        await bank.deposit("a", 20)
        await bank.project()
        assert await bank.board() == {"a": 45}
        assert len(await bank.lines(1)) == 6
        assert len(await bank.lines()) == 7


async def test_a_higher_version_is_built_beside_the_old_one_and_read_by_its_own_code(
    opened: str, clock: FakeClock
) -> None:
    async with counter(opened, clock) as old, counter(opened, clock, balances(2, factor=10)) as new:
        await old.deposit("a", 1, 2)
        await old.project()
        assert await new.board() == {"a": 3}  # until there is something better
        await new.project()
        assert (await old.board(), await new.board()) == ({"a": 3}, {"a": 30})
        await old.deposit("a", 4)
        await old.project()  # in a rolling deployment both go on, each with its own
        assert (await old.board(), await new.board()) == ({"a": 7}, {"a": 30})
        await new.project()
        assert (await old.board(), await new.board()) == ({"a": 7}, {"a": 70})
        assert await new.statuses() == [(1, "retired"), (2, "live")]
        refusal = await old.projections.rebuild("bank.balances", SOMEBODY)
        assert isinstance(refusal, Failure)
        assert refusal.error.code == "NEWER_IS_LIVE"


async def test_going_back_reads_what_was_kept_and_does_not_build_again(opened: str, clock: FakeClock) -> None:
    async with counter(opened, clock) as bank, counter(opened, clock, balances(2, factor=10)) as new:
        await bank.deposit("a", 1)
        await bank.project()
        await new.project()
        back = await new.projections.rollback("bank.balances", SOMEBODY, reason="ten times too much")
        assert back == Success(1)
        await new.project()
        assert (await bank.board(), await new.board()) == ({"a": 1}, {"a": 1})
        assert await new.statuses() == [(1, "live"), (2, "retired")]
        await bank.deposit("a", 1)
        await bank.project()
        assert (await bank.board(), await new.board()) == ({"a": 2}, {"a": 2})


async def test_generations_that_are_not_read_are_dropped_when_somebody_says_so(
    bank: Counter, clock: FakeClock
) -> None:
    await bank.deposit("a", 1)
    for _ in range(2):
        await bank.projections.rebuild("bank.balances", SOMEBODY)
        await bank.project()
        clock.advance(timedelta(hours=1))
    assert await bank.statuses() == [(1, "retired"), (2, "retired"), (3, "live")]
    drop = bank.projections.drop_old
    assert await drop("bank.balances", SOMEBODY, older_than=timedelta(hours=2)) == Success((1,))
    assert await drop("bank.balances", SOMEBODY) == Success((2,))
    assert await drop("bank.balances", SOMEBODY) == Success(())
    async with bank.transactions.database.read() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert sorted(name for name in names if name.startswith("bank_")) == [
        "bank_balance_g3",
        "bank_journal_g3",
    ]
    nothing = await bank.projections.rollback("bank.balances", SOMEBODY, reason="nostalgia")
    assert isinstance(nothing, Failure)
    assert nothing.error.code == "NOTHING_KEPT"
    assert await bank.projections.rebuild("bank.balances", SOMEBODY) == Success(4)


async def test_a_generation_that_is_being_built_can_be_given_up(bank: Counter) -> None:
    nothing = await bank.projections.cancel("bank.balances", SOMEBODY)
    assert isinstance(nothing, Failure)
    assert nothing.error.code == "NOT_BUILDING"
    await bank.projections.rebuild("bank.balances", SOMEBODY)
    assert await bank.projections.cancel("bank.balances", SOMEBODY) == Success(2)
    await bank.project()
    assert await bank.statuses() == [(1, "live")]


async def test_poison_stops_a_read_model_at_its_place_and_loses_nothing_before(bank: Counter) -> None:
    await bank.deposit("a", 1, 2, POISON, 4)
    await bank.pick("red")
    with structlog.testing.capture_logs() as logs:
        await bank.project()
        await bank.project()
    assert [(one["event"], one["source"], one["seq"]) for one in logs if one["log_level"] == "error"] == [
        ("projection stopped", "event:bank", 3)
    ]
    [status] = await bank.status()
    assert status.stopped is not None
    assert (status.stopped.source, status.stopped.seq) == ("event:bank", 3)
    assert status.stopped.error == "UnluckyError: thirteen"
    assert status.entries_behind == 3
    assert await bank.board() == {"a": 3}


async def test_somebody_skips_poison_and_is_on_record(bank: Counter) -> None:
    await bank.deposit("a", 1, POISON, 4)
    with structlog.testing.capture_logs():
        await bank.project()
    for reason, code in ((" ", "REASON_MISSING"), ("bad luck", None)):
        skipped = await bank.projections.skip("bank.balances", SOMEBODY, reason=reason)
        assert (skipped.error.code if isinstance(skipped, Failure) else None) == code
    await bank.deposit("a", QUITTER)
    with structlog.testing.capture_logs():
        await bank.project()
    assert await bank.board() == {"a": 5}
    [status] = await bank.status()
    assert status.stopped is not None
    assert status.stopped.error == "QuitError: SystemExit: fourteen"
    await bank.projections.skip("bank.balances", SOMEBODY, reason="it wants to leave")
    again = await bank.projections.skip("bank.balances", SOMEBODY, reason="once more")
    assert isinstance(again, Failure)
    assert again.error.code == "NOT_STOPPED"
    async with bank.transactions.database.read() as connection:
        [row, _] = await connection.execute(select(audit).order_by(audit.c.pos))
    assert (row.actor, row.action, row.subject) == (
        "operator",
        "projection.skip",
        "projection bank.balances",
    )
    assert '"seq": 2' in row.detail
    assert '"bad luck"' in row.detail


async def test_mended_code_goes_on_where_it_was_stopped(opened: str, clock: FakeClock) -> None:
    async with counter(opened, clock) as bank:
        await bank.deposit("a", 1, POISON, 4)
        with structlog.testing.capture_logs():
            await bank.project()
            assert isinstance(await bank.projections.resume("bank.balances", SOMEBODY), Success)
            await bank.project()
        assert (await bank.status())[0].stopped is not None
    async with counter(opened, clock, balances(superstitious=False)) as bank:
        await bank.project()
        assert (await bank.status())[0].stopped is not None  # it says so until somebody has seen it
        await bank.projections.resume("bank.balances", SOMEBODY)
        await bank.project()
        assert await bank.board() == {"a": 5 + POISON}


async def test_what_is_read_does_not_stop_with_what_is_built(opened: str, clock: FakeClock) -> None:
    """A new version cannot digest an old event: it is not read until somebody has seen to it."""
    async with counter(opened, clock, balances(superstitious=False)) as bank:
        await bank.deposit("a", 1, POISON)
        await bank.project()
        async with counter(opened, clock, balances(2)) as new:
            with structlog.testing.capture_logs():
                await new.project()
            assert await new.statuses() == [(1, "live"), (2, "building")]
            assert await new.board() == {"a": 1 + POISON}
            await new.projections.skip("bank.balances", SOMEBODY, reason="it was paid back")
            await new.project()
            assert await new.statuses() == [(1, "retired"), (2, "live")]
            assert await new.board() == {"a": 1}


async def test_nothing_is_built_from_a_log_without_its_beginning(bank: Counter) -> None:
    await bank.pick("red", "green", "blue")
    await bank.project()
    async with bank.transactions.database.transaction() as connection:
        await connection.execute(delete(outbox).where(outbox.c.seq == 1))
    refusal = await bank.projections.rebuild("bank.balances", SOMEBODY)
    assert isinstance(refusal, Failure)
    assert refusal.error.code == "LOG_INCOMPLETE"


async def test_what_a_read_model_has_not_read_is_not_deleted(bank: Counter, clock: FakeClock) -> None:
    await bank.pick("red", "green")
    await bank.project()
    await bank.pick("blue", "yellow")
    await bank.number()
    clock.advance(timedelta(days=60))
    retention = Retention(bank.transactions, Keep())
    while await retention.step():
        pass
    await bank.project()
    assert await bank.lines() == ["apple red", "apple green", "apple blue", "apple yellow"]
    await retention.step()
    async with bank.transactions.database.read() as connection:
        assert list(await connection.scalars(select(outbox.c.seq))) == [4]


async def test_entries_that_are_gone_before_they_were_applied_stop_it(bank: Counter) -> None:
    """It never passes over a gap in silence."""
    await bank.pick("red")
    await bank.project()
    await bank.pick("green", "blue", "yellow")
    await bank.number()
    async with bank.transactions.database.transaction() as connection:
        await connection.execute(delete(outbox).where(outbox.c.seq == 3))
    with structlog.testing.capture_logs():
        await bank.project()
    [status] = await bank.status()
    assert status.stopped is not None
    assert (status.stopped.source, status.stopped.seq) == ("outbox:orchard", 3)
    assert status.stopped.error.startswith("MissingEntriesError")
    assert await bank.lines() == ["apple red", "apple green"]


async def test_what_cannot_be_decoded_stops_it(bank: Counter) -> None:
    await bank.deposit("a", 1, 2)
    async with bank.transactions.database.transaction() as connection:
        await connection.execute(update(event).where(event.c.version == 2).values(data='{"amount": "lots"}'))
    with structlog.testing.capture_logs():
        await bank.project()
    [status] = await bank.status()
    assert status.stopped is not None
    assert status.stopped.seq == 2
    assert await bank.board() == {"a": 1}


async def test_what_a_newer_program_wrote_is_left_to_that(bank: Counter) -> None:
    """Code that cannot read an event yet waits, and says so once, rather than stop for good."""
    await bank.deposit("a", 1, 2)
    async with bank.transactions.database.transaction() as connection:
        await connection.execute(update(event).where(event.c.version == 2).values(schema_version=2))
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            await bank.project()
    assert [one["event"] for one in logs] == ["cannot read yet"]
    assert (await bank.status())[0].stopped is None
    assert await bank.board() == {"a": 1}
    async with bank.transactions.database.transaction() as connection:
        await connection.execute(update(event).values(schema_version=1))
    await bank.project()
    assert await bank.board() == {"a": 3}


async def test_several_projectors_apply_each_entry_once(opened: str, clock: FakeClock) -> None:
    async with counter(opened, clock, batch=3) as bank, counter(opened, clock, batch=2) as other:
        await bank.deposit("a", *range(1, 13))
        await bank.projections.rebuild("bank.balances", SOMEBODY)
        await bank.number()

        async def work(one: Counter) -> None:
            for _ in range(20):
                await one.projector.step()

        await asyncio.gather(work(bank), work(other), work(bank))
        await bank.project()
        assert await bank.lines() == [f"a {number}" for number in range(1, 13)]
        before = await bank.lines(1)  # it stands where it was when the new one took over
        assert before == [f"a {number}" for number in range(1, len(before) + 1)]


@pytest.mark.parametrize("opened", ["postgres"], indirect=True)
@pytest.mark.parametrize("seed", range(2))
async def test_late_commits_are_not_lost(opened: str, clock: FakeClock, seed: int) -> None:
    """Sleepy transactions commit in another order than they wrote, while sequencers and projectors go on."""
    chance = Random(seed)
    async with counter(opened, clock, batch=3) as bank, counter(opened, clock, batch=2) as other:

        async def write(account: str) -> None:
            for amount in range(1, 9):
                async with bank.transactions.begin("bank", NOBODY) as work:
                    found = await ACCOUNTS.find(work.connection, AccountId(account))
                    aggregate = found or Account(id=AccountId(account))
                    aggregate.deposit(Money(amount, EUR))
                    await ACCOUNTS.save(work, aggregate)
                    await asyncio.sleep(chance.random() / 100)

        async def work(one: Counter) -> None:
            while not all(writer.done() for writer in writers):
                await Sequencer(one.transactions).step()
                await one.projector.step()
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as tasks:
            writers = [tasks.create_task(write(name)) for name in "abcd"]
            for one in (bank, other):
                tasks.create_task(work(one))
        await bank.project()
        assert await bank.lines() == await bank.logged()
        assert await bank.board() == dict.fromkeys("abcd", sum(range(1, 9)))
        for account in "abcd":
            lines = [line for line in await bank.lines() if line.startswith(account)]
            assert lines == [f"{account} {amount}" for amount in range(1, 9)]


async def test_unknown_names_are_refused(bank: Counter) -> None:
    refusals = (
        await bank.projections.rebuild("bank.nothing", NOBODY),
        await bank.projections.cancel("bank.nothing", NOBODY),
        await bank.projections.rollback("bank.nothing", NOBODY, reason="why not"),
        await bank.projections.skip("bank.nothing", NOBODY, reason="why not"),
        await bank.projections.resume("bank.nothing", NOBODY),
        await bank.projections.drop_old("bank.nothing", NOBODY),
    )
    assert {one.error.code for one in refusals if isinstance(one, Failure)} == {"PROJECTION_UNKNOWN"}
    assert all(isinstance(one, Failure) for one in refusals)


_LEAF = Table("leaf", MetaData(), Column("id", Integer, primary_key=True))
_REFERRING = Table("twig", MetaData(), Column("leaf", ForeignKey("leaf.id"), primary_key=True))
_LONG = Table("x" * 62, MetaData(), Column("id", String, primary_key=True))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"sources": []}, "needs sources"),
        ({"sources": [OutboxLog("a"), OutboxLog("a")]}, "needs sources"),
        ({"tables": [_REFERRING]}, "refers to another table"),
        ({"tables": [_LONG]}, "longer than"),
    ],
)
def test_a_read_model_that_does_not_fit_is_refused_at_once(changes: dict[str, Any], complaint: str) -> None:
    fitting: dict[str, Any] = {"version": 1, "sources": [EventLog(BANK)], "tables": [_LEAF]}
    Projection("garden.leaves", **fitting)
    with pytest.raises(ValueError, match=complaint):
        Projection("garden.leaves", **(fitting | changes))


def test_an_event_has_one_handler() -> None:
    projection = balances()
    [handled, *_] = projection.events
    with pytest.raises(ValueError, match="two handlers"):
        projection.on(handled)(lambda *_: asyncio.sleep(0))


async def test_read_models_do_not_share_tables(bank: Counter) -> None:
    for name in ("bank.balances", "bank.others"):
        other = Projection(name, version=1, sources=[EventLog(BANK)], tables=[balance])
        with pytest.raises(ValueError, match="two read models"):
            Projector(bank.transactions, [bank.projection, other])
