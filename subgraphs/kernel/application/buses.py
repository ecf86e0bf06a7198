"""From a command or a query to its handler."""

from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, cast

from subgraphs.kernel.application.messages import Command, Query, result_of
from subgraphs.kernel.application.middleware import pipeline
from subgraphs.kernel.application.middleware.authorise import authorise
from subgraphs.kernel.application.middleware.limit import WithinLimits
from subgraphs.kernel.application.middleware.log import log
from subgraphs.kernel.application.middleware.prepare import prepare
from subgraphs.kernel.application.middleware.recall import Recall
from subgraphs.kernel.application.middleware.remember import remember
from subgraphs.kernel.application.middleware.retry import Retry
from subgraphs.kernel.application.middleware.trace import trace
from subgraphs.kernel.application.middleware.transaction import InTransaction
from subgraphs.kernel.application.middleware.validate import validate
from subgraphs.kernel.application.patience import Patience
from subgraphs.kernel.application.policies import Policy
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.application.route import (
    CommandHandler,
    Execution,
    Outcome,
    Preparation,
    PreparedHandler,
    QueryHandler,
    Route,
)
from subgraphs.kernel.application.version import Receipt, Version
from subgraphs.kernel.cache.answers import AnswerCache
from subgraphs.kernel.domain import DomainError, Result
from subgraphs.kernel.limits.limits import EVERY_ADDRESS, EVERY_ENDPOINT, EVERY_QUERY, Limited, Limits
from subgraphs.kernel.projections.definition import Projection
from subgraphs.kernel.projections.freshness import Freshness
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.lost import DatabaseUnavailableError
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork

C = TypeVar("C", bound=Command[Any])
Q = TypeVar("Q", bound=Query[Any])
R = TypeVar("R")
P = TypeVar("P")


class QueryError(Exception):
    """A question that is answered with an expected error; the GraphQL edge shows its code and message."""

    def __init__(self, error: DomainError) -> None:
        super().__init__(error.message)
        self.error = error


class CommandBus:
    """Runs the commands of one context, within these limits, if any."""

    def __init__(self, context: str, transactions: Transactions, *, limits: Limits | None = None) -> None:
        self.context = context
        self._routes: dict[type[Command[Any]], Route] = {}
        limit = (WithinLimits(limits),) if limits else ()
        retry = Retry(transactions.database)
        recall = Recall(transactions.database, transactions.clock, retry)
        within = (retry, InTransaction(transactions), remember)
        self._alone = pipeline((trace, log, *limit, authorise, validate, recall, prepare, *within), _handle)
        self._within = pipeline((trace, log, authorise, validate, prepare), _handle)

    def register(
        self,
        command: type[C],
        handler: CommandHandler[C, R],
        *,
        allow: Policy,
        first: Preparation[C, None] | None = None,
        is_remembered: bool = True,
        limits: tuple[Limited, ...] = (),
    ) -> None:
        """Say who handles a command, and who may give it; how often, besides what holds for all of them.

        What is to be done `first` is done before the transaction opens, and may refuse. A command that is
        not remembered is carried out each time it is asked for, whatever its idempotency key: for results
        that nobody should store.
        """

        async def unprepared(
            message: C, _: None, work: UnitOfWork, request: RequestContext
        ) -> Result[R, DomainError]:
            return await handler(message, work, request)

        self._add(command, Route(allow, first, unprepared, result_of(command), is_remembered, limits))

    def register_prepared(
        self,
        command: type[C],
        prepare: Preparation[C, P],
        handler: PreparedHandler[C, P, R],
        *,
        allow: Policy,
        is_remembered: bool = True,
        limits: tuple[Limited, ...] = (),
    ) -> None:
        """As `register`, with work to be done before the transaction opens: slow, or outside the database."""
        self._add(command, Route(allow, prepare, handler, result_of(command), is_remembered, limits))

    async def execute(
        self, command: Command[R], request: RequestContext, receipt: Receipt | None = None
    ) -> Result[R, DomainError]:
        """Run a command in a transaction of its own.

        Returns the handler's result, and fills the receipt if one is wanted. What the handler raises is a bug
        or a failing database, and goes to the caller.
        """
        execution = replace(self._execution(command, request), receipt=receipt or Receipt())
        return cast(Result[R, DomainError], await self._alone(execution))

    async def execute_within(
        self, work: UnitOfWork, command: Command[R], request: RequestContext
    ) -> Result[R, DomainError]:
        """Run a command in a transaction that is already open: how the handler of an event acts.

        A Failure has not been rolled back here; the owner of the transaction decides.
        """
        return cast(Result[R, DomainError], await self._within(self._execution(command, request, work)))

    def _add(self, command: type[Command[Any]], route: Route) -> None:
        if command in self._routes:
            raise ValueError(f"{command.__name__} is registered twice")
        self._routes[command] = route

    def _execution(
        self, command: Command[Any], request: RequestContext, work: UnitOfWork | None = None
    ) -> Execution:
        return Execution(self.context, command, request, self._routes[type(command)], work=work)


