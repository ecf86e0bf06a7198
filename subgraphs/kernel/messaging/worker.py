"""The loop that brings messages to their handlers.

Each message is handled in one transaction which also marks it as done: it takes effect exactly once in this
database, however often it is delivered and whenever the process dies.
"""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from time import perf_counter
from typing import Any

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError

from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.delivery import (
    Backlog,
    Delivery,
    acquit,
    bury,
    claim,
    count_backlog,
    expire,
    extend,
    finish,
    release,
    retry_at,
)
from subgraphs.kernel.messaging.integration import Envelope, metadata_from_json
from subgraphs.kernel.messaging.looping import keep_doing
from subgraphs.kernel.messaging.registry import Stored, UnknownMessageError
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Subscription, context_of
from subgraphs.kernel.store.unit_of_work import Transactions
from subgraphs.kernel.telemetry.instruments import DEAD, DELIVERY_RETRIES, HANDLER_SECONDS
from subgraphs.kernel.telemetry.tracing import linked_span, record_failure

_log = structlog.stdlib.get_logger("subgraphs.worker")


class _RolledBackError(Exception):
    """A handler rolled its transaction back instead of raising."""


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """`lease` is how long a silent worker is believed to be alive; `patience` how long a handler may take.

    A worker makes itself heard every `heartbeat`. `patience` and `heartbeat` together are less than `lease`.
    """

    retry: RetryPolicy = field(default_factory=RetryPolicy)
    lease: timedelta = timedelta(seconds=30)
    patience: timedelta = timedelta(seconds=10)
    heartbeat: timedelta = timedelta(seconds=10)
    batch: int = 20


