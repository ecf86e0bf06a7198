"""Whatever is done to a read model in whatever order, each generation is the fold of what it has read."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import pytest
import structlog
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from subgraphs.kernel.domain import Failure, RandomIds
from subgraphs.kernel.faults import FAULT_POINTS, watch_fault_points
from subgraphs.kernel.messaging.subscriptions import Subscriptions
from subgraphs.kernel.projections import Projections, Projector, Status, generations
from subgraphs.kernel.projections.generation import Generation, needs_build, to_read
from subgraphs.kernel.store import tables
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.sequence import number_rows
from subgraphs.kernel.store.unit_of_work import Transactions
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.balances import POISON, Counter, balance, balances, journal
from tests.subgraphs.kernel.orchard import NOBODY

R = TypeVar("R")

NAME = "bank.balances"
POINTS = [point for point in FAULT_POINTS if point.startswith("projection.")]

accounts = st.sampled_from(["a", "b"])
amounts = st.lists(st.sampled_from([1, 2, 5, POISON]), min_size=1, max_size=3)


class Killed(BaseException):
    """The process ends here, as far as the database can tell."""


@contextmanager
def dying_at(point: str | None) -> Iterator[None]:
    def reached(name: str) -> None:
        if name == point:
            raise Killed

    watch_fault_points(reached if point else None)
    try:
        yield
    except Killed:
        pass
    finally:
        watch_fault_points(None)


def machine(url: str) -> type[RuleBasedStateMachine]:
    class ProjectionMachine(RuleBasedStateMachine):
        """The model: the two logs as lists, and which entries each generation was told to skip."""

        def __init__(self) -> None:
            super().__init__()
            self.runner = asyncio.Runner()
            self.database = Database(url)
            self.clock = FakeClock()
            self.deposits: list[tuple[str, int]] = []
            self.apples: list[str] = []
            self.skipped: dict[int, set[int]] = {}
            self.code = self.counter(version=1)

        def counter(self, *, version: int) -> Counter:
            transactions = Transactions(
                self.database, clock=self.clock, ids=RandomIds(), subscriptions=Subscriptions()
            )
            projection = balances(version, factor=version)
            projector = Projector(transactions, [projection], batch=2)
            return Counter(transactions, projection, Projections(transactions, [projection]), projector)

        @initialize()
        def forget_other_runs(self) -> None:
            async def forget() -> None:
                async with self.database.transaction() as connection:
                    for table in (tables.projection, tables.projection_position, tables.event, tables.outbox):
                        await connection.execute(delete(table))
                    await generations.create_missing(connection, [self.code.projection], now=self.clock.now())

            self.run(forget())

        def teardown(self) -> None:
            self.finish()
            self.runner.run(self.database.close())
            self.runner.close()

        def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
            with structlog.testing.capture_logs():
                return self.runner.run(coroutine)

        @rule(account=accounts, some=amounts)
        def deposit(self, account: str, some: list[int]) -> None:
            self.deposits += [(account, amount) for amount in some]
            self.run(self.code.deposit(account, *some))

        @rule(count=st.integers(1, 3))
        def pick(self, count: int) -> None:
            names = [str(len(self.apples) + number) for number in range(count)]
            self.apples += names
            self.run(self.code.pick(*names))

        @rule(limit=st.integers(1, 3))
        def number(self, limit: int) -> None:
            async def number() -> None:
                async with self.database.transaction() as connection:
                    for log in (tables.event, tables.outbox):
                        await number_rows(connection, log, limit=limit)

            self.run(number())

        @rule(point=st.sampled_from([None, None, *POINTS]))
        def project(self, point: str | None) -> None:
            with dying_at(point):
                self.run(self.code.projector.step())

        @rule(point=st.sampled_from([None, "projection.created", "projection.changed"]))
        def rebuild(self, point: str | None) -> None:
            with dying_at(point):
                self.run(self.code.projections.rebuild(NAME, NOBODY))

        @rule()
        def write_a_new_version(self) -> None:
            self.code = self.counter(version=self.code.projection.version + 1)

        @rule()
        def cancel(self) -> None:
            self.run(self.code.projections.cancel(NAME, NOBODY))

        @rule()
        def go_back(self) -> None:
            self.run(self.code.projections.rollback(NAME, NOBODY, reason="to see"))

        @rule()
        def drop_old(self) -> None:
            self.clock.advance(timedelta(hours=1))
            self.run(self.code.projections.drop_old(NAME, NOBODY))

        @rule()
        def skip(self) -> None:
            self.skip_if_stopped()

        def skip_if_stopped(self) -> bool:
            stopped = [one for one in self.known() if one.stopped and one.status is not Status.DROPPED]
            skipped = self.run(self.code.projections.skip(NAME, NOBODY, reason="bad luck"))
            assert bool(stopped) != isinstance(skipped, Failure)
            after = {one.number for one in self.known() if one.stopped is None}
            for one in stopped:
                if one.number in after and one.stopped is not None:
                    self.skipped.setdefault(one.number, set()).add(one.stopped.seq)
            return bool(stopped)

        @rule()
        def finish(self) -> None:
            """Whatever has happened, what the code of this version reads and makes can be completed."""
            self.run(self.code.project())
            while self.skip_if_stopped():
                self.run(self.code.project())
            version, known = self.code.projection.version, self.known()
            assert not needs_build(known, version)
            assert [one for one in known if one.status is Status.BUILDING] == []
            read = to_read(known, version)
            assert read is not None
            if read.version == self.code.projection.version:
                assert dict(read.positions) == {
                    "event:bank": len(self.deposits),
                    "outbox:orchard": len(self.apples),
                }

        @invariant()
        def every_generation_is_the_fold_of_what_it_has_read(self) -> None:
            known = [one for one in self.known() if one.status is not Status.DROPPED]
            assert [one.status for one in known].count(Status.LIVE) == 1
            assert [one.status for one in known].count(Status.BUILDING) <= 1
            for one in known:
                assert self.run(self.rows(one)) == self.expected(one)

        def known(self) -> tuple[Generation, ...]:
            async def load() -> tuple[Generation, ...]:
                async with self.database.read() as connection:
                    return await generations.load(connection, NAME)

            return self.run(load())

        def expected(self, one: Generation) -> tuple[dict[str, int], list[str], list[str]]:
            skipped = self.skipped.get(one.number, ())
            read = enumerate(self.deposits[: one.positions["event:bank"]], start=1)
            applied = [
                (account, amount * one.version) for seq, (account, amount) in read if seq not in skipped
            ]
            board: dict[str, int] = {}
            for account, amount in applied:
                board[account] = board.get(account, 0) + amount
            apples = self.apples[: one.positions["outbox:orchard"]]
            return board, [f"{account} {amount}" for account, amount in applied], apples

        async def rows(self, one: Generation) -> tuple[dict[str, int], list[str], list[str]]:
            copies = self.code.projection.tables(one.number)
            async with self.database.read() as connection:
                found = await connection.execute(select(copies[balance].c.account, copies[balance].c.amount))
                board = {account.removeprefix("bank.account-"): amount for account, amount in found}
                lines = list(
                    await connection.scalars(select(copies[journal].c.line).order_by(copies[journal].c.pos))
                )
            return (
                board,
                [line.removeprefix("bank.account-") for line in lines if not line.startswith("apple ")],
                [line.removeprefix("apple ") for line in lines if line.startswith("apple ")],
            )

    return ProjectionMachine


@pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
def test_a_read_model_is_what_it_seems(opened: str) -> None:
    run_state_machine_as_test(
        machine(opened), settings=settings(max_examples=12, stateful_step_count=20, deadline=None)
    )


@pytest.mark.parametrize("opened", ["postgres"], indirect=True)
def test_a_read_model_is_what_it_seems_on_a_server(opened: str) -> None:
    run_state_machine_as_test(
        machine(opened), settings=settings(max_examples=4, stateful_step_count=15, deadline=None)
    )
