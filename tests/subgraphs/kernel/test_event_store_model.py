"""Whatever is done to an event store in whatever order, it does what a few lists would do."""

import asyncio
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.event_store import Expected, ExpectedVersion
from subgraphs.kernel.store.sequence import number_rows
from subgraphs.kernel.store.tables import event
from subgraphs.kernel.store.versioned import ConcurrencyConflict
from tests.subgraphs.kernel.bank import NOON, amounts, deposit, open_bank

streams = st.sampled_from(["a", "b", "c"])
hours = st.integers(0, 5)


def machine(url: str) -> type[RuleBasedStateMachine]:
    class EventStoreMachine(RuleBasedStateMachine):
        """The model: per stream the amounts and their hours; the log as pairs of stream and amount."""

        runs = 0

        def __init__(self) -> None:
            super().__init__()
            type(self).runs += 1
            self.prefix = f"{self.runs}-"
            self.bank = open_bank(f"bank {self.runs}")
            self.runner = asyncio.Runner()
            self.database = Database(url)
            self.model: dict[str, list[tuple[int, int, str]]] = {"a": [], "b": [], "c": []}
            self.log: list[tuple[str, int]] = []
            self.count = 0

        def teardown(self) -> None:
            self.runner.run(self.database.close())
            self.runner.close()

        @rule(
            stream=streams,
            how_many=st.integers(0, 3),
            hour=hours,
            expected=st.one_of(st.integers(0, 6), st.sampled_from(Expected), st.just("right")),
        )
        def append(self, stream: str, how_many: int, hour: int, expected: ExpectedVersion | str) -> None:
            known = self.model[stream]
            version = len(known) if isinstance(expected, str) else expected
            fresh = [(self.count + n, hour, f"{self.prefix}{self.count + n}") for n in range(how_many)]
            self.count += how_many
            fits = version in (len(known), Expected.ANYWHERE) or (version is Expected.BEGUN and bool(known))
            if fits:
                known += fresh
                self.log += [(stream, amount) for amount, _, _ in fresh]
            self._write(stream, fresh, version, result=len(known) if fits else None)

        @rule(stream=streams, data=st.data())
        def append_again(self, stream: str, data: st.DataObject) -> None:
            known = self.model[stream]
            if known:
                first = data.draw(st.integers(0, len(known) - 1))
                last = data.draw(st.integers(first, len(known) - 1))
                self._write(stream, known[first : last + 1], first, result=last + 1)

        @rule(stream=streams, after=st.integers(0, 6), upto=st.integers(0, 6))
        def load_versions(self, stream: str, after: int, upto: int) -> None:
            expected = [amount for amount, _, _ in self.model[stream][after:upto]]
            assert self._load(stream, after=after, upto=upto) == expected

        @rule(stream=streams, hour=hours)
        def load_as_of(self, stream: str, hour: int) -> None:
            expected = []
            for amount, at, _ in self.model[stream]:
                if at > hour:
                    break
                expected.append(amount)
            assert self._load(stream, upto=NOON + timedelta(hours=hour)) == expected

        @rule(after=st.integers(0, 20), limit=st.integers(1, 5))
        def read_log(self, after: int, limit: int) -> None:
            async def read() -> list[tuple[str, int]]:
                async with self.database.transaction() as connection:
                    while await number_rows(connection, event, limit=2):
                        pass
                    logged = await self.bank.read_log(connection, after=after, limit=limit)
                assert [one.seq for one in logged] == list(range(after + 1, after + 1 + len(logged)))
                streams = [one.stream.removeprefix(self.prefix) for one in logged]
                return list(zip(streams, amounts([one.recorded for one in logged]), strict=True))

            assert self.runner.run(read()) == self.log[after : after + limit]

        @invariant()
        def streams_are_what_they_should_be(self) -> None:
            for stream, known in self.model.items():
                assert self._load(stream) == [amount for amount, _, _ in known]

        def _write(
            self,
            stream: str,
            events: list[tuple[int, int, str]],
            expected: ExpectedVersion,
            *,
            result: int | None,
        ) -> None:
            async def write() -> int | None:
                new = [
                    deposit(amount, event_id=id_, at=NOON + timedelta(hours=hour))
                    for amount, hour, id_ in events
                ]
                try:
                    async with self.database.transaction() as connection:
                        return await self.bank.append(
                            connection, self.prefix + stream, new, expected=expected
                        )
                except ConcurrencyConflict:
                    return None

            assert self.runner.run(write()) == result

        def _load(self, stream: str, *, after: int = 0, upto: int | datetime | None = None) -> list[int]:
            async def load() -> list[int]:
                async with self.database.read() as connection:
                    events = await self.bank.load(connection, self.prefix + stream, after=after, upto=upto)
                    return amounts(events)

            return self.runner.run(load())

    return EventStoreMachine


def test_an_event_store_is_what_it_seems(planted: str) -> None:
    run_state_machine_as_test(
        machine(planted), settings=settings(max_examples=10, stateful_step_count=12, deadline=None)
    )
