"""From a command or a query to its handler.

A command goes through the same steps whatever it is: log, authorise, prepare, one transaction, handler. The
transaction is committed when the handler returns a Success and rolled back when it returns a Failure or
raises.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeAlias, TypeVar, cast

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.messages import Command, Query
from subgraphs.kernel.application.policies import Policy
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork

C = TypeVar("C", bound=Command[Any])
Q = TypeVar("Q", bound=Query[Any])
R = TypeVar("R")
P = TypeVar("P")

CommandHandler: TypeAlias = Callable[[C, UnitOfWork, RequestContext], Awaitable[Result[R, DomainError]]]
PreparedHandler: TypeAlias = Callable[[C, P, UnitOfWork, RequestContext], Awaitable[Result[R, DomainError]]]
Preparation: TypeAlias = Callable[[C, RequestContext], Awaitable[Result[P, DomainError]]]
QueryHandler: TypeAlias = Callable[[Q, AsyncConnection, RequestContext], Awaitable[R]]

_log = structlog.stdlib.get_logger("subgraphs.commands")


class QueryError(Exception):
    """A question that is answered with an expected error; the GraphQL edge shows its code and message."""

    def __init__(self, error: DomainError) -> None:
        super().__init__(error.message)
        self.error = error


@dataclass(frozen=True, slots=True)
class _CommandRoute:
    allow: Policy
    prepare: Preparation[Any, Any]
    handler: PreparedHandler[Any, Any, Any]


class CommandBus:
    """Runs the commands of one context."""

    def __init__(self, context: str, transactions: Transactions) -> None:
        self._context = context
        self._transactions = transactions
        self._routes: dict[type[Command[Any]], _CommandRoute] = {}

    def register(self, command: type[C], handler: CommandHandler[C, R], *, allow: Policy) -> None:
        """Say who handles a command, and who may give it."""

        async def prepared(
            message: C, _: None, work: UnitOfWork, request: RequestContext
        ) -> Result[R, DomainError]:
            return await handler(message, work, request)

        self.register_prepared(command, _nothing_to_prepare, prepared, allow=allow)

    def register_prepared(
        self,
        command: type[C],
        prepare: Preparation[C, P],
        handler: PreparedHandler[C, P, R],
        *,
        allow: Policy,
    ) -> None:
        """As `register`, with work to be done before the transaction opens: slow, or outside the database.

        SQLite has one writer: a password hashed inside the transaction would hold everybody up.
        """
        if command in self._routes:
            raise ValueError(f"{command.__name__} is registered twice")
        self._routes[command] = _CommandRoute(allow, prepare, handler)

    async def execute(self, command: Command[R], request: RequestContext) -> Result[R, DomainError]:
        """Run a command in a transaction of its own.

        Returns the handler's result. What it raises is a bug or a failing database, and goes to the caller.
        """
        with self._logged(command, request) as outcome:
            outcome.result = await self._execute(self._routes[type(command)], command, request)
        return cast(Result[R, DomainError], outcome.result)

    async def execute_within(
        self, work: UnitOfWork, command: Command[R], request: RequestContext
    ) -> Result[R, DomainError]:
        """Run a command in a transaction that is already open: how the handler of an event acts.

        A Failure has not been rolled back here; the owner of the transaction decides.
        """
        route = self._routes[type(command)]
        with self._logged(command, request) as outcome:
            match await self._authorise_and_prepare(route, command, request):
                case Failure() as refused:
                    outcome.result = refused
                case Success(prepared):
                    outcome.result = await route.handler(command, prepared, work, request)
        return cast(Result[R, DomainError], outcome.result)

    async def _execute(
        self, route: _CommandRoute, command: Command[Any], request: RequestContext
    ) -> Result[Any, DomainError]:
        prepared = await self._authorise_and_prepare(route, command, request)
        if isinstance(prepared, Failure):
            return prepared
        async with self._transactions.begin(self._context, request) as work:
            result = await route.handler(command, prepared.value, work, request)
            if isinstance(result, Failure):
                await work.rollback()
        return result

    async def _authorise_and_prepare(
        self, route: _CommandRoute, command: Command[Any], request: RequestContext
    ) -> Result[Any, DomainError]:
        refusal = route.allow(command, request)
        return Failure(refusal) if refusal else await route.prepare(command, request)

    @contextmanager
    def _logged(self, command: Command[Any], request: RequestContext) -> Iterator["_Outcome"]:
        started, outcome = perf_counter(), _Outcome()
        try:
            yield outcome
        finally:
            match outcome.result:
                case None:
                    word = "raised"
                case Failure(error):
                    word = error.code
                case Success():
                    word = "done"
            _log.info(
                type(command).__name__,
                context=self._context,
                outcome=word,
                milliseconds=round((perf_counter() - started) * 1000, 1),
                actor=request.actor_id,
                correlation_id=request.correlation_id,
            )


@dataclass(slots=True)
class _Outcome:
    result: Result[Any, DomainError] | None = None


async def _nothing_to_prepare(_command: object, _request: RequestContext) -> Result[None, DomainError]:
    return Success(None)


@dataclass(frozen=True, slots=True)
class _QueryRoute:
    allow: Policy
    handler: QueryHandler[Any, Any]


class QueryBus:
    """Answers the queries of one context."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._routes: dict[type[Query[Any]], _QueryRoute] = {}

    def register(self, query: type[Q], handler: QueryHandler[Q, R], *, allow: Policy) -> None:
        """Say who answers a query, and who may ask."""
        if query in self._routes:
            raise ValueError(f"{query.__name__} is registered twice")
        self._routes[query] = _QueryRoute(allow, handler)

    async def ask(self, query: Query[R], request: RequestContext) -> R:
        """Answer a query from one consistent state of the database. QueryError if the asker may not know."""
        route = self._routes[type(query)]
        if refusal := route.allow(query, request):
            raise QueryError(refusal)
        async with self._database.read() as connection:
            return cast(R, await route.handler(query, connection, request))
