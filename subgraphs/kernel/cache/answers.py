"""Queries whose answers are cached. Who may ask is decided each time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from subgraphs.kernel.cache.cached import Cached

Q = TypeVar("Q", contravariant=True)
R = TypeVar("R")
V = TypeVar("V")
A = TypeVar("A", bound=Any)


class AnswerCache(Protocol[Q, R]):
    """How the answers of one kind of query are cached."""

    async def answer(self, query: Q, ask: Callable[[Any], Awaitable[R]]) -> R:
        """The answer; `ask` asks the database, in a transaction that it begins."""
        ...


@dataclass(frozen=True, slots=True)
class WholeAnswer(Generic[A, R]):
    """An answer that is kept as it is, under a key, and as a `member` if one key has several."""

    cached: Cached[R]
    key: Callable[[A], str]
    member: Callable[[A], str] = lambda _: ""

    async def answer(self, query: A, ask: Callable[[Any], Awaitable[R]]) -> R:
        return await self.cached.get(self.key(query), lambda: ask(query), member=self.member(query))


@dataclass(frozen=True, slots=True)
class AnswerByKeys(Generic[A, R, V]):
    """An answer about many keys, of which each is kept by itself.

    `only` makes the query about some of the keys, `split` takes an answer apart, `join` puts one together.
    """

    cached: Cached[V]
    keys: Callable[[A], Sequence[str]]
    only: Callable[[A, Sequence[str]], A]
    split: Callable[[A, R], Mapping[str, V]]
    join: Callable[[A, Mapping[str, V]], R]

    async def answer(self, query: A, ask: Callable[[Any], Awaitable[R]]) -> R:
        async def load(keys: Sequence[str]) -> Mapping[str, V]:
            part = self.only(query, keys)
            return self.split(part, await ask(part))

        return self.join(query, await self.cached.get_many(self.keys(query), load))
