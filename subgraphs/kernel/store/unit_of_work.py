"""One transaction: the rows of an aggregate and the messages that go with them."""

from asyncio import Event
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Clock, IdGenerator
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent, Metadata
from subgraphs.kernel.messaging.outbox import write_messages
from subgraphs.kernel.messaging.subscriptions import Subscriptions
from subgraphs.kernel.store.database import Database


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
        self._published: list[Envelope[Any]] = []

    def publish(self, event: IntegrationEvent, *, key: str) -> None:
        """Tell the other contexts, if this transaction is committed; `key` is the id of what it is about."""
        meta = Metadata(
            message_id=str(self.ids.new()),
            correlation_id=self._request.correlation_id,
            causation_id=self._request.causation_id,
            actor=self._request.actor_id,
            occurred_at=self.now,
            traceparent=self._request.traceparent,
        )
        self._published.append(Envelope(self._source, key, event, meta))

    async def rollback(self) -> None:
        """Undo everything; nothing more can be written."""
        self.rolled_back = True
        await self.connection.rollback()

    def published(self) -> tuple[Envelope[Any], ...]:
        return tuple(self._published)


class Transactions:
    """Opens units of work, and tells the workers when messages have been committed.

    The telling (`arrivals` in this process, a notification to others) is a hint: a worker looks from time to
    time anyway.
    """

    def __init__(
        self, database: Database, *, clock: Clock, ids: IdGenerator, subscriptions: Subscriptions
    ) -> None:
        self.database = database
        self.clock = clock
        self.ids = ids
        self.subscriptions = subscriptions
        self.arrivals = Event()

    @asynccontextmanager
    async def begin(self, source: str, request: RequestContext) -> AsyncIterator[UnitOfWork]:
        """One transaction of the context `source`, committed at the end of a block that neither raises nor
        rolls back."""
        deliveries = 0
        async with self.database.transaction() as connection:
            fault_point("transaction.opened")
            work = UnitOfWork(connection, source=source, request=request, now=self.clock.now(), ids=self.ids)
            yield work
            if not work.rolled_back:
                fault_point("transaction.handled")
                deliveries = await write_messages(connection, work.published(), self.subscriptions)
                fault_point("transaction.published")
        fault_point("transaction.committed")
        if deliveries:
            self.arrivals.set()
            await self.database.notify()
