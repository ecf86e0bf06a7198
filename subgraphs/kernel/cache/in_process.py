"""Cached values in this process's memory: the group that was used least recently goes first."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from subgraphs.kernel.cache.store import Entry, Miss
from subgraphs.kernel.domain import Clock

_LARGEST: Final = 64 * 1024 * 1024
_OVERHEAD: Final = 500  # what a small value costs besides itself, in bytes, about


@dataclass(slots=True)
class _Group:
    generation: str
    values: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)
    size: int = 0


class InProcessStore:
    """For one process: no other hears what is forgotten here. `largest` bounds the memory in bytes, about."""

    def __init__(self, *, clock: Clock, largest: int = _LARGEST) -> None:
        self._clock = clock
        self._numbers = count()
        self._largest = largest
        self._groups: OrderedDict[str, _Group] = OrderedDict()
        self._size = 0

    async def get(self, entries: Sequence[Entry], ttl: timedelta) -> list[bytes | Miss]:
        return [self._get(entry) for entry in entries]

    async def put(self, entry: Entry, generation: str, value: bytes, ttl: timedelta) -> None:
        group = self._groups.get(entry.group)
        if group is None or group.generation != generation:
            return
        self._drop(group, entry.member)
        group.values[entry.member] = value, self._clock.now() + ttl
        self._grow(group, len(value) + _OVERHEAD)

    async def forget(self, groups: Sequence[str]) -> None:
        for name in groups:
            if group := self._groups.pop(name, None):
                self._size -= group.size

    async def close(self) -> None:
        self._groups.clear()
        self._size = 0

    def _get(self, entry: Entry) -> bytes | Miss:
        group = self._groups.get(entry.group)
        if group is None:
            group = self._groups[entry.group] = _Group(str(next(self._numbers)))
            self._grow(group, _OVERHEAD)
        self._groups.move_to_end(entry.group)
        value, expires_at = group.values.get(entry.member, (b"", self._clock.now()))
        if expires_at > self._clock.now():
            return value
        self._drop(group, entry.member)
        return Miss(group.generation)

    def _drop(self, group: _Group, member: str) -> None:
        if dropped := group.values.pop(member, None):
            self._grow(group, -len(dropped[0]) - _OVERHEAD)

    def _grow(self, group: _Group, by: int) -> None:
        group.size += by
        self._size += by
        while self._size > self._largest:
            _, oldest = self._groups.popitem(last=False)
            self._size -= oldest.size
