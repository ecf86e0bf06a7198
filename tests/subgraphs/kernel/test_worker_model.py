"""Whatever happens to deliveries and whoever handles them, they do what a few lists would do."""

import asyncio
import os
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import case, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import Success
from subgraphs.kernel.messaging.claims import claim_due, claim_suspect
from subgraphs.kernel.messaging.dead_letters import DeadLetters
from subgraphs.kernel.messaging.delivery import Delivery, finish
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.store.tables import audit, delivery, idempotency, outbox
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import (
    NOBODY,
    ApplePicked,
    Orchard,
    orchard,
    picked,
    store_apple,
    stored,
)

ATTEMPTS, CRASHES, BATCH = 3, 2, 2
LEASE, PAUSE = timedelta(seconds=30), timedelta(seconds=10)
CONSUMERS: Final = {"cellar.store": False, "market.sell": True}
"""Those whose messages may skip a dead one are true."""

_OPTIONS: Final = WorkerOptions(
    retry=RetryPolicy(attempts=ATTEMPTS, crashes=CRASHES, base=PAUSE, cap=PAUSE), lease=LEASE, batch=BATCH
)
_EXAMPLES: Final = int(os.environ.get("PLAIT_MODEL_EXAMPLES", "12"))


class Longest(Random):
    """Jitter that is always the whole pause."""

    def uniform(self, a: float, b: float) -> float:
        return b


@dataclass(slots=True)
class Row:
    """What the model knows of a delivery. `refuses` is whether its handler raises."""

    consumer: str
    key: str
    name: str
    due: int
    status: str = "ready"
    attempts: int = 0
    crashes: int = 0
    lease_until: int = 0
    is_timer: bool = False


