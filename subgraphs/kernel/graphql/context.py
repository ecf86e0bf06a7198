"""What resolvers find in `info.context`."""

from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from time import monotonic
from typing import Any, Final, TypeAlias, TypeVar, cast

import strawberry
from strawberry.dataloader import DataLoader

from subgraphs.kernel.application.buses import Answer, CommandBus, QueryBus
from subgraphs.kernel.application.messages import Command, Query
from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.application.version import Receipt, Version
from subgraphs.kernel.domain import DomainError, Result
from subgraphs.kernel.store.lost import CommitUnknownError, DatabaseUnavailableError

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
R = TypeVar("R")

_LONGEST_FIELD: Final = 100


class GraphQLContext:
    """One request: who asks, the buses to ask, and the loaders that turn many look-ups into one."""

    def __init__(self, request: RequestContext, *, commands: CommandBus, queries: QueryBus) -> None:
        self.request = request
        self.version: Version | None = None
        self._waits_since: float | None = None
        self._commands = commands
        self._queries = queries
        self._field = ""
        self._executed = 0
        self._loaders: dict[object, DataLoader[Any, Any]] = {}
        self._admitted: set[type[Query[Any]]] = set()

    @property
    def actor(self) -> Actor | None:
        return self.request.actor

    def enter(self, response_key: str) -> None:
        """What is executed from now on is part of this mutation field; they run one after the other."""
        self._field, self._executed = response_key, 0

    async def execute(self, command: Command[R]) -> Result[R, DomainError]:
        """Run a command; `version` is then what it has written.

        The request's idempotency key covers all of its commands, by their mutation fields' response keys and
        their order in those.

        A response key is unique in the client's operation: a gateway may spread that over several requests,
        whose commands are not taken for one another's.
        """
        self._executed += 1
        key = self.request.idempotency_key
        request = replace(self.request, idempotency_key=key and f"{key}/{self._place()}")
        receipt = Receipt()
        result = await self._commands.execute(command, request, receipt)
        self.version = receipt.version
        self._loaders.clear()  # what was loaded before may have changed
        return result

    def _place(self) -> str:
        field = self._field
        if len(field) > _LONGEST_FIELD:
            field = sha256(field.encode()).hexdigest()
        return f"{field}/{self._executed}"

    async def ask(self, query: Query[R]) -> R:
        return await self.ask_as(self.actor, query)

    async def ask_as(self, actor: Actor | None, query: Query[R]) -> R:
        """Ask on behalf of somebody who has just shown in this request that they are that."""
        await self._admit(query)
        with self._telling_what_was_done():
            return await self._queries.ask(query, replace(self.request, actor=actor))

    async def ask_including(self, query: Query[R], version: Version | None) -> Answer[R]:
        """Ask a query that waits for a version. A request waits once, however many of its fields would."""
        await self._admit(query)
        if version is not None and self._waits_since is None:
            self._waits_since = monotonic()
        with self._telling_what_was_done():
            return await self._queries.ask_including(query, self.request, version, since=self._waits_since)

    async def _admit(self, query: Query[Any]) -> None:
        """A request counts once, and once for each kind of query, however many objects it asks about."""
        kind, is_first = type(query), not self._admitted
        if kind not in self._admitted:
            self._admitted.add(kind)
            await self._queries.admit(query, self.request, is_first=is_first)

    @contextmanager
    def _telling_what_was_done(self) -> Iterator[None]:
        """A database that is away after a command must not be taken for one that was away before."""
        try:
            yield
        except DatabaseUnavailableError as lost:
            if self._executed:
                raise CommitUnknownError(str(lost)) from lost
            raise

    async def load(self, key: K, many: "Callable[[GraphQLContext, list[K]], Awaitable[list[V]]]") -> V:
        """The value of `key`, loaded by one call of `many` with all others that are asked for at once.

        `many` is a module-level function; it gets distinct keys and returns their values in the same order.
        """
        loader = self._loaders.get(many)
        if loader is None:

            async def load_all(keys: list[K]) -> list[V]:
                return await many(self, keys)

            loader = self._loaders[many] = DataLoader(load_fn=load_all)
        return cast(V, await loader.load(key))


Info: TypeAlias = strawberry.Info[GraphQLContext, None]
