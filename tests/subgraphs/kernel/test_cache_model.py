"""Readers, writers and invalidations in any order: once it is forgotten, nobody gets what was true before."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from subgraphs.kernel.breakers import Breakers
from subgraphs.kernel.cache.in_process import InProcessStore
from subgraphs.kernel.cache.shared import RedisStore
from subgraphs.kernel.cache.store import CacheStore, Entry, Miss
from subgraphs.kernel.redis import RedisConnection
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.redis import TemporaryRedis

HOUR = timedelta(hours=1)

entries = st.sampled_from([Entry("a"), Entry("a", "1"), Entry("b")])


@dataclass(slots=True)
class Reader:
    """One who has missed; `seen` is what it has loaded, once it has."""

    entry: Entry
    generation: str
    seen: int | None = None


def machine(
    open_store: Callable[[], tuple[CacheStore, Callable[[], Coroutine[Any, Any, None]]]],
) -> type[RuleBasedStateMachine]:
    class CacheMachine(RuleBasedStateMachine):
        """The database counts the changes of each group; a value is the count that a reader has seen."""

        def __init__(self) -> None:
            super().__init__()
            self.runner = asyncio.Runner()
            self.store, self.close = self.runner.run(_call(open_store))
            self.changes = {"a": 0, "b": 0}
            self.least = {"a": 0, "b": 0}
            self.readers: list[Reader] = []

        def teardown(self) -> None:
            self.runner.run(self.store.forget(["a", "b"]))
            self.runner.run(self.close())
            self.runner.close()

        @rule(entry=entries, loads_at_once=st.booleans())
        def read(self, entry: Entry, *, loads_at_once: bool) -> None:
            (found,) = self.runner.run(self.store.get([entry], HOUR))
            match found:
                case Miss(generation):
                    assert generation is not None
                    seen = self.changes[entry.group] if loads_at_once else None
                    self.readers.append(Reader(entry, generation, seen))
                case bytes():
                    assert self.least[entry.group] <= int(found) <= self.changes[entry.group]

        @rule(data=st.data())
        def load(self, data: st.DataObject) -> None:
            if waiting := [reader for reader in self.readers if reader.seen is None]:
                reader = data.draw(st.sampled_from(waiting))
                reader.seen = self.changes[reader.entry.group]

        @rule(data=st.data())
        def put(self, data: st.DataObject) -> None:
            if ready := [reader for reader in self.readers if reader.seen is not None]:
                reader = data.draw(st.sampled_from(ready))
                self.readers.remove(reader)
                value = str(reader.seen).encode()
                self.runner.run(self.store.put(reader.entry, reader.generation, value, HOUR))
                self.read(reader.entry, loads_at_once=False)

        @rule(group=st.sampled_from(["a", "b"]), is_forgotten=st.booleans())
        def change(self, group: str, *, is_forgotten: bool) -> None:
            self.changes[group] += 1
            if is_forgotten:
                self.forget(group)

        @rule(group=st.sampled_from(["a", "b"]))
        def forget(self, group: str) -> None:
            self.runner.run(self.store.forget([group]))
            self.least[group] = self.changes[group]

    return CacheMachine


async def _call(open_store: Callable[[], Any]) -> Any:
    return open_store()


def test_the_store_in_this_process_is_true() -> None:
    def open_store() -> tuple[CacheStore, Callable[[], Coroutine[Any, Any, None]]]:
        store = InProcessStore(clock=FakeClock())
        return store, store.close

    run_state_machine_as_test(
        machine(open_store), settings=settings(max_examples=100, stateful_step_count=30)
    )


def test_the_store_in_redis_is_true(redis: TemporaryRedis) -> None:
    def open_store() -> tuple[CacheStore, Callable[[], Coroutine[Any, Any, None]]]:
        connection = RedisConnection(redis.url, Breakers(), patience=timedelta(seconds=20))
        return RedisStore(connection), connection.close

    run_state_machine_as_test(machine(open_store), settings=settings(max_examples=25, stateful_step_count=30))
