"""One cache: read through it, and one load for all who miss the same at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
import structlog

from subgraphs.kernel.cache.rules import CacheRule
from subgraphs.kernel.cache.store import CacheDownError, CacheStore, Entry, Miss
from subgraphs.kernel.telemetry.instruments import CACHE_READS

V = TypeVar("V")

_log = structlog.stdlib.get_logger("subgraphs.cache")


class Cached(Generic[V]):
    """The values of one rule, which JSON can hold as a `V`.

    What is read while the store does not answer is loaded, and nobody sees an error. Nothing is cached that
    is not there: who comes into being is seen at once.
    """

    def __init__(self, rule: CacheRule, value: Any, store: CacheStore) -> None:
        self.rule = rule
        self._value = value
        self._store = store
        self._loads: dict[tuple[Entry, str | None], asyncio.Task[Mapping[Entry, V]]] = {}

    async def get(self, key: str, load: Callable[[], Awaitable[V]], *, member: str = "") -> V:
        """The value of a key, or of a `member` of what is forgotten under that key.

        `load` must look at the database when it is called, not at what was read before (see `get_many`).
        """
        entry = Entry(self.rule.group(key), member)

        async def load_one(_: Sequence[Entry]) -> Mapping[Entry, V]:
            return {entry: await load()}

        return (await self._read([entry], load_one))[entry]

    async def get_many(
        self, keys: Sequence[str], load: Callable[[Sequence[str]], Awaitable[Mapping[str, V]]]
    ) -> Mapping[str, V]:
        """The values of these keys; those that are not there are missing.

        `load` is called for all that is neither kept nor being loaded. It begins a transaction of its own:
        in one that began before, it might see what was true before the cache was asked.
        """
        entries = {Entry(self.rule.group(key)): key for key in dict.fromkeys(keys)}

        async def load_some(wanted: Sequence[Entry]) -> Mapping[Entry, V]:
            loaded = await load([entries[entry] for entry in wanted])
            return {entry: loaded[entries[entry]] for entry in wanted if entries[entry] in loaded}

        found = await self._read(list(entries), load_some)
        return {entries[entry]: value for entry, value in found.items()}

    async def forget(self, keys: Sequence[str]) -> None:
        """What is read from now on is what is true by now. CacheDownError."""
        await self._store.forget([self.rule.group(key) for key in keys])

    async def _read(
        self, entries: Sequence[Entry], load: Callable[[Sequence[Entry]], Awaitable[Mapping[Entry, V]]]
    ) -> Mapping[Entry, V]:
        values: dict[Entry, V] = {}
        missed: dict[Entry, str | None] = {}
        for entry, found in zip(entries, await self._ask(entries), strict=True):
            match found:
                case Miss(generation):
                    missed[entry] = generation
                case bytes():
                    try:
                        values[entry] = msgspec.json.decode(found, type=self._value)
                    except (
                        msgspec.DecodeError
                    ):  # put there by another version of the program, or by another one
                        missed[entry] = None
        for task in self._loading(missed, load):
            loaded = await asyncio.shield(task)  # others wait for it, too
            values |= {entry: loaded[entry] for entry in missed if entry in loaded}
        return values

    async def _ask(self, entries: Sequence[Entry]) -> list[bytes | Miss]:
        try:
            found = await self._store.get(entries, self.rule.ttl)
        except CacheDownError:
            found = [Miss(None)] * len(entries)
        for one in found:
            match one:
                case Miss(None):
                    outcome = "bypass"
                case Miss():
                    outcome = "miss"
                case _:
                    outcome = "hit"
            CACHE_READS.labels(self.rule.name, outcome).inc()
        return found

    def _loading(
        self,
        missed: Mapping[Entry, str | None],
        load: Callable[[Sequence[Entry]], Awaitable[Mapping[Entry, V]]],
    ) -> set[asyncio.Task[Mapping[Entry, V]]]:
        """The loads that bring what is missed: those under way for its generation, and one for the rest."""
        tasks = {self._loads[place] for place in missed.items() if place in self._loads}
        places = [place for place in missed.items() if place not in self._loads]
        if places:
            task = asyncio.create_task(self._load(dict(places), load))
            self._loads |= dict.fromkeys(places, task)

            def ended(task: asyncio.Task[Mapping[Entry, V]]) -> None:
                for place in places:
                    del self._loads[place]
                if not task.cancelled():
                    task.exception()  # whoever waited has it; there may be nobody left who does

            task.add_done_callback(ended)
            tasks.add(task)
        return tasks

    async def _load(
        self,
        missed: Mapping[Entry, str | None],
        load: Callable[[Sequence[Entry]], Awaitable[Mapping[Entry, V]]],
    ) -> Mapping[Entry, V]:
        loaded = await load(list(missed))
        for entry, value in loaded.items():
            generation = missed[entry]
            if generation is None or value is None:
                continue
            try:
                await self._store.put(entry, generation, msgspec.json.encode(value), self.rule.ttl)
            except CacheDownError as error:
                _log.debug("not kept", cache=self.rule.name, error=str(error))
                break
        return loaded