@dataclass(slots=True)
class Model:
    """Deliveries in the order of their ids, and seconds since the beginning."""

    rows: list[Row] = field(default_factory=list)
    effects: list[tuple[str, str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    now: int = 0

    def claim(self) -> list[Row]:
        suspects = [row for row in self.rows if row.status == "leased" and row.lease_until <= self.now]
        if suspects:
            (taken := min(suspects, key=lambda row: row.lease_until)).crashes += 1
            claimed = [taken]
        else:
            due = [
                row
                for row in self.rows
                if row.status in ("ready", "timed") and row.due <= self.now and not self._is_held_back(row)
            ]
            claimed = sorted(due, key=lambda row: (row.due, self.place(row)))[:BATCH]
        for row in claimed:
            row.status, row.lease_until = "leased", self.now + int(LEASE.total_seconds())
        return sorted(claimed, key=self.place)

    def status_of(self, row: Row) -> str:
        """A timer that is due is like any other."""
        return "ready" if row.status == "timed" and row.due <= self.now else row.status

    def place(self, row: Row) -> int:
        return next(place for place, one in enumerate(self.rows) if one is row)

    def handle(self, row: Row) -> None:
        if row.crashes > CRASHES:
            self._bury(row)
        elif row.name not in self.refused:
            row.status = "done"
            self.effects.append((row.consumer, row.name))
        else:
            row.attempts += 1
            if row.attempts >= ATTEMPTS:
                row.attempts -= 1
                self._bury(row)
                return
            row.crashes, row.status = 0, "ready"
            row.due = self.now + int(PAUSE.total_seconds())

    def _bury(self, row: Row) -> None:
        row.attempts += 1
        row.status = "parked" if CONSUMERS[row.consumer] else "dead"

    def _is_held_back(self, row: Row) -> bool:
        for other in self.rows:
            if other is row or (other.consumer, other.key) != (row.consumer, row.key):
                continue
            has_its_turn = self.status_of(other) in ("ready", "dead")
            if other.status == "leased" or (has_its_turn and self.place(other) < self.place(row)):
                return True
        return False


def machine(url: str) -> type[RuleBasedStateMachine]:
    class DeliveryMachine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.runner = asyncio.Runner()
            self.clock = FakeClock()
            self.model = Model()
            self.count = 0
            self.opened = orchard(url, self.clock, *(self._subscription(name) for name in CONSUMERS))
            self.garden: Orchard = self.runner.run(self.opened.__aenter__())
            self.runner.run(self._empty())
            self.worker = self._worker()
            self.letters = DeadLetters(self.garden.transactions)

        def teardown(self) -> None:
            self.runner.run(self.opened.__aexit__(None, None, None))
            self.runner.close()

        @initialize(refusing=st.lists(st.booleans(), min_size=2, max_size=4))
        def begin_with_a_few(self, refusing: list[bool]) -> None:
            for place, refuses in enumerate(refusing):
                self.publish("ab"[place % 2], refuses)

        @rule(key=st.sampled_from("ab"), refuses=st.booleans())
        def publish(self, key: str, refuses: bool) -> None:
            name = self._name(refuses=refuses)
            assert self.runner.run(self.garden.pick(name, tree=key)) == Success(name)
            self.model.rows += [Row(consumer, key, name, self.model.now) for consumer in sorted(CONSUMERS)]

        @rule(key=st.sampled_from("ab"), seconds=st.sampled_from([15, 45]), times=st.integers(1, 2))
        def send_later(self, key: str, seconds: int, times: int) -> None:
            """A timer; however often it is sent under its id, it comes once."""
            name = self._name(refuses=False)

            async def send() -> None:
                for _ in range(times):
                    async with self.garden.transactions.begin("orchard", NOBODY) as work:
                        work.send(
                            ApplePicked(name),
                            to="cellar.store",
                            key=key,
                            after=timedelta(seconds=seconds),
                            message_id=name,
                        )

            self.runner.run(send())
            self.model.rows.append(
                Row("cellar.store", key, name, self.model.now + seconds, "timed", is_timer=True)
            )

        @rule(seconds=st.sampled_from([5, 10, 30]))
        def wait(self, seconds: int) -> None:
            self.clock.advance(timedelta(seconds=seconds))
            self.model.now += seconds

        @rule()
        def work(self) -> None:
            self.runner.run(self.worker.step())
            for row in self.model.claim():
                self.model.handle(row)

        @rule()
        def claim_and_die(self) -> None:
            """A worker dies with what it has claimed; it comes back when nobody believes in it any more."""
            claimed = self.runner.run(self._claim())
            assert [(one.consumer, one.key) for one in claimed] == [
                (row.consumer, row.key) for row in self.model.claim()
            ]

        @rule()
        def come_back_too_late(self) -> None:
            """Whoever holds an old token changes nothing."""

            async def finish_all() -> list[bool]:
                async with self.garden.transactions.database.transaction() as connection:
                    claimed = await self._claim_in(connection)
                    return [await finish(connection, replace(one, token=one.token - 1)) for one in claimed]

            finished = self.runner.run(finish_all())
            assert finished == [False] * len(self.model.claim())

        @rule(place=st.integers(0, 3), mended=st.booleans())
        def retry_a_dead_letter(self, place: int, mended: bool) -> None:
            row, id_ = self._letter(place)
            if row is None:
                return
            data = None
            if mended:
                row.name = self._name(refuses=False)
                data = f'{{"name":"{row.name}"}}'
            assert self.runner.run(self.letters.retry(id_, NOBODY, data=data)) == Success(None)
            row.status, row.due, row.attempts, row.crashes = "ready", self.model.now, 0, 0

        @rule(place=st.integers(0, 3))
        def discard_a_dead_letter(self, place: int) -> None:
            row, id_ = self._letter(place)
            if row is not None:
                discarded = self.letters.discard(id_, NOBODY, reason="nobody wants it")
                assert self.runner.run(discarded) == Success(None)
                row.status = "dropped"

        @invariant()
        def rows_are_what_they_should_be(self) -> None:
            rows = self.runner.run(self._rows())
            assert rows == [
                (row.consumer, row.key, self.model.status_of(row), row.attempts, row.crashes)
                for row in self.model.rows
            ]

        @invariant()
        def whoever_is_blocked_stands_behind_a_letter(self) -> None:
            keys = set[tuple[str, str]]()
            for consumer, key, status in self.runner.run(self._as_stored()):
                if status == "dead":
                    keys.add((consumer, key))
                assert status != "blocked" or (consumer, key) in keys

        @invariant()
        def effects_are_what_they_should_be(self) -> None:
            names = self.runner.run(self.garden.stored())
            assert names == [f"{consumer} {name}" for consumer, name in self.model.effects]
            assert len(set(names)) == len(names)

        def _name(self, *, refuses: bool) -> str:
            self.count += 1
            if refuses:
                self.model.refused.add(str(self.count))
            return str(self.count)

        def _letter(self, place: int) -> tuple[Row | None, int]:
            """The dead letter at this place, in the model and in the database."""
            letters = self.runner.run(self.letters.page())
            rows = [row for row in self.model.rows if row.status in ("dead", "parked")]
            assert [one.blocks for one in letters] == [row.status == "dead" for row in rows]
            return (rows[place], letters[place].id) if place < len(rows) else (None, 0)

        def _worker(self) -> Worker:
            return Worker(self.garden.transactions, options=_OPTIONS, random=Longest())

        def _subscription(self, consumer: str) -> Subscription[ApplePicked]:
            async def handle(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
                name = message.body.name
                named = replace(message, body=ApplePicked(f"{consumer} {name}"))
                await store_apple(named, work)
                if name in self.model.refused:
                    raise ValueError("no room")

            return Subscription(consumer, ApplePicked, handle, skips_dead=CONSUMERS[consumer])

        async def _claim(self) -> tuple[Delivery, ...]:
            async with self.garden.transactions.database.transaction() as connection:
                return await self._claim_in(connection)

        async def _claim_in(self, connection: AsyncConnection) -> tuple[Delivery, ...]:
            """As a worker does that runs no errands."""
            now, consumers = self.clock.now(), sorted(CONSUMERS)
            return await claim_suspect(connection, consumers, now=now, lease=LEASE) or await claim_due(
                connection, consumers, now=now, lease=LEASE, limit=BATCH
            )

        async def _rows(self) -> list[tuple[object, ...]]:
            """As in the model, which does not tell what a claim has blocked from what it has yet to meet."""
            columns = (
                delivery.c.consumer,
                delivery.c.key,
                case(
                    (delivery.c.status == "blocked", "ready"),
                    ((delivery.c.status == "timed") & (delivery.c.due <= self.clock.now()), "ready"),
                    else_=delivery.c.status,
                ),
                delivery.c.attempts,
                delivery.c.crashes,
            )
            async with self.garden.transactions.database.read() as connection:
                rows = await connection.execute(select(*columns).order_by(delivery.c.id))
                return [tuple(row) for row in rows]

        async def _as_stored(self) -> list[tuple[str, str, str]]:
            columns = (delivery.c.consumer, delivery.c.key, delivery.c.status)
            async with self.garden.transactions.database.read() as connection:
                rows = await connection.execute(select(*columns).order_by(delivery.c.id))
                return [(row.consumer, row.key, row.status) for row in rows]

        async def _empty(self) -> None:
            """What an example before this one has left."""
            async with self.garden.transactions.database.transaction() as connection:
                for table in (delivery, outbox, audit, idempotency, picked, stored):
                    await connection.execute(delete(table))

    return DeliveryMachine


@pytest.mark.usefixtures("quiet")
def test_deliveries_are_what_they_seem(planted: str) -> None:
    """PLAIT_MODEL_EXAMPLES asks for more of them than a few."""
    run_state_machine_as_test(
        machine(planted),
        settings=settings(max_examples=_EXAMPLES, stateful_step_count=30, deadline=None),
    )
