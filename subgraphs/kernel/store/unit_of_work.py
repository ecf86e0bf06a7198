"""One transaction: the rows of an aggregate and the messages that go with them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.application.version import Version
from subgraphs.kernel.domain import AggregateRoot, Clock, EventMetadata, IdGenerator
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent, Metadata, ReplyTo
from subgraphs.kernel.messaging.outbox import Sent, write_messages
from subgraphs.kernel.messaging.requests import Request, RequestTimedOut, reply_id
from subgraphs.kernel.messaging.subscriptions import Subscriptions
from subgraphs.kernel.outliving import outliving
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.hints import Hints
from subgraphs.kernel.telemetry.tracing import current_traceparent

R = TypeVar("R", bound=IntegrationEvent)

FollowUp: TypeAlias = Callable[[AsyncConnection], Awaitable[None]]


class SecondAggregateError(Exception):
    """A transaction would change two aggregates: a mistake of whoever wrote the command."""


_log = structlog.stdlib.get_logger("subgraphs.transactions")

_PROMPT_SECONDS: Final = 2.0


class UnitOfWork:
    """What a handler works with while its transaction is open.

    `now` is one instant for the whole transaction. What is published is stored when the handler has
    returned, and lost with everything else when the transaction is rolled back.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        *,
        source: str,
        request: RequestContext,
        now: datetime,
        ids: IdGenerator,
    ) -> None:
        self.connection = connection
        self.now = now
        self.ids = ids
        self.rolled_back = False
        self._source = source
        self._request = request
        self._follow_ups: list[FollowUp] = []
        self._published: list[Envelope[Any]] = []
        self._appended: str | None = None
        self._sent: list[Sent] = []
        self._changed: AggregateRoot[Any] | None = None

    def changes(self, aggregate: AggregateRoot[Any]) -> None:
        """Say that this transaction changes an aggregate, and no other: SecondAggregateError.

        Two aggregates that must change at once are one aggregate. Where they need not, the first one's event
        has a handler that changes the second, in a transaction of its own.
        """
        if self._changed is not None and self._changed != aggregate:
            first, second = (f"{type(one).__name__} {one.id}" for one in (self._changed, aggregate))
            raise SecondAggregateError(
                f"one transaction changes one aggregate, and {first} is changed already: publish an event "
                f"and let a handler of it change {second}"
            )
        self._changed = aggregate

    def publish(self, event: IntegrationEvent, *, key: str) -> None:
        """Tell the other contexts, if this transaction is committed; `key` is the id of what it is about."""
        self._published.append(Envelope(self._source, key, event, self._metadata()))

    def send(
        self,
        message: IntegrationEvent,
        *,
        to: str,
        key: str,
        after: timedelta = timedelta(),
        message_id: str | None = None,
        reply_to: ReplyTo | None = None,
    ) -> None:
        """Give a message to one consumer, wherever it lives, if this transaction is committed.

        `after` makes it a timer, for a consumer of this database: it is kept for so long, whatever happens to
        this process, and holds back nobody until then. The consumer gets a message of one id once. If it
        answers, the answer goes to `reply_to`.
        """
        id_ = message_id or str(self.ids.new())
        meta = replace(self._metadata(), message_id=id_, reply_to=reply_to)
        self._sent.append(Sent(Envelope(self._source, key, message, meta), to, after))

    def ask(
        self, request: Request[Any], *, to: str, key: str, reply_to: ReplyTo, timeout: timedelta | None = None
    ) -> str:
        """Send a request whose reply `reply_to` waits for; returns the request's id.

        With a `timeout`, `reply_to` gets a `RequestTimedOut` when the reply is not there by then. One that
        comes later is delivered all the same: what it tells may have to be undone.
        """
        id_ = str(self.ids.new())
        self.send(request, to=to, key=key, message_id=id_, reply_to=reply_to)
        if timeout is not None:
            late = RequestTimedOut(id_, request.type, to)
            self.send(late, to=reply_to.consumer, key=reply_to.key, after=timeout)
        return id_

    def reply(self, asked: Envelope[Request[R]], answer: R) -> None:
        """Answer a request, once; to nobody when nobody waits for an answer."""
        if (waiting := asked.meta.reply_to) is not None:
            self.answer(waiting, asked.meta.message_id, answer)

    def answer(self, waiting: ReplyTo, request_id: str, answer: IntegrationEvent) -> None:
        """Answer, once, a request that came earlier, for whoever has kept its id and who waits."""
        meta = replace(self._metadata(), message_id=reply_id(request_id), in_reply_to=request_id)
        self._sent.append(
            Sent(Envelope(self._source, waiting.key, answer, meta), waiting.consumer, timedelta())
        )

    def appended(self, event_id: str) -> None:
        """Note the last event that this transaction has appended to its context's log."""
        self._appended = event_id

    @property
    def version(self) -> Version | None:
        """What this transaction tells the read models, if anything."""
        return Version.of(self._appended, ((one.key, one.meta.message_id) for one in self._published))

    def describe(self, aggregate_id: str) -> EventMetadata:
        """The circumstances of an event of this transaction, with an id of its own."""
        return EventMetadata(
            event_id=str(self.ids.new()),
            aggregate_id=aggregate_id,
            occurred_at=self.now,
            correlation_id=self._request.correlation_id,
            causation_id=self._request.causation_id,
            actor=self._request.actor_id,
        )

    def after_commit(self, follow_up: FollowUp) -> None:
        """Do something in a transaction of its own once this one is committed. It may never happen."""
        self._follow_ups.append(follow_up)

    async def rollback(self) -> None:
        """Undo everything; nothing more can be written."""
        self.rolled_back = True
        await self.connection.rollback()

    def follow_ups(self) -> tuple[FollowUp, ...]:
        return tuple(self._follow_ups)

    def sent(self) -> tuple[Sent, ...]:
        return tuple(self._sent)

    def _metadata(self) -> Metadata:
        return Metadata(
            message_id=str(self.ids.new()),
            correlation_id=self._request.correlation_id,
            causation_id=self._request.causation_id,
            actor=self._request.actor_id,
            occurred_at=self.now,
            traceparent=current_traceparent() or self._request.traceparent,
        )

    def published(self) -> tuple[Envelope[Any], ...]:
        return tuple(self._published)


