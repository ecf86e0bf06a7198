"""A bounded cache whose values are made in a thread, once, however many ask at the same time."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Cache(Generic[Key, Value]):
    """Keeps what was used last, up to a capacity in units of weight.

    Counting values alone would let a few thousand huge documents fill the memory.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._values: OrderedDict[Key, tuple[int, Value]] = OrderedDict()
        self._weight = 0
        self._being_made: dict[Key, asyncio.Task[Value]] = {}

    def get(self, key: Key) -> Value | None:
        """The value under the key, if it is kept."""
        kept = self._values.get(key)
        if kept is None:
            return None
        self._values.move_to_end(key)
        return kept[1]

    async def get_or_make(self, key: Key, make: Callable[[], Value], *, weight: int) -> Value:
        """The value under the key; `make` runs in a thread, so that other requests go on meanwhile.

        What `make` raises goes to everyone who waits for it, and is not kept.
        """
        if (kept := self.get(key)) is not None:
            return kept
        task = self._being_made.get(key)
        if task is None:
            task = self._being_made[key] = asyncio.create_task(self._make(key, make, weight))
            task.add_done_callback(_retrieved)
        return await asyncio.shield(task)  # one who leaves must not take the value from the others

    async def _make(self, key: Key, make: Callable[[], Value], weight: int) -> Value:
        try:
            value = await asyncio.to_thread(make)
        finally:
            del self._being_made[key]
        self._values[key] = (weight, value)
        self._weight += weight
        while self._weight > self._capacity:
            _, (dropped, _value) = self._values.popitem(last=False)
            self._weight -= dropped
        return value


def _retrieved(task: asyncio.Task[Value]) -> None:
    """Mark the outcome as seen: everyone who waited may have left."""
    if not task.cancelled():
        task.exception()
