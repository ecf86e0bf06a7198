"""Answers of a read model that are kept for as long as it stays as it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.projections.definition import Projection
from subgraphs.kernel.projections.generations import state_of
from subgraphs.kernel.store.database import Database

A = TypeVar("A", bound=Any)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class AnswerOfReadModel(Generic[A, R]):
    """An `AnswerCache` whose keys name the state of the read model: nobody finds what was kept of an earlier
    one, so that nothing has to be forgotten, and no answer is older than the read model itself."""

    cached: Cached[R]
    database: Database
    projection: Projection
    key: Callable[[A], str]

    async def answer(self, query: A, ask: Callable[[Any], Awaitable[R]]) -> R:
        async with self.database.read() as connection:
            state = await state_of(connection, self.projection)
        return await self.cached.get(f"{state}/{self.key(query)}", lambda: ask(query))