class Transactions:
    """Opens units of work, and tells the loops when there is something for them.

    The telling (`hints` in this process, a notification to others) is a hint: a loop looks from time to time
    anyway. `projected` is for those who wait for a read model.
    """

    def __init__(
        self, database: Database, *, clock: Clock, ids: IdGenerator, subscriptions: Subscriptions
    ) -> None:
        self.database = database
        self.clock = clock
        self.ids = ids
        self.subscriptions = subscriptions
        self.hints = Hints()
        self.projected = Hints()

    @asynccontextmanager
    async def begin(self, source: str, request: RequestContext) -> AsyncIterator[UnitOfWork]:
        """One transaction of the context `source`, committed at the end of a block that neither raises nor
        rolls back."""
        has_news = False
        follow_ups: Sequence[FollowUp] = ()
        async with self.database.transaction() as connection:
            fault_point("transaction.opened")
            work = UnitOfWork(connection, source=source, request=request, now=self.clock.now(), ids=self.ids)
            yield work
            if not work.rolled_back:
                fault_point("transaction.handled")
                has_messages = await write_messages(
                    connection, work.published(), work.sent(), self.subscriptions
                )
                fault_point("transaction.published")
                has_news = has_messages or work.version is not None
                follow_ups = work.follow_ups()
        fault_point("transaction.committed")
        if has_news:
            self.hints.give()
            await self.database.notify()
            await self._run_promptly(work.published())
        for afterwards in follow_ups:
            try:
                async with self.database.transaction() as connection:
                    await afterwards(connection)
            except (SQLAlchemyError, OSError) as error:  # whoever has committed must not try again
                _log.warning("not done after a commit", error=str(error))

    async def _run_promptly(self, published: Sequence[Envelope[Any]]) -> None:
        """Run the prompt errands of what has been committed. The deliveries see to those that fail."""
        for envelope in published:
            for errand in self.subscriptions.prompt_errands(envelope.body.type):
                if errand.key_or_its_own(envelope) is None:
                    continue
                try:
                    async with asyncio.timeout(_PROMPT_SECONDS):
                        with outliving():
                            await errand.act(envelope)
                except Exception as error:  # noqa: BLE001 -- whoever has committed must hear of that
                    _log.warning("not done at once", consumer=errand.consumer, error=str(error))
