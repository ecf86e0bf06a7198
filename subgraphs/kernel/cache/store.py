"""Where cached values are kept: the port."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """The place of a value: a group is forgotten as a whole, its members are told apart."""

    group: str
    member: str = ""


@dataclass(frozen=True, slots=True)
class Miss:
    """There is no value. One that is loaded from now on may be put under this generation; None: nowhere."""

    generation: str | None


class CacheDownError(Exception):
    """The store does not answer."""


class CacheStore(Protocol):
    """Every method raises CacheDownError. What is put may be lost at any time."""

    async def get(self, entries: Sequence[Entry], ttl: timedelta) -> list[bytes | Miss]:
        """The values of these entries, each in its place."""
        ...

    async def put(self, entry: Entry, generation: str, value: bytes, ttl: timedelta) -> None:
        """Keep a value for so long. It is never seen if the generation has ended meanwhile."""
        ...

    async def forget(self, groups: Sequence[str]) -> None:
        """End the generations of these groups."""
        ...

    async def close(self) -> None: ...


class NoStore:
    """Keeps nothing: for processes that share no store, so that none hears what the others change."""

    async def get(self, entries: Sequence[Entry], ttl: timedelta) -> list[bytes | Miss]:
        return [Miss(None)] * len(entries)

    async def put(self, entry: Entry, generation: str, value: bytes, ttl: timedelta) -> None:
        pass

    async def forget(self, groups: Sequence[str]) -> None:
        pass

    async def close(self) -> None:
        pass