async def _handle(execution: Execution) -> Outcome:
    return await execution.route.handler(
        execution.command, execution.prepared, execution.open_work, execution.request
    )


@dataclass(frozen=True, slots=True)
class _QueryRoute:
    allow: Policy
    handler: QueryHandler[Any, Any]
    reads: Projection | None
    cached: AnswerCache[Any, Any] | None
    limits: tuple[Limited, ...]


@dataclass(frozen=True, slots=True)
class Answer(Generic[R]):
    """What a query is answered. It `is_stale` when it does not include the version that it should."""

    value: R
    is_stale: bool = False


class QueryBus:
    """Answers the queries of one context, within these limits, if any; those that read a read model need its
    `freshness`."""

    def __init__(
        self, database: Database, freshness: Freshness | None = None, *, limits: Limits | None = None
    ) -> None:
        self._database = database
        self._freshness = freshness
        self._limits = limits
        self._routes: dict[type[Query[Any]], _QueryRoute] = {}

    def register(
        self,
        query: type[Q],
        handler: QueryHandler[Q, R],
        *,
        allow: Policy,
        reads: Projection | None = None,
        cached: AnswerCache[Q, R] | None = None,
        limits: tuple[Limited, ...] = (),
    ) -> None:
        """Say who answers a query, who may ask how often, and from which read model the answer comes, if any.

        A `cached` answer is the same for whoever may ask.
        """
        if query in self._routes:
            raise ValueError(f"{query.__name__} is registered twice")
        self._routes[query] = _QueryRoute(allow, handler, reads, cached, limits)

    @property
    def trusted_proxies(self) -> int:
        """How many proxies in front of this process pass on where a request comes from."""
        return self._limits.trusted_proxies if self._limits else 0

    async def admit(self, query: Query[Any], request: RequestContext, *, is_first: bool) -> None:
        """Count a query that somebody outside asks, the first of its kind in a request, or the first of all.

        QueryError when it is one too many.
        """
        limits = (EVERY_QUERY, EVERY_ADDRESS, EVERY_ENDPOINT) if is_first else (EVERY_ENDPOINT,)
        if self._limits and (refusal := await self._limits.refusal(limits, query, request)):
            raise QueryError(refusal)

    async def ask(self, query: Query[R], request: RequestContext) -> R:
        """Answer a query from one consistent state of the database. QueryError if the asker may not know."""
        return (await self.ask_including(query, request, None)).value

    async def ask_including(
        self,
        query: Query[R],
        request: RequestContext,
        version: Version | None,
        *,
        since: float | None = None,
    ) -> Answer[R]:
        """Answer a query from a state that includes a version, or soon from one that does not, and say so.

        Only what comes from a read model can be stale. `since` is when the asker began to wait, by the
        monotonic clock, if other queries have waited before. QueryError if the asker may not know;
        DatabaseUnavailableError when the database stays away for longer than the asker has patience.
        """
        route = self._routes[type(query)]
        if self._limits and (refusal := await self._limits.refusal(route.limits, query, request)):
            raise QueryError(refusal)
        if refusal := route.allow(query, request):
            raise QueryError(refusal)
        patience = Patience(request.deadline)
        while True:
            try:
                return await self._answer(route, query, request, version, since)
            except DatabaseUnavailableError as error:
                if not await patience.outlasts(error):
                    raise

    async def _answer(
        self,
        route: _QueryRoute,
        query: Query[R],
        request: RequestContext,
        version: Version | None,
        since: float | None,
    ) -> Answer[R]:
        wanted = version if route.reads is not None else None
        if wanted is None and route.cached is not None:
            cached = await route.cached.answer(query, lambda part: self._read(route, part, request))
            return Answer(cast(R, cached))
        if wanted is None or route.reads is None or self._freshness is None:
            return Answer(cast(R, await self._read(route, query, request)))
        async with self._freshness.reading(route.reads, wanted, since=since) as (connection, is_stale):
            return Answer(cast(R, await route.handler(query, connection, request)), is_stale)

    async def _read(self, route: _QueryRoute, query: Query[Any], request: RequestContext) -> Any:
        async with self._database.read() as connection:
            return await route.handler(query, connection, request)
