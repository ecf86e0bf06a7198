"""A bounded cache whose values are made in a thread, once, however many ask at the same time."""

import asyncio
import gc
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

#: Making takes the processor, of which there is one for all threads: more of them would only take the event
#: loop's turns. The second one is for those who wait behind something slow.
_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="making")

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(slots=True)
class CacheCounts:
    """What became of lookups. A miss is counted by everyone who meets it."""

    hits: int = 0
    misses: int = 0
    evictions: int = 0


@dataclass(frozen=True, slots=True)
class CacheSize:
    """What a cache holds."""

    entries: int
    weight: int


class Cache(Generic[Key, Value]):
    """Keeps what was used last, up to a capacity in units of weight.

    Counting values alone would let a few thousand huge documents fill the memory.
    """

    def __init__(self, capacity: int, counts: CacheCounts, *, holds_cycles: bool = False) -> None:
        """Values that hold cycles need the garbage collector to be freed; it is run whenever as much has
        been dropped as is kept.
        """
        self._capacity = capacity
        self._counts = counts
        self._holds_cycles = holds_cycles
        self._dropped = 0
        self._values: OrderedDict[Key, tuple[int, Value]] = OrderedDict()
        self._weight = 0
        self._being_made: dict[Key, asyncio.Task[Value]] = {}

    def get(self, key: Key) -> Value | None:
        """The value under the key, if it is kept."""
        kept = self._values.get(key)
        if kept is None:
            self._counts.misses += 1
            return None
        self._counts.hits += 1
        self._values.move_to_end(key)
        return kept[1]

    def peek(self, key: Key) -> Value | None:
        """The same, and nothing is counted: who takes it says so with `used`, anyone else will ask again."""
        kept = self._values.get(key)
        return None if kept is None else kept[1]

    def used(self, key: Key) -> None:
        """What was seen under the key is used."""
        self._counts.hits += 1
        self._values.move_to_end(key)

    @property
    def size(self) -> CacheSize:
        """What it holds now."""
        return CacheSize(len(self._values), self._weight)

    def latest_first(self) -> list[tuple[Key, Value]]:
        """What is kept; what was used last comes first."""
        return [(key, value) for key, (_, value) in reversed(self._values.items())]

    async def make(self, key: Key, make: Callable[[], Value], *, weight: int) -> Value:
        """The value for a key that is not kept.

        `make` runs in a thread, so that other requests go on meanwhile. What it raises goes to everyone who
        waits for it, and is not kept.
        """
        task = self._being_made.get(key)
        if task is None:
            task = self._being_made[key] = asyncio.create_task(self._make(key, make, weight))
            task.add_done_callback(_retrieved)
        return await asyncio.shield(task)  # one who leaves must not take the value from the others

    async def _make(self, key: Key, make: Callable[[], Value], weight: int) -> Value:
        try:
            value = await asyncio.get_running_loop().run_in_executor(_THREADS, make)
        finally:
            del self._being_made[key]
        self._values[key] = (weight, value)
        self._weight += weight
        while self._weight > self._capacity:
            _, (dropped, _value) = self._values.popitem(last=False)
            self._weight -= dropped
            self._counts.evictions += 1
            self._dropped += dropped
        if self._holds_cycles and self._dropped > self._capacity:
            self._dropped = 0
            gc.collect()
        return value


def _retrieved(task: asyncio.Task[Value]) -> None:
    """Mark the outcome as seen: everyone who waited may have left."""
    if not task.cancelled():
        task.exception()