class Worker:
    """Handles the deliveries of this process's subscriptions, one after the other: all, or those of some
    contexts."""

    def __init__(
        self,
        transactions: Transactions,
        *,
        options: WorkerOptions | None = None,
        random: Random | None = None,
        contexts: Collection[str] | None = None,
    ) -> None:
        self._transactions = transactions
        self._contexts = contexts
        self._options = options or WorkerOptions()
        self._random = random or Random()  # noqa: S311 -- jitter, not a secret
        self._left_over: tuple[Delivery, ...] = ()  # what a failing database did not let it give back

    async def run(self) -> None:
        """Handle messages until told to stop. A database that fails is asked again after a second."""
        await keep_doing(self.step, self._transactions)

    async def take_over(self) -> None:
        """Go on at once with what a worker that died had in hand, rather than when its leases run out.

        For whoever knows that no other worker runs on this database. Should one run all the same, it finds
        itself fenced off, and does its work in vain.
        """
        transactions = self._transactions
        async with transactions.database.transaction() as connection:
            await expire(connection, self._consumers(), now=transactions.clock.now())

    async def drain(self) -> Backlog:
        """Handle everything that is due now and what comes of it. Returns the rest: failures wait."""
        while await self.step():
            pass
        return await self.backlog()

    async def step(self) -> int:
        """Claim one batch and handle it. Returns how many messages were handled.

        Told to stop, it finishes what it has in hand and gives back the rest.
        """
        transactions, options = self._transactions, self._options
        async with transactions.database.transaction() as connection:
            await release(connection, self._left_over)
            claimed = await claim(
                connection,
                self._consumers(),
                now=transactions.clock.now(),
                lease=options.lease,
                limit=options.batch,
            )
            self._left_over += claimed  # should nobody answer whether this is committed
        self._left_over = ()
        if claimed:
            fault_point("worker.claimed")
        remaining = list(claimed)
        heartbeat = asyncio.create_task(self._keep_hold_of(remaining))
        try:
            while remaining and not transactions.hints.is_stopping:
                await self._handle(remaining[0])
                del remaining[0]
        finally:
            heartbeat.cancel()
            await asyncio.wait({heartbeat})
            if remaining:
                self._left_over = tuple(remaining)
                async with transactions.database.transaction() as connection:
                    await release(connection, remaining)
                self._left_over = ()
        return len(claimed) - len(remaining)

    async def _keep_hold_of(self, remaining: list[Delivery]) -> None:
        """Extend the leases of what is still to be handled, until cancelled.

        What is being handled needs none: its handler's transaction holds the row, or the whole file.
        """
        transactions, options = self._transactions, self._options
        while True:
            await asyncio.sleep(options.heartbeat.total_seconds())
            with suppress(SQLAlchemyError, OSError):  # the leases run out, and others see to it
                async with transactions.database.transaction() as connection:
                    lease_until = transactions.clock.now() + options.lease
                    await extend(connection, remaining[1:], lease_until=lease_until)
                    fault_point("worker.extended")

    async def backlog(self) -> Backlog:
        """What is left to do, and what was given up."""
        async with self._transactions.database.read() as connection:
            return await count_backlog(connection)

    def _consumers(self) -> tuple[str, ...]:
        consumers = self._transactions.subscriptions.consumers()
        if self._contexts is None:
            return consumers
        return tuple(one for one in consumers if context_of(one) in self._contexts)

    async def _handle(self, claimed: Delivery) -> None:
        started, (correlation_id, cause) = perf_counter(), _circumstances(claimed)
        with (
            structlog.contextvars.bound_contextvars(correlation_id=correlation_id),
            linked_span(f"handle {claimed.type}", _named(claimed), cause=cause) as current,
        ):
            outcome = await self._outcome_of(claimed)
            current.set_attribute("plait.outcome", outcome)
        HANDLER_SECONDS.labels(claimed.consumer, outcome).observe(perf_counter() - started)

    async def _outcome_of(self, claimed: Delivery) -> str:
        subscription = self._transactions.subscriptions.find(claimed.consumer, claimed.type)
        if subscription is None:
            reason = f"unknown_type: {claimed.consumer} has no handler for {claimed.type}"
            return await self._bury(claimed, reason)
        if claimed.crashes > self._options.retry.crashes:
            reason = f"its worker died {claimed.crashes - 1} times while handling it alone"
            return await self._bury(claimed, reason)
        try:
            return await self._run(subscription, claimed)
        except UnknownMessageError as error:
            return await self._bury(claimed, f"unknown_type: {error}")
        except Exception as error:  # noqa: BLE001 -- here a message becomes its outcome, as a request its response
            fault_point("worker.failed")
            record_failure(error)
            return await self._failed(claimed, error)

    async def _run(self, subscription: Subscription[Any], claimed: Delivery) -> str:
        envelope: Envelope[Any] = Envelope(
            claimed.source,
            claimed.key,
            self._transactions.subscriptions.registry.decode(
                Stored(claimed.type, claimed.schema_version, claimed.data)
            ),
            metadata_from_json(claimed.meta),
        )
        async with self._transactions.begin(subscription.context, envelope.request()) as work:
            if not await finish(work.connection, claimed):
                await acquit(work.connection, claimed)
                _log.warning("lost its lease", **_named(claimed))
                return "lost"
            fault_point("worker.fenced")
            async with asyncio.timeout(self._options.patience.total_seconds()):
                await subscription.handler(envelope, work)
            if work.rolled_back:
                raise _RolledBackError("the handler rolled back")
        return "done"

    async def _failed(self, claimed: Delivery, error: Exception) -> str:
        retry, failures = self._options.retry, claimed.attempts + 1
        reason = f"{type(error).__name__}: {error}"
        if failures >= retry.attempts:
            return await self._bury(claimed, reason)
        delay = retry.delay(failures, self._random)
        async with self._transactions.database.transaction() as connection:
            await retry_at(connection, claimed, self._transactions.clock.now() + delay, reason)
        _log.warning(
            "will retry",
            **_named(claimed),
            failures=failures,
            seconds=round(delay.total_seconds(), 3),
            exc_info=error,
        )
        DELIVERY_RETRIES.labels(claimed.consumer).inc()
        return "retried"

    async def _bury(self, claimed: Delivery, reason: str) -> str:
        subscription = self._transactions.subscriptions.find(claimed.consumer, claimed.type)
        skip = subscription is not None and subscription.skips_dead
        async with self._transactions.database.transaction() as connection:
            await bury(connection, claimed, reason, skip=skip)
        backlog = await self.backlog()
        _log.error("dead letter", **_named(claimed), reason=reason, dead=backlog.dead)
        DEAD.labels(claimed.consumer).inc()
        return "dead"


def _circumstances(claimed: Delivery) -> tuple[str | None, str | None]:
    """The correlation id and the traceparent. What cannot be read, its handling will complain of."""
    with suppress(msgspec.DecodeError):
        meta = metadata_from_json(claimed.meta)
        return meta.correlation_id, meta.traceparent
    return None, None


def _named(claimed: Delivery) -> dict[str, str]:
    return {
        "consumer": claimed.consumer,
        "message": claimed.type,
        "message_id": claimed.message_id,
        "key": claimed.key,
    }
